import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines } from './lines.ts';

async function collect(chunks: readonly Buffer[], maxBytes: number) {
  const lines: string[] = [];
  let tooLong = 0;
  for await (const batch of splitLines(asStream(chunks), maxBytes)) {
    lines.push(...batch.lines.map(String));
    tooLong += batch.tooLong;
  }
  return { lines, tooLong };
}

async function* asStream(chunks: readonly Buffer[]) {
  yield* chunks;
}

describe('splitLines', () => {
  it('gives the same lines wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.array(fc.nat(60)),
        async (texts, cuts) => {
          const whole = Buffer.from(texts.map((text) => text.replaceAll('\n', ' ')).join('\n'));
          const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
          const chunks = places.slice(1).map((end, at) => whole.subarray(places[at], end));
          const { lines } = await collect(chunks, 1_000_000);
          expect(lines).toEqual(
            String(whole)
              .split('\n')
              .filter((line) => line !== ''),
          );
        },
      ),
    );
  });

  it('skips and counts a line over the cap, also one without an end', async () => {
    const long = 'x'.repeat(50);
    expect(
      await collect([Buffer.from(`a\n${long.slice(0, 30)}`), Buffer.from(`${long}\nb\n${long}`)], 40),
    ).toEqual({
      lines: ['a', 'b'],
      tooLong: 2,
    });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { eachLine, eachLineOfRange, wholeLines } from './lines.ts';

const dir = mkdtempSync(join(tmpdir(), 'lines-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Lines of any length, some longer than the cap. */
const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }));
const MAX_BYTES = 80;

function collector() {
  const lines: string[] = [];
  const counts = { tooLong: 0 };
  const sink = {
    line: (bytes: Buffer) => lines.push(String(bytes)),
    tooLong: () => {
      counts.tooLong += 1;
    },
  };
  return { lines, counts, sink };
}

function expected(whole: Buffer) {
  const all = String(whole)
    .split('\n')
    .filter((line) => line !== '');
  const lines = all.filter((line) => Buffer.byteLength(line) <= MAX_BYTES);
  return { lines, tooLong: all.length - lines.length };
}

const joined = (parts: readonly string[]) =>
  Buffer.from(parts.map((text) => text.replaceAll('\n', ' ')).join('\n'));

function cut(whole: Buffer, cuts: readonly number[]): number[] {
  const inside = cuts.filter((at) => at < whole.length).sort((a, b) => a - b);
  return [0, ...inside, whole.length];
}

describe('wholeLines', () => {
  it('gives the same lines wherever the stream is cut, and counts those over the cap', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(400)), fc.nat(100), async (parts, cuts, chunkBytes) => {
        const whole = joined(parts);
        const places = cut(whole, cuts);
        const { lines, counts, sink } = collector();
        const stream = (async function* () {
          yield* places.slice(1).map((end, at) => whole.subarray(places[at], end));
        })();
        for await (const chunk of wholeLines(stream, { chunkBytes, maxBytes: MAX_BYTES })) {
          counts.tooLong += chunk.tooLong;
          eachLine(chunk.bytes, MAX_BYTES, sink);
        }
        expect({ lines, ...counts }).toEqual(expected(whole));
      }),
    );
  });

  it('keeps nothing of a line that has no end', async () => {
    const stream = (async function* () {
      yield Buffer.from('a\nx');
      for (let n = 0; n < 1_000; n += 1) yield Buffer.from('x'.repeat(50));
    })();
    const chunks = [];
    for await (const chunk of wholeLines(stream, { chunkBytes: 1_000, maxBytes: MAX_BYTES }))
      chunks.push(chunk);
    expect(chunks.map(({ bytes, tooLong }) => [String(bytes), tooLong])).toEqual([['a\n', 1]]);
  });
});

describe('eachLineOfRange', () => {
  it('gives each line of a file once, wherever the file is cut', () => {
    const path = join(dir, 'file');
    fc.assert(
      fc.property(texts, fc.array(fc.nat(400)), (parts, cuts) => {
        const whole = joined(parts);
        writeFileSync(path, whole);
        const places = cut(whole, cuts);
        const { lines, counts, sink } = collector();
        for (const [at, end] of places.slice(1).entries())
          eachLineOfRange(path, { start: places[at] ?? 0, end, maxBytes: MAX_BYTES }, sink);
        expect({ lines, ...counts }).toEqual(expected(whole));
      }),
    );
  });
});

describe('eachLine', () => {
  it('takes no byte order mark for a part of a line, wherever files were put behind one another', () => {
    const { lines, sink } = collector();
    eachLine(Buffer.from('\ufeffone\ntwo\n\ufeffthree\n'), MAX_BYTES, sink);
    expect(lines).toEqual(['one', 'two', 'three']);
  });
});

import { describe, expect, it } from 'vitest';
import { ProgressDisplay } from './progress.ts';

function play(isTerminal: boolean, steps: readonly [seconds: number, done: number][]): string[] {
  const written: string[] = [];
  let seconds = 0;
  const display = new ProgressDisplay({
    write: (text) => written.push(text),
    isTerminal,
    now: () => seconds * 1000,
  });
  for (const [at, done] of steps) {
    seconds = at;
    display.show({ stage: 'listing', done, all: 4000, unit: 'records', pages: done / 1000, left: 9 });
  }
  display.note('the Hub answers 503');
  return written;
}

describe('ProgressDisplay', () => {
  it('writes a line a minute where nobody watches, and one at the end', () => {
    const steps: [number, number][] = [
      [0, 1000],
      [10, 2000],
      [61, 3000],
      [62, 4000],
    ];
    expect(play(false, steps)).toEqual([
      'listing: 1000 of 4000 records, 1 pages, 9 requests left in this window\n',
      'listing: 3000 of 4000 records, 3 pages, 33 a second, 9 requests left in this window, 31 s to go\n',
      'listing: 4000 of 4000 records, 4 pages, 48 a second, 9 requests left in this window\n',
      'the Hub answers 503\n',
    ]);
  });

  it('moves a bar on a terminal, and makes room for a note', () => {
    const written = play(true, [
      [0, 1000],
      [10, 2000],
    ]);
    const bar = `[${'#'.repeat(12)}${'.'.repeat(12)}]`;
    expect(written[1]).toContain(`\r\u001b[2K${bar} listing: 2000 of 4000 records, 2 pages, 100 a second`);
    expect(written[2]).toBe('\r\u001b[2Kthe Hub answers 503\n');
  });
});

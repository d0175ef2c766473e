import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TableText } from './decode-table.ts';
import { encodeVerdicts } from './encode-table.ts';

const workersOf = (...ids: string[]) => ids.map((id) => ({ id, maxContextLength: 'unknown' as const }));

const verdict = fc.record({ reasons: fc.array(fc.string()) });
const tables = fc.record({
  verdicts: fc.array(verdict, { minLength: 1, maxLength: 30 }),
  lists: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }),
});

describe('TableText', () => {
  it('finds the verdicts of every list, and no other', () => {
    fc.assert(
      fc.property(tables, ({ verdicts, lists }) => {
        const numbers = lists.map((list) => list.map((number) => number % verdicts.length));
        const texts = verdicts.map((facts) => JSON.stringify(facts));
        const table = new TableText(encodeVerdicts({ verdicts: texts, lists: numbers }, workersOf('v', 'w')));
        expect(table.workers).toEqual(['v', 'w']);
        for (const [at, list] of numbers.entries())
          expect(table.list(at)).toEqual(list.map((number) => verdicts[number]));
        expect(table.list(lists.length)).toBeUndefined();
      }),
    );
  });

  it('is a table too where nothing was judged', () => {
    const table = new TableText(encodeVerdicts({ verdicts: [], lists: [] }, workersOf('w')));
    expect([table.workers, table.list(0)]).toEqual([['w'], undefined]);
  });

  it('has no list that points beyond its verdicts, or not to one for each worker', () => {
    const table = new TableText(encodeVerdicts({ verdicts: ['{}'], lists: [[1], [0, 0]] }, workersOf('w')));
    expect([table.list(0), table.list(1)]).toEqual([undefined, undefined]);
  });

  it.each([
    '',
    '{"workers":[],\n"verdicts":[\n{}',
    '{"workers":[],\n"verdicts":[\n{}\n]}\n',
    '{"workers":[],\n"verdicts":[\n{}\n],\n"lists":[\n[0]\n',
  ])('does not take %j for a table', (text) => {
    expect(() => new TableText(text)).toThrow('verdicts.json is damaged');
  });
});

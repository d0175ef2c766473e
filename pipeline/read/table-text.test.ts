import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableJson } from '../write/verdict-table.ts';
import { TableText } from './table-text.ts';

const verdict = fc.record({ reasons: fc.array(fc.string()) }).map((facts) => JSON.stringify(facts));
const key = fc.stringMatching(/^[A-Za-z0-9_-]{8}$/);
/** As a build writes it: rows sorted by key. */
const tables = fc.record({
  verdicts: fc.array(verdict, { minLength: 1, maxLength: 30 }),
  keys: fc.uniqueArray(key, { maxLength: 40 }).map((keys) => keys.sort()),
});

describe('TableText', () => {
  it('finds every row and every verdict, and no other', () => {
    fc.assert(
      fc.property(tables, key, ({ verdicts, keys }, stranger) => {
        const rows = keys.map((name, at) => [name, [at % verdicts.length], `{"s":"${at}"}`] as const);
        const table = new TableText(tableJson({ verdicts, rows }, ['w']));
        expect(table.workers).toEqual(['w']);
        for (const [name, numbers, shared] of rows)
          expect(table.row(name)).toEqual({ numbers, shared: JSON.parse(shared) });
        for (const [at, text] of verdicts.entries()) expect(table.verdict(at)).toEqual(JSON.parse(text));
        expect(table.verdict(verdicts.length)).toBeUndefined();
        if (!keys.includes(stranger)) expect(table.row(stranger)).toBeUndefined();
      }),
    );
  });

  it.each(['', '{"workers":[],\n"verdicts":[\n{}', '{"workers":[],\n"verdicts":[\n{}\n],\n"rows":['])(
    'does not take %j for a table',
    (text) => {
      expect(() => new TableText(text)).toThrow('verdicts.json is damaged');
    },
  );
});

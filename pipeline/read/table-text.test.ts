import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillVerdict } from '../lib/marks.ts';
import { tableJson } from '../write/verdict-table.ts';
import { TableText } from './table-text.ts';

const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom('no loader for {m}', '{t}{c}', '{', '{x}')));
const verdict = fc.record({ reasons: texts, warnings: texts, recommendations: texts, unlockedBy: texts });
const NONE = { reasons: [], warnings: [], recommendations: [], unlockedBy: [] };
const key = fc.stringMatching(/^[A-Za-z0-9_-]{8}$/);
const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,9}$/);
/** As a build writes it: rows sorted by key. */
const tables = fc.record({
  verdicts: fc.array(verdict, { minLength: 1, maxLength: 30 }),
  keys: fc.uniqueArray(key, { maxLength: 40 }).map((keys) => keys.sort()),
  names: fc.record({ m: name, t: name, c: name }, { requiredKeys: [] }),
});

describe('TableText', () => {
  it('finds every row and its verdicts, and no other', () => {
    fc.assert(
      fc.property(tables, key, ({ verdicts, keys, names }, stranger) => {
        const lists = verdicts.map((_, at) => [at, (7 * at) % verdicts.length]);
        const rows = keys.map((name, at) => {
          const shared = { ...names, s: String(at) };
          return { name, list: at % lists.length, shared };
        });
        const sent = {
          verdicts: verdicts.map((facts) => JSON.stringify(facts)),
          lists,
          rows: rows.map(({ name, list, shared }) => [name, list, JSON.stringify(shared)] as const),
        };
        const table = new TableText(tableJson(sent, ['v', 'w']));
        expect(table.workers).toEqual(['v', 'w']);
        for (const { name, list, shared } of rows) {
          const expected = lists[list]?.map((number) => fillVerdict(verdicts[number] ?? NONE, names));
          expect(table.row(name)).toEqual({ verdicts: expected, shared });
        }
        if (!keys.includes(stranger)) expect(table.row(stranger)).toBeUndefined();
      }),
    );
  });

  it('is a table too where nothing was judged', () => {
    const table = new TableText(tableJson({ verdicts: [], lists: [], rows: [] }, ['w']));
    expect([table.workers, table.row('AAAAAAAA')]).toEqual([['w'], undefined]);
  });

  it('misses a list or a verdict that a row points to', () => {
    const verdicts = ['{"reasons":[],"warnings":[],"recommendations":[],"unlockedBy":[]}'];
    const rows = [
      ['AAAAAAAA', 0, '{"s":""}'],
      ['BBBBBBBB', 1, '{"s":""}'],
    ] as const;
    const table = new TableText(tableJson({ verdicts, lists: [[4]], rows }, ['w']));
    expect(() => table.row('AAAAAAAA')).toThrow('lacks a verdict of the row AAAAAAAA');
    expect(() => table.row('BBBBBBBB')).toThrow('lacks the list of the row BBBBBBBB');
  });

  it.each([
    '',
    '{"workers":[],\n"verdicts":[\n{}',
    '{"workers":[],\n"verdicts":[\n{}\n],\n"rows":{\n}}',
    '{"workers":[],\n"verdicts":[\n{}\n],\n"lists":[\n[0]\n],\n"rows":[',
  ])('does not take %j for a table', (text) => {
    expect(() => new TableText(text)).toThrow('verdicts.json is damaged');
  });
});

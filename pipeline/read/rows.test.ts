import { describe, expect, it } from 'vitest';
import { TableText } from '../format/decode-table.ts';
import { encodeVerdicts } from '../format/encode-table.ts';
import { sha256 } from '../lib/hash.ts';
import { Rows } from './rows.ts';

const refusal = {
  reasons: ['No loader for {m}.'],
  warnings: [],
  recommendations: [],
  unlockedBy: ['model_type:{m}'],
};
const table = new TableText(
  encodeVerdicts({ verdicts: [JSON.stringify(refusal)], lists: [[0, 0]] }, [
    { id: 'v', maxContextLength: 4_096 },
    { id: 'w', maxContextLength: 'unknown' },
  ]),
);
const rowsOf = (text: string) =>
  new Rows({
    rowBits: 0,
    sha256: async (key) => sha256(key),
    read: async () => text,
    table: async () => table,
  });

describe('Rows', () => {
  it('tells verdicts with the names of their row', async () => {
    const rows = rowsOf('{\n"AAAAAAAA":[0,{"m":"a","s":""}],\n"BBBBBBBB":[0,{"m":"b","s":""}]\n}\n');
    const { verdicts, shared } = await rows.row('BBBBBBBB');
    const named = { ...refusal, reasons: ['No loader for b.'], unlockedBy: ['model_type:b'] };
    expect([verdicts, shared]).toEqual([[named, named], { m: 'b', s: '' }]);
    expect((await rows.row('AAAAAAAA')).verdicts[0]?.reasons).toEqual(['No loader for a.']);
  });

  it.each([
    ['lacks a row', '{\n"BBBBBBBB":[0,{"s":""}]\n}\n', 'rows/0.json lacks the row AAAAAAAA'],
    ['is cut', '{\n"AAAAAAAA":[0,{"s', 'rows/0.json lacks the row AAAAAAAA'],
    ['points beyond the table', '{\n"AAAAAAAA":[1,{"s":""}]\n}\n', 'lacks the verdicts of the row AAAAAAAA'],
  ])('says so where a file %s', async (_, text, message) => {
    await expect(rowsOf(text).row('AAAAAAAA')).rejects.toThrow(message);
  });
});

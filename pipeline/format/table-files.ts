/** The verdict table -> verdicts.json and rows/. `read/table-text.ts` and `read/rows.ts` are the other direction. */

import type { SentTable } from '../judge/verdict-table.ts';
import { groupBy } from '../lib/group.ts';
import { placeOf } from '../lib/hash.ts';
import type { FileWriter } from '../write/file-writer.ts';
import { bitsFor, partName } from './hash-prefix.ts';

/** Strangers invent names without end, and each makes a row: a file of rows is some 40 kB, however many there are. */
const ROWS_PER_FILE = 256;

/** Puts both; gives the bits of the place of a row key that name its file. */
export function putTable(files: FileWriter, table: SentTable, workerIds: readonly string[]): number {
  files.put('verdicts.json', verdictsJson(table, workerIds));
  const rowBits = bitsFor(table.rows.length, ROWS_PER_FILE);
  for (const [name, rows] of groupBy(table.rows, ([key]) => partName(placeOf(key), rowBits)))
    files.put(`rows/${name}.json`, rowsJson(rows));
  return rowBits;
}

/** A verdict, a list a line, so that a reader finds each without parsing the rest. */
export function verdictsJson(
  { verdicts, lists }: Pick<SentTable, 'verdicts' | 'lists'>,
  workerIds: readonly string[],
): string {
  const numbers = lists.map((list) => `[${list.join(',')}]`);
  return `{"workers":${JSON.stringify(workerIds)},\n"verdicts":[${onLines(verdicts)}],\n"lists":[${onLines(numbers)}]}\n`;
}

function rowsJson(rows: SentTable['rows']): string {
  return `{${onLines(rows.map(([key, list, shared]) => `"${key}":[${list},${shared}]`))}}\n`;
}

function onLines(items: readonly string[]): string {
  return items.length === 0 ? '\n' : `\n${items.join(',\n')}\n`;
}

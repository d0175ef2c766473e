/**
 * Encodes the verdict table into verdicts.json and the files of rows/. `decode-table.ts` and `read/rows.ts`
 * are the other direction.
 */
import type { Worker } from '../data/worker.ts';
import { groupBy } from '../lib/group.ts';
import { bitsFor, shardName } from './hash-prefix.ts';
import { prefixOf } from './prefix-of.ts';

/** Verdicts as text, lists that point to them by number, rows that point to a list. */
export interface VerdictLists {
  /** The distinct verdicts as text, sorted. */
  readonly verdicts: readonly string[];
  /** The number of the verdict on each worker, for every list. */
  readonly lists: readonly (readonly number[])[];
}

/** A row: its key, the number of its list, and the facts that its models share, as JSON. */
export type EncodedRow = readonly [key: string, list: number, shared: string];

/** The rows in a file, some 40 kB: strangers may invent any number of names, and each makes a row. */
const ROWS_PER_FILE = 256;

/** Returns how many bits of the hash prefix of a row key name its file. */
export function rowBitsFor(rows: number): number {
  return bitsFor(rows, ROWS_PER_FILE);
}

/** Returns the path and the text of each file of rows/. */
export function encodeRows(rows: readonly EncodedRow[], rowBits: number): [path: string, text: string][] {
  return [...groupBy(rows, ([key]) => shardName(prefixOf(key), rowBits))].map(([name, some]) => [
    `rows/${name}.json`,
    `{${onLines(some.map(([key, list, shared]) => `"${key}":[${list},${shared}]`))}}\n`,
  ]);
}

/**
 * Returns verdicts.json with one verdict or list on each line, so that a reader finds each without parsing
 * the rest.
 */
export function encodeVerdicts(
  { verdicts, lists }: VerdictLists,
  workers: readonly Pick<Worker, 'id' | 'maxContextLength'>[],
): string {
  const ids = JSON.stringify(workers.map(({ id }) => id));
  const limits = JSON.stringify(
    workers.map(({ maxContextLength }) => (maxContextLength === 'unknown' ? null : maxContextLength)),
  );
  const numbers = lists.map((list) => `[${list.join(',')}]`);
  return `{"workers":${ids},"maxContextLengths":${limits},\n"verdicts":[${onLines(verdicts)}],\n"lists":[${onLines(numbers)}]}\n`;
}

function onLines(items: readonly string[]): string {
  return items.length === 0 ? '\n' : `\n${items.join(',\n')}\n`;
}

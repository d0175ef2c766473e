/**
 * Reads the rows of rows/: the facts that models with equal verdicts share, with their verdicts from the verdict table.
 */

import type { TableText } from '../format/decode-table.ts';
import type { SharedFacts, TableVerdict } from '../format/encoding.ts';
import { prefixOfHash, shardName } from '../format/hash-prefix.ts';
import { DataError } from '../lib/errors.ts';
import { parseJson } from '../lib/json.ts';
import { fillVerdict } from '../lib/placeholders.ts';
import * as say from './sentences.ts';

export interface Row {
  /** The verdict of each worker on the models of this row. */
  readonly verdicts: readonly TableVerdict[];
  readonly shared: SharedFacts;
}

export interface RowsSource {
  readonly rowBits: number;
  readonly sha256: (text: string) => Promise<string>;
  /** Returns the text of a file of out/. */
  readonly read: (path: string) => Promise<string>;
  readonly table: () => Promise<TableText>;
}

/** The most rows that are held. Most models have one of a few hundred rows; the others are hardly read twice. */
const MOST_HELD = 2_000;

export class Rows {
  readonly #source: RowsSource;
  readonly #held = new Map<string, Row>();

  constructor(source: RowsSource) {
    this.#source = source;
  }

  /**
   * Returns a row.
   *
   * @throws DataError when there is no such row, or a part that it names is missing.
   */
  async row(key: string): Promise<Row> {
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const row = await this.#read(key);
    if (this.#held.size >= MOST_HELD) this.#held.clear();
    this.#held.set(key, row);
    return row;
  }

  async #read(key: string): Promise<Row> {
    const { rowBits, sha256, read, table } = this.#source;
    const path = `rows/${shardName(prefixOfHash(await sha256(key)), rowBits)}.json`;
    const [list, shared] = findRow(await read(path), key, path);
    const verdicts = (await table()).list(list);
    if (verdicts === undefined) throw new DataError(say.verdictsMissing(key));
    // Workers that fare alike have one verdict.
    const filled = new Map<TableVerdict, TableVerdict>();
    for (const verdict of verdicts)
      if (!filled.has(verdict)) filled.set(verdict, fillVerdict(verdict, shared));
    return { verdicts: verdicts.map((verdict) => filled.get(verdict) ?? verdict), shared };
  }
}

/** Finds a row in a file with a row per line, and parses only that line. */
function findRow(text: string, key: string, path: string): [list: number, shared: SharedFacts] {
  const start = `\n${JSON.stringify(key)}:`;
  const at = text.indexOf(start);
  const line = text.slice(at + start.length, text.indexOf('\n', at + 1)).replace(/,$/, '');
  const row = at < 0 ? undefined : parseJson(line);
  if (!Array.isArray(row)) throw new DataError(say.rowMissing(path, key));
  return row as [number, SharedFacts];
}

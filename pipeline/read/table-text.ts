/**
 * verdicts.json, of which only the lines that are asked for are parsed, found by halving: to go through the whole takes longer
 * than all else of a look-up.
 */
import type { SharedFacts, TableVerdict } from '../lib/encoding.ts';
import { DataError } from '../lib/errors.ts';

export interface TableRow {
  /** Number of the verdict per worker. */
  readonly numbers: readonly number[];
  readonly shared: SharedFacts;
}

const VERDICTS = '\n"verdicts":[\n';
const ROWS = '\n],\n"rows":{\n';

export class TableText {
  /** Worker ids, in the order of a row. */
  readonly workers: readonly string[];
  readonly #text: string;
  readonly #rowsStart: number;
  /** Where the line of each verdict begins, as far as was looked. */
  readonly #starts: number[];
  readonly #verdicts = new Map<number, TableVerdict>();
  readonly #rows = new Map<string, TableRow>();

  /** @throws DataError when the text is not laid out as a verdicts.json. */
  constructor(text: string) {
    const head = text.indexOf(VERDICTS);
    this.#rowsStart = findRows(text, head + VERDICTS.length);
    if (head < 0 || !text.startsWith(ROWS, this.#rowsStart))
      throw new DataError('verdicts.json is damaged. Build it anew.');
    this.#text = text;
    this.#starts = [head + VERDICTS.length];
    this.workers = (JSON.parse(`${text.slice(0, head - 1)}}`) as { workers: string[] }).workers;
  }

  row(key: string): TableRow | undefined {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const start = `${JSON.stringify(key)}:`;
    const at = firstLine(
      this.#text,
      this.#rowsStart + ROWS.length,
      (line) => this.#text.slice(line, line + start.length) >= start,
    );
    if (!this.#text.startsWith(start, at)) return undefined;
    const end = this.#text.indexOf('\n', at);
    const line = this.#text.slice(at + start.length, end).replace(/,$/, '');
    const [numbers, shared] = JSON.parse(line) as [number[], SharedFacts];
    const row = { numbers, shared };
    this.#rows.set(key, row);
    return row;
  }

  verdict(number: number): TableVerdict | undefined {
    const known = this.#verdicts.get(number);
    if (known !== undefined) return known;
    const start = this.#startOf(number);
    if (start === undefined) return undefined;
    const line = this.#text.slice(start, this.#text.indexOf('\n', start)).replace(/,$/, '');
    const verdict = JSON.parse(line) as TableVerdict;
    this.#verdicts.set(number, verdict);
    return verdict;
  }

  #startOf(number: number): number | undefined {
    while (this.#starts.length <= number) {
      const start = this.#text.indexOf('\n', this.#starts.at(-1)) + 1;
      if (start > this.#rowsStart) return undefined;
      this.#starts.push(start);
    }
    return this.#starts[number];
  }
}

/** Where the part of the rows begins: lines of verdicts are objects, what comes behind them is none. */
function findRows(text: string, start: number): number {
  return firstLine(text, start, (line) => text[line] !== '{') - 1;
}

/** The start of the first line from `start` on of which this holds, as it does of all behind it. */
function firstLine(text: string, start: number, holds: (line: number) => boolean): number {
  let [low, high] = [start, text.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const line = Math.max(low, text.lastIndexOf('\n', middle - 1) + 1);
    if (holds(line)) high = line;
    else {
      const end = text.indexOf('\n', line);
      low = end < 0 ? text.length : end + 1;
    }
  }
  return low;
}

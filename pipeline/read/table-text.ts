/**
 * verdicts.json, of which only the lines that are asked for are parsed, found by halving: to go through the whole takes longer
 * than all else of a look-up.
 */
import type { SharedFacts, TableVerdict } from '../lib/encoding.ts';
import { DataError } from '../lib/errors.ts';
import { fillVerdict } from '../lib/marks.ts';

export interface TableRow {
  /** Per worker, about the models of this row. */
  readonly verdicts: readonly TableVerdict[];
  readonly shared: SharedFacts;
}

const VERDICTS = '\n"verdicts":[\n';
const LISTS = '\n],\n"lists":[\n';
const ROWS = '\n],\n"rows":{\n';

export class TableText {
  /** Worker ids, in the order of a row. */
  readonly workers: readonly string[];
  readonly #text: string;
  readonly #verdicts: NumberedLines<TableVerdict>;
  readonly #lists: NumberedLines<readonly number[]>;
  readonly #rowsStart: number;
  readonly #rows = new Map<string, TableRow>();

  /** @throws DataError when the text is not laid out as a verdicts.json. */
  constructor(text: string) {
    const head = text.indexOf(VERDICTS);
    // Lines of verdicts are objects, those of lists are arrays; what comes behind them is neither.
    const verdictsEnd = findEnd(text, head + VERDICTS.length, '{');
    const listsEnd = findEnd(text, verdictsEnd + LISTS.length, '[');
    if (head < 0 || !text.startsWith(LISTS, verdictsEnd) || !text.startsWith(ROWS, listsEnd))
      throw new DataError('verdicts.json is damaged. Build it anew.');
    this.#text = text;
    this.#verdicts = new NumberedLines(text, head + VERDICTS.length, verdictsEnd);
    this.#lists = new NumberedLines(text, verdictsEnd + LISTS.length, listsEnd);
    this.#rowsStart = listsEnd + ROWS.length;
    this.workers = (JSON.parse(`${text.slice(0, head - 1)}}`) as { workers: string[] }).workers;
  }

  /** @throws DataError when the row is there, and what it points to is not. */
  row(key: string): TableRow | undefined {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#readRow(key);
      if (row !== undefined) this.#rows.set(key, row);
    }
    return row;
  }

  #readRow(key: string): TableRow | undefined {
    const text = this.#text;
    const start = `${JSON.stringify(key)}:`;
    const at = firstLine(text, this.#rowsStart, (line) => text.slice(line, line + start.length) >= start);
    if (!text.startsWith(start, at)) return undefined;
    const [list, shared] = parseLine<[number, SharedFacts]>(text, at + start.length);
    const numbers = this.#lists.at(list);
    if (numbers?.length !== this.workers.length)
      throw new DataError(`verdicts.json lacks the list of the row ${key}.`);
    // Workers that fare alike have one verdict.
    const filled = new Map<number, TableVerdict>();
    const verdicts = numbers.map((number) => {
      const verdict = filled.get(number) ?? this.#fill(number, shared);
      if (verdict === undefined) throw new DataError(`verdicts.json lacks a verdict of the row ${key}.`);
      filled.set(number, verdict);
      return verdict;
    });
    return { verdicts, shared };
  }

  #fill(number: number, shared: SharedFacts): TableVerdict | undefined {
    const verdict = this.#verdicts.at(number);
    return verdict === undefined ? undefined : fillVerdict(verdict, shared);
  }
}

/** Lines that are asked for by number, each parsed once. */
class NumberedLines<T> {
  readonly #text: string;
  readonly #end: number;
  /** Where each line begins, as far as was looked. */
  readonly #starts: number[];
  readonly #parsed = new Map<number, T>();

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#end = end;
    this.#starts = [start];
  }

  at(number: number): T | undefined {
    let value = this.#parsed.get(number);
    if (value === undefined) {
      const start = this.#startOf(number);
      if (start === undefined) return undefined;
      value = parseLine<T>(this.#text, start);
      this.#parsed.set(number, value);
    }
    return value;
  }

  #startOf(number: number): number | undefined {
    while (this.#starts.length <= number) {
      const start = this.#text.indexOf('\n', this.#starts.at(-1)) + 1;
      if (start === 0 || start > this.#end) return undefined;
      this.#starts.push(start);
    }
    return this.#starts[number];
  }
}

function parseLine<T>(text: string, start: number): T {
  return JSON.parse(text.slice(start, text.indexOf('\n', start)).replace(/,$/, '')) as T;
}

/** Where the lines that begin with a sign end: at the newline behind the last of them. */
function findEnd(text: string, start: number, sign: string): number {
  return firstLine(text, start, (line) => text[line] !== sign) - 1;
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

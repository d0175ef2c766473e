/**
 * Reads verdicts.json and parses only the lines that are asked for: parsing the whole takes longer than the
 * rest of a look-up.
 */

import { DataError } from '../lib/errors.ts';
import type { TableVerdict } from './encoding.ts';

const VERDICTS = '\n"verdicts":[\n';
const LISTS = '\n],\n"lists":[\n';
const END = '\n]}\n';

export class TableText {
  /** Worker ids, in the order of a list. */
  readonly workers: readonly string[];
  /** The longest context that each worker takes, in tokens; null where it is unknown. */
  readonly maxContextLengths: readonly (number | null)[];
  readonly #verdicts: NumberedLines<TableVerdict>;
  readonly #lists: NumberedLines<readonly number[]>;

  /** Finds the parts of the text. @throws DataError when the text is not laid out as a verdicts.json. */
  constructor(text: string) {
    const head = text.indexOf(VERDICTS);
    const verdictsEnd = text.lastIndexOf(LISTS);
    const listsEnd = text.length - END.length;
    if (head < 0 || verdictsEnd < head || !text.endsWith(END))
      throw new DataError('verdicts.json is damaged. Build it again.');
    this.#verdicts = new NumberedLines(text, head + VERDICTS.length, verdictsEnd);
    this.#lists = new NumberedLines(text, verdictsEnd + LISTS.length, listsEnd);
    const { workers, maxContextLengths } = JSON.parse(`${text.slice(0, head - 1)}}`) as Head;
    this.workers = workers;
    this.maxContextLengths = maxContextLengths;
  }

  /**
   * Returns the verdicts of a list, one per worker, with their placeholders; undefined where it or one of
   * them is missing.
   */
  list(number: number): TableVerdict[] | undefined {
    const numbers = this.#lists.at(number);
    if (numbers?.length !== this.workers.length) return undefined;
    const verdicts = numbers.map((at) => this.#verdicts.at(at));
    return verdicts.every((verdict) => verdict !== undefined) ? verdicts : undefined;
  }
}

interface Head {
  readonly workers: readonly string[];
  readonly maxContextLengths: readonly (number | null)[];
}

/** Returns lines by their numbers, each parsed once. */
class NumberedLines<T> {
  readonly #text: string;
  readonly #end: number;
  /** The place where each line begins, as far as lines have been looked for. */
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
      value = JSON.parse(this.#text.slice(start, this.#text.indexOf('\n', start)).replace(/,$/, '')) as T;
      this.#parsed.set(number, value);
    }
    return value;
  }

  #startOf(number: number): number | undefined {
    while (this.#starts.length <= number) {
      const start = this.#text.indexOf('\n', this.#starts.at(-1)) + 1;
      if (start === 0) return undefined;
      this.#starts.push(start);
    }
    const start = this.#starts[number];
    return start !== undefined && start < this.#end ? start : undefined;
  }
}

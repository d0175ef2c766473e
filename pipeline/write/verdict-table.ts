/** The distinct verdicts and rows of verdicts of a build: a few thousand, whatever the number of models. */
import type { Verdict } from '../evaluate/verdict.ts';
import { compareNames } from '../lib/compare.ts';
import { shortKey } from '../lib/hash.ts';
import { stableStringify } from '../lib/json.ts';

export interface TableRow {
  /** Names the row by its content, so that it stays the same from night to night. */
  readonly key: string;
  readonly verdicts: readonly Verdict[];
}

export class VerdictTable {
  readonly rows: TableRow[] = [];
  readonly #texts = new WeakMap<Verdict, string>();
  readonly #numbers = new WeakMap<readonly Verdict[], number>();
  readonly #byContent = new Map<string, number>();
  readonly #byKey = new Map<string, number>();

  /** The number of this row in `rows`; equal rows get one number. */
  add(verdicts: readonly Verdict[]): number {
    const seen = this.#numbers.get(verdicts);
    if (seen !== undefined) return seen;
    const content = verdicts.map((verdict) => this.textOf(verdict)).join('\n');
    let number = this.#byContent.get(content);
    if (number === undefined) {
      number = this.rows.length;
      this.rows.push({ key: this.#claimKey(content, number), verdicts });
      this.#byContent.set(content, number);
    }
    this.#numbers.set(verdicts, number);
    return number;
  }

  textOf(verdict: Verdict): string {
    let text = this.#texts.get(verdict);
    if (text === undefined) {
      text = stableStringify(verdict);
      this.#texts.set(verdict, text);
    }
    return text;
  }

  /** verdicts.json: every verdict once, and each row as the numbers of its verdicts. */
  toJson(workerIds: readonly string[]): string {
    const texts = [...new Set(this.rows.flatMap(({ verdicts }) => verdicts.map((v) => this.textOf(v))))].sort(
      compareNames,
    );
    const numbers = new Map(texts.map((text, at) => [text, at]));
    const rows = [...this.rows]
      .sort((a, b) => compareNames(a.key, b.key))
      .map(({ key, verdicts }) => `"${key}":[${verdicts.map((v) => numbers.get(this.textOf(v))).join(',')}]`);
    return `{"workers":${JSON.stringify(workerIds)},\n"verdicts":[\n${texts.join(',\n')}\n],\n"rows":{\n${rows.join(',\n')}\n}}\n`;
  }

  /** 48 bits and some thousand rows make a clash a one in ten million matter; it must still never be silent. */
  #claimKey(content: string, number: number): string {
    const key = shortKey(content);
    if (this.#byKey.has(key))
      throw new Error(`Two rows of verdicts hash to ${key}; lengthen the key in lib/hash.ts.`);
    this.#byKey.set(key, number);
    return key;
  }
}

/** What a record says apart from the numbers that change every night, as 64 bits, and a table of such bits. */
import { hash } from 'node:crypto';

/** A record that need not be read again if its bits are known. */
export interface Print {
  readonly high: number;
  readonly low: number;
  /** -1 where the record does not say. */
  readonly downloads: number;
  readonly likes: number;
  readonly trendingScore: number;
}

const VOLATILE = ['"downloads":', '"likes":', '"trendingScore":'] as const;
/** A plain number that ends where a field ends. */
const NUMBER = /(-?\d{1,15}(?:\.\d{1,15})?)(?=[,}])/y;

/**
 * The bits of a line. A quote within a string is escaped in JSON, so that what is found is a field; one that is there twice,
 * or is no plain number, may be anyone's: then there are no bits, and the record is to be read.
 */
export function printOf(line: string): Print | undefined {
  const fields = VOLATILE.map((name) => findNumber(line, name));
  const cuts: Cut[] = [];
  for (const found of fields) {
    if (found === 'unclear') return undefined;
    if (found !== 'absent') cuts.push(found);
  }
  const [downloads = -1, likes = -1, trendingScore = -1] = fields.map((found) =>
    typeof found === 'string' ? -1 : found.value,
  );
  if (!Number.isSafeInteger(downloads) || !Number.isSafeInteger(likes)) return undefined;
  const hex = hash('sha256', withoutCuts(line, cuts));
  const high = Number.parseInt(hex.slice(0, 8), 16);
  const low = Number.parseInt(hex.slice(8, 16), 16);
  return { high, low, downloads, likes, trendingScore };
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

function findNumber(line: string, name: string): Cut | 'absent' | 'unclear' {
  const at = line.indexOf(name);
  if (at < 0) return 'absent';
  const start = at + name.length;
  NUMBER.lastIndex = start;
  const digits = NUMBER.exec(line)?.[1];
  if (digits === undefined || digits.startsWith('-') || line.indexOf(name, start) >= 0) return 'unclear';
  return { start, end: start + digits.length, value: Number(digits) };
}

function withoutCuts(line: string, cuts: Cut[]): string {
  cuts.sort((a, b) => a.start - b.start);
  let text = '';
  let from = 0;
  for (const { start, end } of cuts) {
    text += line.slice(from, start);
    from = end;
  }
  return text + line.slice(from);
}

/** The bits as text. */
export function printName({ high, low }: Pick<Print, 'high' | 'low'>): string {
  return high.toString(36) + low.toString(36).padStart(7, '0');
}

/** What is remembered of the bits of a record. */
export interface Known {
  readonly place: number;
  /** A bit for each counted field that it has. */
  readonly fields: number;
}

/** high, low, place, fields. */
const WORDS = 4;
const EMPTY_PLACE = 0xffff_ffff;

/** Bits -> what is remembered, in memory that threads share: sixteen bytes a slot, at most four fifths of them filled. */
export class PrintTable {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Uint32Array;
  readonly #mask: number;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Uint32Array(buffer);
    this.#mask = this.#words.length / WORDS - 1;
  }

  static forRecords(records: number): PrintTable {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, records * 1.25)));
    const table = new PrintTable(new SharedArrayBuffer(slots * WORDS * 4));
    for (let at = 2; at < table.#words.length; at += WORDS) table.#words[at] = EMPTY_PLACE;
    return table;
  }

  add({ high, low }: Pick<Print, 'high' | 'low'>, { place, fields }: Known): void {
    const at = this.#slot(high, low);
    this.#words[at] = high;
    this.#words[at + 1] = low;
    this.#words[at + 2] = place;
    this.#words[at + 3] = fields;
  }

  find({ high, low }: Pick<Print, 'high' | 'low'>): Known | undefined {
    const at = this.#slot(high, low);
    const place = this.#words[at + 2] ?? EMPTY_PLACE;
    return place === EMPTY_PLACE ? undefined : { place, fields: this.#words[at + 3] ?? 0 };
  }

  /** Where these bits are, or would be. */
  #slot(high: number, low: number): number {
    let slot = low & this.#mask;
    for (;;) {
      const at = slot * WORDS;
      if (this.#words[at + 2] === EMPTY_PLACE) return at;
      if (this.#words[at] === high && this.#words[at + 1] === low) return at;
      slot = (slot + 1) & this.#mask;
    }
  }
}

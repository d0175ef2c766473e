/** What a record says apart from the numbers that change every night, as 64 bits, and a table of such bits. */
import { hash } from 'node:crypto';

/** A record that need not be read again if its bits are known. */
export interface Print {
  /** The bits in hex. */
  readonly name: string;
  /** -1 where the record does not say. */
  readonly downloads: number;
  readonly likes: number;
  readonly trendingScore: number;
  /** Where the rest of the record begins, behind the three. */
  readonly end: number;
}

/**
 * The volatile fields as the crawl writes them: one after the other, before any field that holds more than a word or a
 * number. So they are fields of the record itself, and the rest of the line need not be looked at.
 */
const VOLATILE =
  /^(\{(?:"\w{1,20}":(?:"[ !#-[\]-~]{0,200}"|true|false|null|\d{1,15}),){0,12}?"downloads":)(0|[1-9]\d{0,14}),"likes":(0|[1-9]\d{0,14})(?:,"trendingScore":((?:0|[1-9]\d{0,14})(?:\.\d{1,15})?))?(?=[,}])/;
const MOST_HEAD_BYTES = 1_024;

const NAME_CHARS = 16;

/** Gives the bits of lines. They cannot be made to agree by who does not know its key. */
export class Printer {
  readonly #key: Buffer;
  /** One for all lines, behind the key: what is in it is hashed at once. */
  #room = Buffer.alloc(0);

  constructor(key: string) {
    this.#key = Buffer.from(key);
  }

  /** undefined where the volatile fields stand otherwise: then the record is to be read. */
  printOf(line: Buffer): Print | undefined {
    const found = VOLATILE.exec(line.toString('latin1', 0, Math.min(MOST_HEAD_BYTES, line.length)));
    if (found === null) return undefined;
    const [cut, head = '', downloads, likes, trendingScore = -1] = found;
    return {
      name: hash('sha256', this.#without(line, head.length, cut.length)).slice(0, NAME_CHARS),
      downloads: Number(downloads),
      likes: Number(likes),
      trendingScore: Number(trendingScore),
      end: cut.length,
    };
  }

  #without(line: Buffer, start: number, end: number): Buffer {
    const from = this.#key.length;
    if (this.#room.length < from + line.length) {
      this.#room = Buffer.allocUnsafe(2 * (from + line.length));
      this.#key.copy(this.#room);
    }
    line.copy(this.#room, from, 0, start);
    line.copy(this.#room, from + start, end);
    return this.#room.subarray(0, from + start + line.length - end);
  }
}

/** Without the quote before a name: a search for rarer signs is quicker. Letters of a name may be written as escapes. */
const NAMED = /\\u00|(?:downloads|likes|trendingScore)"/g;

/**
 * Whether a line whose print ends there names no volatile field again: of two the last counts, and `printOf` sees the
 * first.
 */
export function namesOnce(line: string, { end }: Pick<Print, 'end'>): boolean {
  NAMED.lastIndex = end;
  return !NAMED.test(line);
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

/** Names of bits -> what is remembered, in memory that threads share: sixteen bytes a slot, at most four fifths of them filled. */
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

  /** Threads may add side by side; none may look for a name before all are there. */
  add(name: string, { place, fields }: Known): void {
    const [high, low] = bitsOf(name);
    let slot = low & this.#mask;
    // A slot belongs to who fills its place first.
    while (Atomics.compareExchange(this.#words, slot * WORDS + 2, EMPTY_PLACE, place) !== EMPTY_PLACE)
      slot = (slot + 1) & this.#mask;
    const at = slot * WORDS;
    this.#words[at] = high;
    this.#words[at + 1] = low;
    this.#words[at + 3] = fields;
  }

  find(name: string): Known | undefined {
    const [high, low] = bitsOf(name);
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      const place = this.#words[at + 2] ?? EMPTY_PLACE;
      if (place === EMPTY_PLACE) return undefined;
      if (this.#words[at] === high && this.#words[at + 1] === low)
        return { place, fields: this.#words[at + 3] ?? 0 };
    }
  }
}

function bitsOf(name: string): [high: number, low: number] {
  return [
    Number.parseInt(name.slice(0, NAME_CHARS / 2), 16),
    Number.parseInt(name.slice(NAME_CHARS / 2), 16),
  ];
}

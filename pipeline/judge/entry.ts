/** A judged model until its files are written: one line of ASCII text in its partition on disk. */
import { compareNames } from '../lib/compare.ts';

/**
 * The fields of an entry. Its text columns hold no tab, no newline and nothing beyond ASCII: they are repo ids or JSON.
 */
export interface Entry {
  /** The leading bits of the hash of the repo id. */
  readonly prefix: number;
  /** The pass that judged it: 0 by the listing, 1 again with details that were fetched since. */
  readonly pass: number;
  /** A bit for each counted field that has a value in the record. */
  readonly fields: number;
  readonly lastModified: string;
  /** True where a gate worker runs it. */
  readonly allowed: boolean;
  /** True where any worker runs it. */
  readonly runs: boolean;
  /** True where the Hub no longer has it: such an entry replaces an earlier one, and is not written. */
  readonly gone: boolean;
  /** The key of its row in the verdict table. */
  readonly row: string;
  /** Downloads in 30 days; -1 where they are unknown. */
  readonly downloads: number;
  /** Repo ids of the models that this one is a copy of, where some worker runs it. */
  readonly bases: readonly string[];
  readonly id: string;
  /** The facts of an allowlisted model that the lists across models show, as JSON; empty for other models. */
  readonly listed: string;
  /**
   * The list and the shared facts that make the row of a copy that takes facts from its base model; empty for other
   * models.
   */
  readonly pending: string;
  /** Its own facts, as JSON. */
  readonly facts: string;
  /** Downloads, likes and trend, as JSON. */
  readonly volatile: string;
}

const ALLOWED = 1;
const RUNS = 2;
const GONE = 4;
const NO_BASES: readonly string[] = [];

export function formatEntry(entry: Entry): string {
  const { prefix, pass, fields, lastModified, row, downloads, bases, id, listed, pending, facts } = entry;
  const flags = (entry.allowed ? ALLOWED : 0) | (entry.runs ? RUNS : 0) | (entry.gone ? GONE : 0);
  return `${prefix}\t${pass}\t${fields}\t${lastModified}\t${flags}\t${row}\t${downloads}\t${bases.join(' ')}\t${id}\t${listed}\t${pending}\t${facts}\t${entry.volatile}`;
}

export function parseEntry(text: string): Entry {
  const columns = text.split('\t');
  const flags = Number(columns[4]);
  const bases = columns[7];
  return {
    prefix: Number(columns[0]),
    pass: Number(columns[1]),
    fields: Number(columns[2]),
    lastModified: columns[3] ?? '',
    allowed: (flags & ALLOWED) !== 0,
    runs: (flags & RUNS) !== 0,
    gone: (flags & GONE) !== 0,
    row: columns[5] ?? '',
    downloads: Number(columns[6]),
    bases: bases ? bases.split(' ') : NO_BASES,
    id: columns[8] ?? '',
    listed: columns[9] ?? '',
    pending: columns[10] ?? '',
    facts: columns[11] ?? '',
    volatile: columns[12] ?? '',
  };
}

export interface Deduplicated {
  /** One entry for each repo id, sorted by it. */
  readonly entries: readonly Entry[];
  /** The number of records that were replaced by another record of the same id. */
  readonly doubles: number;
}

/**
 * Keeps one entry for each id: the newest, then the one that was judged last, then the one that is refused; the content
 * decides between the rest. So the result depends neither on the order of the input nor on the number of threads.
 */
export function withoutDoubles(entries: readonly Entry[]): Deduplicated {
  const sorted = [...entries].sort((a, b) => compareNames(a.id, b.id) || compareDoubles(a, b));
  const first = sorted.filter((entry, at) => entry.id !== sorted[at - 1]?.id);
  const listed = entries.reduce((all, { pass }) => all + (pass === 0 ? 1 : 0), 0);
  return { entries: first.filter(({ gone }) => !gone), doubles: Math.max(0, listed - first.length) };
}

function compareDoubles(a: Entry, b: Entry): number {
  return (
    compareNames(dateOf(b), dateOf(a)) ||
    b.pass - a.pass ||
    Number(a.allowed) - Number(b.allowed) ||
    compareNames(a.row, b.row) ||
    compareNames(a.facts, b.facts) ||
    compareNames(a.volatile, b.volatile)
  );
}

function dateOf({ lastModified }: Entry): string {
  return lastModified === 'unknown' ? '' : lastModified;
}

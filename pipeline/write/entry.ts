/** A model on its way to the data shards: a line of text, on the disk until its part is written, and in the memory of builds. */
import { compareNames } from '../lib/compare.ts';

/** What of a model outlives its record. Text holds no tab, no newline and no sign beyond ASCII: it is ids or JSON. */
export interface Entry {
  /** Name of the bits of its record; '' where the next build has to read it again. */
  readonly print: string;
  /** A bit for each counted field that the record has. */
  readonly fields: number;
  readonly place: number;
  /** Tokens, where its copies may ask for them. */
  readonly context: number | undefined;
  /** `_id` of its record, by which a later record of the same repository is known; '' where it has none. */
  readonly key: string;
  readonly lastModified: string;
  readonly allowed: boolean;
  /** The key of its row in the verdict table. */
  readonly row: string;
  /** Repo ids of the models that this one is a copy of, where some worker runs it. */
  readonly bases: readonly string[];
  readonly id: string;
  /** Of allowlisted models: its `ListedFacts` as JSON. */
  readonly listed: string;
  /** Its facts as JSON. */
  readonly facts: string;
  /** Downloads, likes and trend as JSON. */
  readonly volatile: string;
}

/** An entry that was read, with the line that it was read from. */
export interface ReadEntry extends Entry {
  readonly text: string;
}

export function formatEntry(entry: Entry): string {
  const { print, fields, place, context, key, lastModified, allowed, row, bases, id, listed, facts } = entry;
  return `${print}\t${fields}\t${place}\t${context ?? ''}\t${key}\t${lastModified}\t${allowed ? 1 : 0}\t${row}\t${bases.join(' ')}\t${id}\t${listed}\t${facts}\t${entry.volatile}`;
}

const NO_BASES: readonly string[] = [];

export function parseEntry(text: string): ReadEntry {
  const columns = text.split('\t');
  const [print = '', fields, place, context, key = '', lastModified = '', allowed, row = ''] = columns;
  const [, , , , , , , , bases, id = '', listed = '', facts = '', volatile = ''] = columns;
  return {
    print,
    fields: Number(fields),
    place: Number(place),
    context: context ? Number(context) : undefined,
    key,
    lastModified,
    allowed: allowed === '1',
    row,
    bases: bases ? bases.split(' ') : NO_BASES,
    id,
    listed,
    facts,
    volatile,
    text,
  };
}

/** What it takes to find a record again, without the rest of its entry. */
export function parseHead(text: string): Pick<Entry, 'print' | 'fields' | 'place' | 'context' | 'key'> {
  const [print = '', fields, place, context, key = ''] = text.split('\t', 5);
  return {
    print,
    fields: Number(fields),
    place: Number(place),
    context: context ? Number(context) : undefined,
    key,
  };
}

const ID_COLUMN = 9;

export function idOf(text: string): string {
  return text.split('\t', ID_COLUMN + 1)[ID_COLUMN] ?? '';
}

export function volatileOf(text: string): string {
  return text.slice(text.lastIndexOf('\t') + 1);
}

/** The line of an entry whose volatile facts are others. */
export function withVolatile(text: string, volatile: string): string {
  return text.slice(0, text.lastIndexOf('\t') + 1) + volatile;
}

export function downloadsOf({ volatile }: Pick<Entry, 'volatile'>): number {
  return Number.parseInt(volatile.slice(1), 10);
}

/**
 * Sorted by id. Of doubles the newest counts, then the one that is refused, then by content, so that neither the order of
 * the input nor the number of threads shows.
 */
export function withoutDoubles(entries: readonly ReadEntry[]): ReadEntry[] {
  const sorted = [...entries].sort((a, b) => compareNames(a.id, b.id) || compareDoubles(a, b));
  return sorted.filter((entry, at) => entry.id !== sorted[at - 1]?.id);
}

function compareDoubles(a: ReadEntry, b: ReadEntry): number {
  return (
    compareNames(dateOf(b), dateOf(a)) ||
    Number(a.allowed) - Number(b.allowed) ||
    compareNames(a.row, b.row) ||
    compareNames(a.facts, b.facts) ||
    compareNames(a.volatile, b.volatile)
  );
}

function dateOf({ lastModified }: Entry): string {
  return lastModified === 'unknown' ? '' : lastModified;
}

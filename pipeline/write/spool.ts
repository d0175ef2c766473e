/** Evaluated models on their way to the data shards: parted by place on disk, so that memory does not grow with them. */
import { compareNames } from '../lib/compare.ts';
import { placeOf } from '../lib/hash.ts';
import { PartedWriter, partitionOf, readPartition } from '../lib/parted-files.ts';
import { type JudgedEntry, type JudgedSource, readJudged } from './judged.ts';

/** One model, as little as the last stage needs. Text fields hold no tab and no newline: they are ids or JSON. */
export interface SpoolEntry {
  readonly id: string;
  readonly lastModified: string;
  /** The key of its row in the verdict table. */
  readonly row: string;
  readonly allowed: boolean;
  readonly downloads: number;
  /** Repo ids of the models that this one is a copy of, of allowlisted models only. */
  readonly bases: readonly string[];
  /** Downloads, likes, trend as JSON. */
  readonly volatile: string;
  /** The facts as JSON. */
  readonly facts: string;
}

export interface PlacedEntry extends SpoolEntry {
  readonly place: number;
}

/** What is remembered of the record beyond what is published, if the next build may do without reading it. */
export interface Memory {
  /** Name of the bits of the record. */
  readonly print: string;
  /** Tokens, where its copies may ask for them. */
  readonly context: number | undefined;
  /** A bit for each counted field that the record has. */
  readonly fields: number;
}

/** Says in the place of an id that the rest stands in the judged folder. */
const SAME = '=';

export class Spool {
  count = 0;
  readonly #writer: PartedWriter;

  /** `writer` tells those apart that write into one folder. */
  constructor(dir: string, writer: number) {
    this.#writer = new PartedWriter(dir, writer);
  }

  add(entry: SpoolEntry, memory?: Memory): void {
    const place = placeOf(entry.id);
    const { id, lastModified, row, allowed, downloads, bases, volatile, facts } = entry;
    const remembered =
      memory === undefined ? '\t\t' : `${memory.print}\t${memory.fields}\t${memory.context ?? ''}`;
    this.#writer.add(
      partitionOf(place),
      `${id}\t${place}\t${remembered}\t${lastModified}\t${row}\t${allowed ? 1 : 0}\t${downloads}\t${bases.join(' ')}\t${volatile}\t${facts}\n`,
    );
    this.count += 1;
  }

  /** A record that says what it said before, but for the volatile facts. */
  addSame(
    place: number,
    print: string,
    { downloads, volatile }: Pick<SpoolEntry, 'downloads' | 'volatile'>,
  ): void {
    this.#writer.add(partitionOf(place), `${SAME}\t${print}\t${downloads}\t${volatile}\n`);
    this.count += 1;
  }

  /** Everything is on the disk when this returns. */
  flush(): void {
    this.#writer.flush();
  }
}

export type ReadEntry = PlacedEntry & Partial<Memory>;

/**
 * The entries of a partition sorted by id. Of doubles the newest counts, then the one that is refused, then by content,
 * so that neither the order of the input nor the number of threads shows.
 */
export function readSpool(
  dir: string,
  partition: number,
  judged: JudgedSource | undefined,
): { readonly entries: ReadEntry[]; readonly doubles: number } {
  const known = judged === undefined ? undefined : readJudged(judged, partition);
  const all = readPartition(dir, partition).map((line) => readEntry(line, known));
  all.sort((a, b) => compareNames(a.id, b.id) || compareDoubles(a, b));
  const entries = all.filter((entry, at) => entry.id !== all[at - 1]?.id);
  return { entries, doubles: all.length - entries.length };
}

/** Of the models that say what they said before: id and context length, where it is known. */
export function* sameContexts(
  dir: string,
  partition: number,
  judged: JudgedSource,
): Generator<readonly [id: string, tokens: number]> {
  const known = readJudged(judged, partition);
  for (const line of readPartition(dir, partition)) {
    if (!line.startsWith(SAME)) continue;
    const { id, context } = readEntry(line, known);
    if (context !== undefined) yield [id, context];
  }
}

function readEntry(line: string, known: ReadonlyMap<string, JudgedEntry> | undefined): ReadEntry {
  const columns = line.split('\t');
  if (columns[0] !== SAME) return parseEntry(columns);
  const [, print = '', downloads, volatile = ''] = columns;
  const entry = known?.get(print);
  if (entry === undefined) throw new Error(`The judged folder has no record ${print}.`);
  return { ...entry, downloads: Number(downloads), volatile };
}

function compareDoubles(a: PlacedEntry, b: PlacedEntry): number {
  const day = ({ lastModified }: PlacedEntry) => (lastModified === 'unknown' ? '' : lastModified);
  return (
    compareNames(day(b), day(a)) ||
    Number(a.allowed) - Number(b.allowed) ||
    compareNames(a.row, b.row) ||
    compareNames(a.facts, b.facts) ||
    compareNames(a.volatile, b.volatile)
  );
}

function parseEntry(columns: readonly string[]): ReadEntry {
  const [id, place, print, fields, context, lastModified, row, allowed, downloads, bases, volatile, facts] =
    columns;
  const entry = {
    place: Number(place),
    id: id ?? '',
    lastModified: lastModified ?? '',
    row: row ?? '',
    allowed: allowed === '1',
    downloads: Number(downloads),
    bases: bases ? bases.split(' ') : [],
    volatile: volatile ?? '',
    facts: facts ?? '',
  };
  if (!print) return entry;
  return { ...entry, print, fields: Number(fields), context: context ? Number(context) : undefined };
}

/** Evaluated models on their way to the data shards: parted by place on disk, so that memory does not grow with them. */
import { compareNames } from '../lib/compare.ts';
import { placeOf } from '../lib/hash.ts';
import { PartedWriter, partitionOf, readPartition } from '../lib/parted-files.ts';

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

export class Spool {
  count = 0;
  readonly #writer: PartedWriter;

  /** `writer` tells those apart that write into one folder. */
  constructor(dir: string, writer: number) {
    this.#writer = new PartedWriter(dir, writer);
  }

  add(entry: SpoolEntry): void {
    const place = placeOf(entry.id);
    const { id, lastModified, row, allowed, downloads, bases, volatile, facts } = entry;
    this.#writer.add(
      partitionOf(place),
      `${place}\t${id}\t${lastModified}\t${row}\t${allowed ? 1 : 0}\t${downloads}\t${bases.join(' ')}\t${volatile}\t${facts}\n`,
    );
    this.count += 1;
  }

  /** Everything is on the disk when this returns. */
  flush(): void {
    this.#writer.flush();
  }
}

/**
 * The entries of a partition sorted by id. Of doubles the newest counts, then the one that is refused, then by content,
 * so that neither the order of the input nor the number of threads shows.
 */
export function readSpool(
  dir: string,
  partition: number,
): { readonly entries: PlacedEntry[]; readonly doubles: number } {
  const all = readPartition(dir, partition).map(parseEntry);
  all.sort((a, b) => compareNames(a.id, b.id) || compareDoubles(a, b));
  const entries = all.filter((entry, at) => entry.id !== all[at - 1]?.id);
  return { entries, doubles: all.length - entries.length };
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

function parseEntry(line: string): PlacedEntry {
  const [place, id, lastModified, row, allowed, downloads, bases, volatile, facts] = line.split('\t');
  return {
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
}

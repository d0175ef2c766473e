/** Evaluated models on their way to the data shards: parted by hash on disk, so that memory does not grow with them. */
import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareNames } from '../lib/compare.ts';
import { shardHash } from '../lib/hash.ts';
import { readLines } from '../lib/read-lines.ts';

/** One model, as little as the last stage needs. Text fields hold no tab and no newline: they are ids or JSON. */
export interface SpoolEntry {
  readonly id: string;
  readonly lastModified: string;
  /** Number of its row in the verdict table. */
  readonly row: number;
  readonly kind: string;
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
  readonly hash: string;
}

const PARTITIONS = 256;
/** A quarter of a MiB a partition keeps writes large and 64 MiB in all at most. */
const FLUSH_CHARS = 256 * 1024;

export class Spool {
  count = 0;
  readonly #dir: string;
  readonly #buffers: string[] = new Array(PARTITIONS).fill('');

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
  }

  add(entry: SpoolEntry): void {
    const hash = shardHash(entry.id);
    const partition = Number.parseInt(hash.slice(0, 2), 16);
    const { id, lastModified, row, kind, allowed, downloads, bases, volatile, facts } = entry;
    this.#buffers[partition] +=
      `${[hash, id, lastModified, row, kind, allowed ? 1 : 0, downloads, bases.join(' '), volatile, facts].join('\t')}\n`;
    this.count += 1;
    if ((this.#buffers[partition]?.length ?? 0) > FLUSH_CHARS) this.#flush(partition);
  }

  /**
   * Each partition once, in order of hash; entries sorted by id. Of doubles the newest counts, then the one that is
   * refused, then by content, so that the order of the input does not show. `keyOf` names a row by its content.
   */
  *partitions(
    keyOf: (row: number) => string,
  ): Generator<{ readonly entries: readonly PlacedEntry[]; readonly doubles: number }> {
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const all = this.#read(partition);
      if (all.length === 0) continue;
      all.sort((a, b) => compareNames(a.id, b.id) || compareDoubles(a, b, keyOf));
      const entries = all.filter((entry, at) => entry.id !== all[at - 1]?.id);
      yield { entries, doubles: all.length - entries.length };
    }
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #path(partition: number): string {
    return join(this.#dir, String(partition));
  }

  #flush(partition: number): void {
    if (this.#buffers[partition] === '') return;
    appendFileSync(this.#path(partition), this.#buffers[partition] ?? '');
    this.#buffers[partition] = '';
  }

  #read(partition: number): PlacedEntry[] {
    this.#flush(partition);
    const path = this.#path(partition);
    return existsSync(path) ? Array.from(readLines(path), parseEntry) : [];
  }
}

function compareDoubles(a: PlacedEntry, b: PlacedEntry, keyOf: (row: number) => string): number {
  const day = ({ lastModified }: PlacedEntry) => (lastModified === 'unknown' ? '' : lastModified);
  return (
    compareNames(day(b), day(a)) ||
    Number(a.allowed) - Number(b.allowed) ||
    compareNames(keyOf(a.row), keyOf(b.row)) ||
    compareNames(a.facts, b.facts) ||
    compareNames(a.volatile, b.volatile)
  );
}

function parseEntry(line: string): PlacedEntry {
  const [
    hash = '',
    id = '',
    lastModified = '',
    row,
    kind = '',
    allowed,
    downloads,
    bases = '',
    volatile = '',
    facts = '',
  ] = line.split('\t');
  return {
    hash,
    id,
    lastModified,
    row: Number(row),
    kind,
    allowed: allowed === '1',
    downloads: Number(downloads),
    bases: bases === '' ? [] : bases.split(' '),
    volatile,
    facts,
  };
}

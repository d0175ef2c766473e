/** Text parted by place into files on the disk, one set for each writer, so that memory does not grow with it. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PLACE_BITS } from './hash.ts';

/** 128 partitions: of three million models one holds 25 thousand. */
export const PARTITION_BITS = 7;
export const PARTITIONS = 2 ** PARTITION_BITS;
/** Large enough that files are opened seldom; 16 MiB a writer at the most. */
const FLUSH_CHARS = 128 * 1024;

export function partitionOf(place: number): number {
  return place >>> (PLACE_BITS - PARTITION_BITS);
}

export class PartedWriter {
  readonly #dir: string;
  readonly #writer: number;
  readonly #buffers: string[] = new Array(PARTITIONS).fill('');

  /** `writer` tells those apart that write into one folder. */
  constructor(dir: string, writer: number) {
    this.#dir = dir;
    this.#writer = writer;
    mkdirSync(dir, { recursive: true });
  }

  /** `text` ends with a newline. */
  add(partition: number, text: string): void {
    const buffer = (this.#buffers[partition] ?? '') + text;
    this.#buffers[partition] = buffer;
    if (buffer.length > FLUSH_CHARS) this.#flush(partition);
  }

  flush(): void {
    for (let partition = 0; partition < PARTITIONS; partition += 1) this.#flush(partition);
  }

  #flush(partition: number): void {
    const buffer = this.#buffers[partition];
    if (buffer) appendFileSync(join(this.#dir, `${partition}-${this.#writer}`), buffer);
    this.#buffers[partition] = '';
  }
}

/** The lines of a partition, by all its writers. */
export function readPartition(dir: string, partition: number): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.startsWith(`${partition}-`))
    .flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1));
}

export function removeParted(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

/**
 * Lines of text in partitions on disk, by hash prefix, so that memory does not grow with their number. Each writer has
 * one file of blocks and a list of which block belongs to which partition: opening a file for every partition would cost
 * more than writing it.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PREFIX_BITS } from '../format/hash-prefix.ts';
import { readFully } from '../lib/lines.ts';

/** The bits of a partition number: 128 partitions, each with 25 thousand of three million models. */
export const PARTITION_BITS = 7;
export const PARTITIONS = 2 ** PARTITION_BITS;
/** The bytes of a block: at most 16 MiB for each writer wait in memory. */
const BLOCK_BYTES = 128 * 1024;

export function partitionOf(prefix: number): number {
  return prefix >>> (PREFIX_BITS - PARTITION_BITS);
}

type Block = readonly [partition: number, start: number, bytes: number];

const BLOCKS = '.blocks.json';

export class PartitionWriter {
  readonly #path: string;
  /**
   * The block of each partition that is being filled. Text is copied here at once: a million strings would outlive the
   * young heap.
   */
  readonly #buffers: (Buffer | undefined)[] = new Array(PARTITIONS).fill(undefined);
  readonly #filled = new Int32Array(PARTITIONS);
  readonly #blocks: Block[] = [];
  #file: number | undefined;
  #end = 0;

  /** Creates a writer. The number `writer` separates its files from those of other writers in the same folder. */
  constructor(dir: string, writer: number) {
    mkdirSync(dir, { recursive: true });
    this.#path = join(dir, String(writer));
  }

  /** Adds text to a partition; `text` is ASCII and ends with a newline. */
  add(partition: number, text: string): void {
    if (text.length > BLOCK_BYTES) {
      this.#write(partition, Buffer.from(text, 'latin1'));
      return;
    }
    if ((this.#filled[partition] ?? 0) + text.length > BLOCK_BYTES) this.#writeBuffer(partition);
    let buffer = this.#buffers[partition];
    if (buffer === undefined) {
      buffer = Buffer.allocUnsafe(BLOCK_BYTES);
      this.#buffers[partition] = buffer;
    }
    const at = this.#filled[partition] ?? 0;
    this.#filled[partition] = at + buffer.write(text, at, 'latin1');
  }

  /** Writes everything to the disk before it returns. */
  flush(): void {
    for (let partition = 0; partition < PARTITIONS; partition += 1) this.#writeBuffer(partition);
    this.#buffers.fill(undefined);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    writeFileSync(this.#path + BLOCKS, JSON.stringify(this.#blocks));
  }

  #writeBuffer(partition: number): void {
    const buffer = this.#buffers[partition];
    if (buffer !== undefined) this.#write(partition, buffer.subarray(0, this.#filled[partition]));
    this.#filled[partition] = 0;
  }

  #write(partition: number, bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#file ??= openSync(this.#path, 'a');
    writeFileSync(this.#file, bytes);
    this.#blocks.push([partition, this.#end, bytes.length]);
    this.#end += bytes.length;
  }
}

/** Returns the lines of a partition, by all its writers. Blocks hold whole lines. */
export function readPartition(dir: string, partition: number): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(BLOCKS))
    .flatMap((name) => {
      const all = JSON.parse(readFileSync(join(dir, name), 'utf8')) as Block[];
      const blocks = all.filter(([of]) => of === partition);
      return blocks.length === 0 ? [] : readBlocks(join(dir, name.slice(0, -BLOCKS.length)), blocks);
    });
}

function readBlocks(path: string, blocks: readonly Block[]): string[] {
  const file = openSync(path, 'r');
  try {
    return blocks.flatMap(([, start, length]) => {
      const bytes = readFully(file, start, Buffer.allocUnsafe(length));
      if (bytes.length < length) throw new Error(`${path} is shorter than its list of blocks says.`);
      return bytes.toString('latin1').split('\n').slice(0, -1);
    });
  } finally {
    closeSync(file);
  }
}

/** Cuts out/ into files by the leading bits of the hash of a repo id. */
import { bitsFor } from '../format/hash-prefix.ts';
import { PARTITION_BITS, PARTITIONS } from '../judge/partitions.ts';

export interface Layout {
  /** The number of bits that name a data shard. */
  readonly shardBits: number;
  /** The number of bits that name a file of volatile facts. */
  readonly volatileBits: number;
}

/**
 * The most models in a data shard on average: 128 of them take some 20 KiB; docs/performance.md has the cost of other
 * cuts.
 */
const MODELS_PER_SHARD = 128;
/**
 * The difference in bits, so that a volatile file covers 16 data shards. It is rewritten every night, and a model takes
 * ten bytes in it.
 */
const VOLATILE_BITS_LESS = 4;

export function layoutFor(models: number): Layout {
  const shardBits = bitsFor(models, MODELS_PER_SHARD);
  return { shardBits, volatileBits: Math.max(0, shardBits - VOLATILE_BITS_LESS) };
}

/** Returns the groups of partitions that must be written together, because a file holds models of several. */
export function partitionGroups({ volatileBits }: Layout): number[][] {
  const groups = 2 ** Math.min(PARTITION_BITS, volatileBits);
  const size = PARTITIONS / groups;
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: size }, (_, at) => group * size + at),
  );
}

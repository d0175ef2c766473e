/** How out/ is cut into files, by the leading bits of the hash of a repo id. */
import { bitsFor } from '../format/hash-prefix.ts';
import { PARTITION_BITS, PARTITIONS } from '../judge/partitions.ts';

export interface Layout {
  /** Bits that name a data shard. */
  readonly shardBits: number;
  /** Bits that name a file of volatile facts. */
  readonly volatileBits: number;
}

/** A data shard holds 128 models at the most on average, some 20 KiB; docs/performance.md has what other cuts cost. */
const MODELS_PER_SHARD = 128;
/** A volatile file covers 16 data shards: it is rewritten every night, and a model takes ten bytes in it. */
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

/** How much memory a model takes on a worker, as callers ask it. */
import type { MemoryRule } from '../data/worker.ts';
import { estimateMemory as estimate, USUAL_CONTEXT } from '../evaluate/memory.ts';
import { factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';

export interface MemoryOptions {
  /** In tokens, such as 4,096, 8,192 or 32,768, counted up to the model's own. Default 8,192. */
  readonly contextLength?: number;
  /** The id of a variant; default: the first. */
  readonly variant?: string;
}

/** Bytes; `unknown` where a fact is missing. */
export interface Memory {
  readonly weightBytes: number | 'unknown';
  readonly cacheBytes: number | 'unknown';
  readonly overheadBytes: number;
  /** The sum, where all of it is known. */
  readonly totalBytes: number | 'unknown';
}

/** Returns the bytes that a variant of the model takes on the worker. */
export function estimateMemory(
  model: Pick<
    ModelMetadata,
    'parameters' | 'contextLength' | 'attention' | 'modelType' | 'ggufArchitecture' | 'variants'
  >,
  worker: { readonly memory: MemoryRule },
  { contextLength = USUAL_CONTEXT, variant: id }: MemoryOptions = {},
): Memory {
  const variant: Variant | undefined = model.variants.find((one) => id === undefined || one.id === id);
  const found = variant === undefined ? undefined : estimate(model, variant, worker, undefined);
  const { overheadBytes } = worker.memory;
  if (found === undefined || 'unknown' in found)
    return { weightBytes: 'unknown', cacheBytes: 'unknown', overheadBytes, totalBytes: 'unknown' };
  const own = factValue(model.contextLength) ?? contextLength;
  const cacheBytes = found.cacheBytes.get(Math.min(contextLength, own)) ?? 'unknown';
  const { weightBytes } = found;
  const totalBytes = cacheBytes === 'unknown' ? 'unknown' : weightBytes + cacheBytes + overheadBytes;
  return { weightBytes, cacheBytes, overheadBytes, totalBytes };
}

/** The memory of a model on the workers that run it, gathered for `explain`: each worker's recommended variant. */
import { estimateMemory, type MemoryEstimate, USUAL_CONTEXT } from './evaluate/memory.ts';
import { factValue, type ModelMetadata, type Variant } from './extract/metadata.ts';
import type { Tables } from './extract/tables.ts';
import type { MatrixModel } from './read/decode.ts';
import type { MemoryRule } from './workers/worker.ts';

export interface Advice {
  readonly variant: string;
  readonly memory: ReturnType<typeof estimateMemory>;
}

export interface SizedWorker {
  readonly id: string;
  readonly memory: MemoryRule;
}

/** Worker id -> advice, for workers that run the model. `attention` may be the base model's. */
export function adviseMemory(
  { facts, verdicts }: MatrixModel,
  attention: ModelMetadata['attention'],
  workers: readonly SizedWorker[],
  tables: Tables,
): Map<string, Advice> {
  const advice = new Map<string, Advice>();
  for (const worker of workers) {
    const recommended = verdicts.get(worker.id)?.recommendedVariant;
    const variant = facts.variants.find(({ id }) => id === recommended);
    if (variant === undefined) continue;
    const memory = estimateMemory({ ...facts, attention }, variant, worker, bitsOf(variant, tables));
    advice.set(worker.id, { variant: variant.id, memory });
  }
  return advice;
}

function bitsOf({ quantization }: Variant, tables: Tables): number | undefined {
  return tables.bitsPerWeight.get((factValue(quantization) ?? '').replace(/^UD-/, ''));
}

/** One line: what it is made of, and the devices that hold it. */
export function describeMemory({ variant, memory }: Advice): string {
  if ('unknown' in memory) return `memory of ${variant}: unknown, ${memory.unknown}`;
  const weights = `${gigabytes(memory.weightBytes)} of weights (${memory.weightsFrom})`;
  const overhead = memory.overheadBytes > 0 ? ` + ${gigabytes(memory.overheadBytes)} of overhead` : '';
  const [context, cache] = usualCache(memory);
  if (context === undefined || cache === undefined) {
    return `memory of ${variant}: ${weights}${overhead}; the cache is unknown, no config.json tells the attention's shape`;
  }
  const total = gigabytes(memory.weightBytes + memory.overheadBytes + cache);
  const device =
    memory.smallestDeviceGb === 'none' ? 'more than 192 GB' : `a device of ${memory.smallestDeviceGb} GB`;
  return `memory of ${variant}: ${weights} + ${gigabytes(cache)} for ${context} tokens${overhead} = ${total}: ${device}`;
}

function usualCache({ cacheBytes }: MemoryEstimate): readonly [number?, number?] {
  const contexts = [...cacheBytes.keys()].filter((tokens) => tokens <= USUAL_CONTEXT);
  const context = contexts.length === 0 ? undefined : Math.max(...contexts);
  return context === undefined ? [] : [context, cacheBytes.get(context) ?? 0];
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

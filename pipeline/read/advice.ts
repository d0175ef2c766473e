/** The memory of a model on the workers that run it, gathered for `explain`: each worker's recommended variant. */

import type { MemoryRule } from '../data/worker.ts';
import { bitsOf, DEVICE_GB, estimateMemory, type MemoryEstimate, USUAL_CONTEXT } from '../evaluate/memory.ts';
import { factValue } from '../extract/metadata.ts';
import type { MatrixModel } from '../format/decode.ts';

export interface Advice {
  readonly variant: string;
  readonly memory: ReturnType<typeof estimateMemory>;
  /** Device in GB -> the largest variant, and so the best kept, that it holds at the usual context. */
  readonly bestOn: ReadonlyMap<number, string>;
}

export interface SizedWorker {
  readonly id: string;
  readonly memory: MemoryRule;
}

/** Worker id -> advice, for workers that run the model. */
export function adviseMemory(
  { facts, verdicts }: MatrixModel,
  workers: readonly SizedWorker[],
  bitsPerWeight: ReadonlyMap<string, number>,
): Map<string, Advice> {
  const advice = new Map<string, Advice>();
  for (const worker of workers) {
    const verdict = verdicts.get(worker.id);
    const sized = facts.variants
      .filter(({ id }) => verdict?.variants.includes(id))
      .map((variant) => ({
        variant: variant.id,
        memory: estimateMemory(
          facts,
          variant,
          worker,
          bitsOf(factValue(variant.quantization) ?? '', bitsPerWeight),
        ),
      }));
    const recommended = sized.find(({ variant }) => variant === verdict?.recommendedVariant);
    if (recommended !== undefined) advice.set(worker.id, { ...recommended, bestOn: bestOnDevices(sized) });
  }
  return advice;
}

type Sized = Pick<Advice, 'variant' | 'memory'>;

function bestOnDevices(sized: readonly Sized[]): Map<number, string> {
  const best = new Map<number, string>();
  for (const device of DEVICE_GB) {
    const fitting = sized.filter(
      ({ memory }) => 'smallestDeviceGb' in memory && fits(memory.smallestDeviceGb, device),
    );
    const largest = fitting.reduce<Sized | undefined>(
      (a, b) => (a === undefined || weightOf(b) > weightOf(a) ? b : a),
      undefined,
    );
    if (largest !== undefined) best.set(device, largest.variant);
  }
  return best;
}

function fits(smallest: MemoryEstimate['smallestDeviceGb'], device: number): boolean {
  return typeof smallest === 'number' && smallest <= device;
}

function weightOf({ memory }: Sized): number {
  return 'weightBytes' in memory ? memory.weightBytes : 0;
}

/** `8 GB gguf:Q4_K_M, 16 GB gguf:Q8_0`: only where a larger device holds a better variant. Empty for one variant. */
export function describeDevices({ bestOn }: Advice): string | undefined {
  const steps = [...bestOn].filter(([, variant], at, all) => variant !== all[at - 1]?.[1]);
  if (steps.length < 2) return undefined;
  return `best by device: ${steps.map(([device, variant]) => `${device} GB ${variant}`).join(', ')}`;
}

/** One line: what it is made of, and the smallest device that holds it. */
export function describeMemory({ variant, memory }: Sized): string {
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

/** All that it takes at the usual context, in bytes; undefined where the cache is not known. */
export function totalBytes(memory: MemoryEstimate): number | undefined {
  const [, cache] = usualCache(memory);
  return cache === undefined ? undefined : memory.weightBytes + memory.overheadBytes + cache;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

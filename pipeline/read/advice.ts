/** The memory of a model on the workers that run it, for pages and `explain`, by each worker's recommended variant. */

import {
  type CacheFrom,
  estimateMemory,
  type MemoryEstimate,
  type MemoryFrom,
  type SizingWorker,
} from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import type { MatrixModel } from '../format/decode.ts';

export interface Advice {
  /** The memory of the recommended variant at the usual context. */
  readonly memory: MemoryEstimate;
  /** Device in GB -> the largest variant, which loses the least quality, that it holds at the usual context. */
  readonly bestOn: ReadonlyMap<number, string>;
}

export type SizedWorker = SizingWorker & { readonly id: string };

/** Returns worker id -> advice, for workers that run the model. */
export function adviseMemory(
  { facts, verdicts }: MatrixModel,
  workers: readonly SizedWorker[],
  bitsPerWeight: ReadonlyMap<string, number>,
): Map<string, Advice> {
  const advice = new Map<string, Advice>();
  for (const worker of workers) {
    const verdict = verdicts.get(worker.id);
    const recommended = verdict?.recommendedVariant ?? undefined;
    if (verdict === undefined || recommended === undefined) continue;
    const estimates = verdict.variants.map((variant) =>
      estimateMemory(facts, worker, { variant, bitsPerWeight }),
    );
    const memory = estimates.find(({ variant }) => variant === recommended);
    if (memory !== undefined) advice.set(worker.id, { memory, bestOn: bestOnDevices(estimates) });
  }
  return advice;
}

function bestOnDevices(estimates: readonly MemoryEstimate[]): Map<number, string> {
  const best = new Map<number, string>();
  for (const device of DEVICE_GB) {
    const fitting = estimates.filter((estimate) => estimate.fits(device));
    const largest = fitting.reduce<MemoryEstimate | undefined>(
      (a, b) => (a === undefined || Number(b.weightBytes) > Number(a.weightBytes) ? b : a),
      undefined,
    );
    if (largest?.variant !== undefined) best.set(device, largest.variant);
  }
  return best;
}

/**
 * Returns a text such as `8 GB gguf:Q4_K_M, 16 GB gguf:Q8_0`, with a device only where it holds a better variant than
 * smaller ones; undefined for one variant.
 */
export function describeDevices({ bestOn }: Advice): string | undefined {
  const steps = [...bestOn].filter(([, variant], at, all) => variant !== all[at - 1]?.[1]);
  if (steps.length < 2) return undefined;
  return `best by device: ${steps.map(([device, variant]) => `${device} GB ${variant}`).join(', ')}`;
}

/** Describes memory in one line: how much, how sure, its parts, and the smallest usual device that holds it. */
export function describeMemory(memory: MemoryEstimate): string {
  const { variant, weightBytes, cacheBytes, overheadBytes, totalBytes, grade, from } = memory;
  if (weightBytes === 'unknown' || totalBytes === 'unknown')
    return `memory of ${variant}: unknown, neither the sizes of the files nor the number of weights is known`;
  const parts = [
    `${gigabytes(weightBytes)} of weights (${from.weights})`,
    ...(typeof cacheBytes === 'number' && cacheBytes > 0
      ? [`${gigabytes(cacheBytes)} of cache (${CACHE_WORDS[from.cache]})`]
      : []),
    ...(overheadBytes > 0 ? [`${gigabytes(overheadBytes)} of ${overheadWords(from)}`] : []),
  ];
  const context = from.cache === 'no cache' ? '' : ` at ${memory.contextLength} tokens`;
  const device = DEVICE_GB.find((gb) => memory.fits(gb));
  const needs = device === undefined ? `more than ${DEVICE_GB.at(-1)} GB` : `a device of ${device} GB`;
  return `memory of ${variant}${context}, ${grade}: ${parts.join(' + ')} = ${gigabytes(totalBytes)}: ${needs}${comesOnTop(from)}`;
}

const CACHE_WORDS: Readonly<Record<CacheFrom, string>> = {
  config: 'config',
  'config-default': 'default of the config class',
  gguf: 'GGUF header',
  'base-model': 'base model',
  'same-size': 'models of the same size',
  'no cache': 'none',
  unknown: 'unknown',
};

function overheadWords({ working }: MemoryFrom): string {
  return working === 'pipeline class' ? 'overhead and working memory (pipeline class)' : 'overhead';
}

function comesOnTop({ cache, working }: MemoryFrom): string {
  if (working === 'unknown') return '; the working memory of the pipeline comes on top';
  if (working === 'other parts') return '; the other parts of the pipeline come on top';
  return cache === 'unknown' ? '; the cache comes on top, the shape of the attention is not known' : '';
}

/** Formats bytes as `6.28 GB`, of 10^9 bytes each. */
function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** The memory of a model on the workers that run it, for pages and `explain`, by each worker's recommended variant. */

import { estimateMemory, type MemoryEstimate, type SizingWorker } from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import type { MatrixModel } from '../format/decode.ts';
import { bestVariants } from './sentences.ts';

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
 * Names the best variant for each usual device, with a device only where it holds a better one than smaller devices;
 * undefined for one variant.
 */
export function describeDevices({ bestOn }: Advice): string | undefined {
  const steps = [...bestOn].filter(([, variant], at, all) => variant !== all[at - 1]?.[1]);
  if (steps.length < 2) return undefined;
  return bestVariants(steps);
}

export { describeMemory } from './sentences.ts';

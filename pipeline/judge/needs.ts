/** The device that a model on the allowlist needs, for each group of workers for which it takes the same memory. */

import type { Worker } from '../data/worker.ts';
import { estimateMemory, type SizedModel, type SizingWorker } from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import { widthOf } from '../evaluate/memory-weights.ts';
import { known, type Variant } from '../extract/metadata.ts';
import { decodeVariant } from '../format/decode.ts';
import {
  decodeAttention,
  type EncodedSet,
  type OwnFacts,
  type SharedFacts,
  splitVariantId,
} from '../format/encoding.ts';

/**
 * Workers in groups: those of one group take the same variants, compute memory by the same rule, and can use the same
 * share of a device.
 */
export interface MemoryGroups {
  /** The number of the group of each worker. */
  readonly of: readonly number[];
  /** One worker of each group, which represents all. */
  readonly workers: readonly SizingWorker[];
}

/** Groups the workers, in their order. A group is most often all backends of a program except Metal. */
export function groupByMemory(
  workers: readonly Pick<Worker, 'backend' | 'memory' | 'accepts'>[],
): MemoryGroups {
  const names = workers.map(({ backend, memory, accepts }) =>
    JSON.stringify([backend === 'metal', memory, accepts]),
  );
  const distinct = [...new Set(names)];
  return {
    of: names.map((name) => distinct.indexOf(name)),
    workers: distinct.flatMap((name) => workers[names.indexOf(name)] ?? []),
  };
}

/** A group that runs a model, and the places of the variants that it runs. */
export type GroupRuns = readonly [group: number, ...places: number[]];

/** Returns the groups that run a model. `sets` has, for each worker that runs it, the variants that it runs. */
export function groupRuns(
  { of }: MemoryGroups,
  sets: readonly (EncodedSet | undefined)[],
  variants: number,
): GroupRuns[] {
  const runs = new Map<number, Set<number>>();
  for (const [at, set] of sets.entries()) {
    const group = of[at];
    if (set === undefined || group === undefined) continue;
    const [, ...some] = set;
    const places = runs.get(group) ?? new Set<number>();
    for (const place of some.length === 0 ? Array(variants).keys() : some) places.add(place);
    runs.set(group, places);
  }
  return [...runs].map(([group, places]) => [group, ...places]);
}

/** The shared facts of a row that determine the memory of its models. */
export type NeedFacts = Pick<SharedFacts, 'k' | 'm' | 'c' | 'g'>;

/**
 * The smallest usual device, in GB, that holds some variant at the usual context. It is below 0 where the cache takes
 * more memory on top; 0 where no usual device holds any; null where the group does not run the model, or not even its
 * weights can be sized.
 */
export type Need = number | null;

/** Returns the need of each group. */
export function needsOf(
  shared: NeedFacts,
  own: OwnFacts,
  { groups, runs }: { readonly groups: MemoryGroups; readonly runs: readonly GroupRuns[] },
  bitsPerWeight: ReadonlyMap<string, number>,
): Need[] {
  const model = sizedModel(shared, own);
  const needs: Need[] = groups.workers.map(() => null);
  for (const [group, ...places] of runs) {
    const worker = groups.workers[group];
    if (worker !== undefined) needs[group] = needOf(model, places, worker, bitsPerWeight);
  }
  return needs;
}

function needOf(
  model: SizedModel,
  places: readonly number[],
  worker: SizingWorker,
  bitsPerWeight: ReadonlyMap<string, number>,
): Need {
  const running = places.flatMap((at) => model.variants[at] ?? []);
  const needs = smallestOfFormats(running, bitsPerWeight).flatMap((variant) => {
    const estimate = estimateMemory(model, worker, { variant, bitsPerWeight });
    if (estimate.grade === 'unknown') return [];
    const device = DEVICE_GB.find((gb) => estimate.fits(gb)) ?? Number.POSITIVE_INFINITY;
    return [{ device, atLeast: estimate.grade === 'at least' }];
  });
  const [least] = needs.sort((a, b) => a.device - b.device || Number(a.atLeast) - Number(b.atLeast));
  if (least === undefined) return null;
  if (least.device === Number.POSITIVE_INFINITY) return 0;
  return least.atLeast ? -least.device : least.device;
}

/**
 * Returns the variants of each format that may need the smallest device: of known sizes the smallest; of GGUF files of
 * unknown size, which a worker keeps as they are stored, the one with the fewest bits a weight, and those whose label has no width.
 */
function smallestOfFormats(
  variants: readonly Variant[],
  bitsPerWeight: ReadonlyMap<string, number>,
): Variant[] {
  const smallest = new Map<string, Variant & { readonly sizeBytes: number }>();
  const unsized: Variant[] = [];
  let narrowest: { readonly variant: Variant; readonly bits: number } | undefined;
  for (const variant of variants) {
    const { id, format, sizeBytes } = variant;
    const bits = format === 'gguf' ? widthOf(splitVariantId(id).label, bitsPerWeight) : undefined;
    if (sizeBytes !== 'unknown') {
      if (sizeBytes < (smallest.get(format)?.sizeBytes ?? Number.POSITIVE_INFINITY))
        smallest.set(format, { ...variant, sizeBytes });
    } else if (bits === undefined) unsized.push(variant);
    else if (bits < (narrowest?.bits ?? Number.POSITIVE_INFINITY)) narrowest = { variant, bits };
  }
  return [...smallest.values(), ...(narrowest === undefined ? [] : [narrowest.variant]), ...unsized];
}

/** Returns the model as a reader of out/ finds it. The source of a fact does not matter here. */
function sizedModel({ k, m, c, g }: NeedFacts, { p, x, A, v = [] }: OwnFacts): SizedModel {
  const fact = <T>(value: T | undefined) => (value === undefined ? 'unknown' : known(value, 'listing'));
  return {
    kind: fact(k as never),
    modelType: fact(m),
    architectureClass: fact(c),
    ggufArchitecture: fact(g),
    parameters: { total: fact(p), active: 'unknown' },
    contextLength: fact(x),
    attention: A === undefined ? 'unknown' : decodeAttention(A),
    variants: v.map(decodeVariant),
  };
}

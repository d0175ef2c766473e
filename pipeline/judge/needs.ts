/** The device that a model on the allowlist needs, for each group of workers for which it takes the same memory. */

import type { Worker } from '../data/worker.ts';
import {
  estimateVariant,
  type SizedModel,
  type SizedVariant,
  type SizingWorker,
} from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import { widthOf } from '../evaluate/memory-weights.ts';
import { known } from '../extract/metadata.ts';
import {
  decodeAttention,
  type EncodedSet,
  type OwnFacts,
  type SharedFacts,
  splitVariantId,
} from '../format/encoding.ts';
import { groupBy } from '../lib/group.ts';

/**
 * Workers in groups: those of one group take the same variants, compute memory by the same rule, and can use the same
 * share of a device.
 */
export interface MemoryGroups {
  /** The number of the group of each worker. */
  readonly of: readonly number[];
  /** One worker of each group, which represents all. */
  readonly workers: readonly SizingWorker[];
  /** For each group, the first that computes memory like it, whatever it runs. */
  readonly sizedLike: readonly number[];
}

/** Groups the workers, in their order. A group is most often all backends of a program except Metal. */
export function groupByMemory(
  workers: readonly Pick<Worker, 'backend' | 'memory' | 'accepts'>[],
): MemoryGroups {
  const names = workers.map(({ backend, memory, accepts }) =>
    JSON.stringify([backend === 'metal', memory, accepts]),
  );
  const distinct = [...new Set(names)];
  const represented = distinct.flatMap((name) => workers[names.indexOf(name)] ?? []);
  const rules = represented.map(({ backend, memory }) => JSON.stringify([backend === 'metal', memory]));
  return {
    of: names.map((name) => distinct.indexOf(name)),
    workers: represented,
    sizedLike: rules.map((rule) => rules.indexOf(rule)),
  };
}

/** Groups that compute memory alike and run the same variants of a model, and the numbers of the sets that hold these. */
export interface GroupRuns {
  readonly groups: readonly number[];
  readonly sets: readonly number[];
}

/** Returns the groups that run a model. `setOf` has, for each worker that runs it, its number among the sets. */
export function groupRuns(
  { of, sizedLike }: MemoryGroups,
  setOf: readonly (number | undefined)[],
): GroupRuns[] {
  const setsOf = new Map<number, Set<number>>();
  for (const [at, set] of setOf.entries()) {
    const group = of[at];
    if (set === undefined || group === undefined) continue;
    const sets = setsOf.get(group) ?? new Set<number>();
    setsOf.set(group, sets.add(set));
  }
  const alike = groupBy(setsOf, ([group, sets]) => `${sizedLike[group]} ${[...sets].join()}`);
  return [...alike.values()].map((runs) => ({
    groups: runs.map(([group]) => group),
    sets: [...(runs[0]?.[1] ?? [])],
  }));
}

/**
 * The smallest usual device, in GB, that holds some variant at the usual context. It is below 0 where the cache takes
 * more memory on top; 0 where no usual device holds any; null where the group does not run the model, or not even its
 * weights can be sized.
 */
export type Need = number | null;

/** The groups of the workers, and the average bits per weight of labels. */
export interface Sizing {
  readonly groups: MemoryGroups;
  readonly bitsPerWeight: ReadonlyMap<string, number>;
}

/** A model that some groups run, and its sets of variants. */
export interface RunModel extends Omit<SizedModel, 'variants'> {
  readonly variants: readonly SizedVariant[];
  readonly sets: readonly EncodedSet[];
  readonly runs: readonly GroupRuns[];
}

/** Returns the need of each group. */
export function needsOf(model: RunModel, { groups, bitsPerWeight }: Sizing): Need[] {
  const needs: Need[] = groups.workers.map(() => null);
  const smallest = new Map<string, readonly SizedVariant[]>();
  for (const { groups: alike, sets } of model.runs) {
    const worker = groups.workers[alike[0] ?? -1];
    if (worker === undefined) continue;
    const name = sets.join();
    const variants = smallest.get(name) ?? smallestOfFormats(variantsOf(model, sets), bitsPerWeight);
    smallest.set(name, variants);
    const need = needOf(model, variants, worker, bitsPerWeight);
    for (const group of alike) needs[group] = need;
  }
  return needs;
}

/** Returns the variants of some of the sets. */
function variantsOf(
  { variants, sets }: Pick<RunModel, 'variants' | 'sets'>,
  numbers: readonly number[],
): readonly SizedVariant[] {
  const places = new Set<number>();
  for (const number of numbers) {
    const [, ...some] = sets[number] ?? [-1];
    if (some.length === 0) return variants;
    for (const place of some) places.add(place);
  }
  return [...places].flatMap((at) => variants[at] ?? []);
}

function needOf(
  model: RunModel,
  variants: readonly SizedVariant[],
  worker: SizingWorker,
  bitsPerWeight: ReadonlyMap<string, number>,
): Need {
  let least = Number.POSITIVE_INFINITY;
  let isMore = true;
  let isKnown = false;
  for (const variant of variants) {
    const { grade, fits } = estimateVariant(model, worker, variant, { bitsPerWeight });
    if (grade === 'unknown') continue;
    isKnown = true;
    const device = DEVICE_GB.find(fits) ?? Number.POSITIVE_INFINITY;
    const atLeast = grade === 'at least';
    if (device > least || (device === least && atLeast)) continue;
    least = device;
    isMore = atLeast;
  }
  if (!isKnown) return null;
  if (least === Number.POSITIVE_INFINITY) return 0;
  return isMore ? -least : least;
}

/**
 * Returns the variants of each format that may need the smallest device: of known sizes the smallest; of GGUF files of
 * unknown size, which a worker keeps as they are stored, the one with the fewest bits a weight, and those whose label has no width.
 */
function smallestOfFormats(
  variants: readonly SizedVariant[],
  bitsPerWeight: ReadonlyMap<string, number>,
): SizedVariant[] {
  const smallest = new Map<string, SizedVariant & { readonly sizeBytes: number }>();
  const unsized: SizedVariant[] = [];
  let narrowest: { readonly variant: SizedVariant; readonly bits: number } | undefined;
  for (const variant of variants) {
    const { label, format, sizeBytes } = variant;
    if (sizeBytes !== 'unknown') {
      if (sizeBytes < (smallest.get(format)?.sizeBytes ?? Number.POSITIVE_INFINITY))
        smallest.set(format, { ...variant, sizeBytes });
      continue;
    }
    const bits = format === 'gguf' ? widthOf(label, bitsPerWeight) : undefined;
    if (bits === undefined) unsized.push(variant);
    else if (bits < (narrowest?.bits ?? Number.POSITIVE_INFINITY)) narrowest = { variant, bits };
  }
  return [...smallest.values(), ...(narrowest === undefined ? [] : [narrowest.variant]), ...unsized];
}

/** Returns the model as a reader of out/ finds it. The source of a fact does not matter here. */
export function runModel(
  { k, m, c, g }: SharedFacts,
  { p, x, A, r = [], v = [] }: OwnFacts,
  runs: readonly GroupRuns[],
): RunModel {
  const fact = <T>(value: T | undefined) => (value === undefined ? 'unknown' : known(value, 'listing'));
  return {
    kind: fact(k as never),
    modelType: fact(m),
    architectureClass: fact(c),
    ggufArchitecture: fact(g),
    parameters: { total: fact(p), active: 'unknown' },
    contextLength: fact(x),
    attention: A === undefined ? 'unknown' : decodeAttention(A),
    variants: v.map(([id, , , bytes]) => ({
      id,
      ...splitVariantId(id),
      sizeBytes: bytes < 0 ? 'unknown' : bytes,
    })),
    sets: r,
    runs,
  };
}

/** Finds the evidence of a worker that counts for a model, and the nearest run. */

import { type Accept, type Evidence, isRun, type Worker } from '../data/worker.ts';
import { factValue, type Kind, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import { groupBy } from '../lib/group.ts';
import { matchedName } from './match.ts';

/** The labels that name no method: plain numbers and no declaration; all GGUF labels are of one method. */
const PLAIN = new Set(['BF16', 'F16', 'F32', 'F64', 'float', 'undeclared']);

/** The ratio from which a model is much larger than any run: it is split over devices, and fills memory. */
const MUCH_LARGER = 4;

/** Tells whether the program itself ran it. */
export function isOwnRun(run: Evidence): boolean {
  return run.via === undefined && isRun(run);
}

/** Tells whether some of it shows that the program, or what it is built on, works on the backend at all. */
export function touchBackend(evidence: readonly Evidence[]): boolean {
  let touches = TOUCHING.get(evidence);
  if (touches === undefined) {
    touches = evidence.some(
      (run) => isRun(run) || run.strength === 'built-in-ci' || run.strength === 'random-weights',
    );
    TOUCHING.set(evidence, touches);
  }
  return touches;
}

const TOUCHING = new WeakMap<readonly Evidence[], boolean>();

/** Evidence by format and loader key, so that a model looks up only its own. */
const INDEXES = new WeakMap<readonly Evidence[], ReadonlyMap<string, readonly Evidence[]>>();

function indexOf(evidence: readonly Evidence[]): ReadonlyMap<string, readonly Evidence[]> {
  let index = INDEXES.get(evidence);
  if (index === undefined) {
    index = groupBy(evidence, ({ format, key }) => `${format} ${key}`);
    INDEXES.set(evidence, index);
  }
  return index;
}

/** Returns evidence of the same loader key, kind and format. */
export function runsLike(
  model: ModelMetadata,
  evidence: readonly Evidence[],
  { format, match }: Accept,
): readonly Evidence[] {
  const key = matchedName(model, match);
  const kind: Kind | undefined = factValue(model.kind);
  if (key === undefined) return [];
  return (indexOf(evidence).get(`${format} ${key}`) ?? []).filter((run) => run.kind === kind);
}

/** Returns the methods with which the variants are quantized; '' for none. */
export function methodsOf(variants: readonly Variant[]): ReadonlySet<string> {
  return new Set(
    variants.map(({ format, quantization }) => {
      const label = factValue(quantization) ?? 'undeclared';
      return format === 'gguf' || PLAIN.has(label) ? '' : label;
    }),
  );
}

/**
 * Returns the run of the same repository, else of its base model, else the nearest in parameters; the first
 * of equals.
 */
export function nearestRun(model: ModelMetadata, runs: readonly Evidence[]): Evidence | undefined {
  return runs.reduce<Evidence | undefined>(
    (best, run) => (best === undefined || distance(model, run) < distance(model, best) ? run : best),
    undefined,
  );
}

function distance(model: ModelMetadata, run: Evidence): number {
  if (run.model === model.id) return -2;
  if (isBase(model, run)) return -1;
  const own = factValue(model.parameters.total);
  if (own === undefined || run.parameters === undefined) return Number.MAX_VALUE;
  return Math.abs(Math.log(own / run.parameters));
}

export function isBase({ baseModels }: ModelMetadata, { model }: Evidence): boolean {
  return model !== undefined && baseModels.ids.includes(model);
}

/** Returns the largest model that was run, where the model is much larger than it and all sizes are known. */
export function outgrown(model: ModelMetadata, runs: readonly Evidence[]): Evidence | undefined {
  const own = factValue(model.parameters.total);
  if (own === undefined) return undefined;
  const largest = runs.reduce((a, b) => ((b.parameters ?? Infinity) > (a.parameters ?? Infinity) ? b : a));
  return own > MUCH_LARGER * (largest.parameters ?? Infinity) ? largest : undefined;
}

/**
 * Tells which models share their nearest runs: by the repositories that were run, and the sizes between which
 * they lie.
 */
export class RunSizes {
  readonly #models: ReadonlySet<string>;
  /** Loader key -> format -> the parameters at which the answer may change, sorted. */
  readonly #limits: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

  constructor(workers: readonly Worker[]) {
    const runs = workers.flatMap(({ evidence = [] }) => evidence.filter(isRun));
    this.#models = new Set(runs.flatMap(({ model }) => model ?? []));
    const byKey = groupBy(runs, ({ key }) => key);
    this.#limits = new Map([...byKey].map(([key, alike]) => [key, limitsByFormat(alike)]));
  }

  /** Returns a key that is equal for models whose nearest runs are the same, given equal other facts. */
  keyOf(model: ModelMetadata): string {
    return `${this.#namedRuns(model)} ${this.#placeOf(model)}`;
  }

  /** Returns the model and its base models, where one of them was run. */
  #namedRuns({ id, baseModels: { ids } }: ModelMetadata): string {
    if (!this.#models.has(id) && !ids.some((base) => this.#models.has(base))) return '';
    return [id, ...ids].map((repo) => (this.#models.has(repo) ? repo : '')).join();
  }

  #placeOf({ variants, modelType, architectureClass, ggufArchitecture, parameters }: ModelMetadata): string {
    const own = factValue(parameters.total);
    let places = '';
    for (const fact of [modelType, architectureClass, ggufArchitecture]) {
      const limits = fact === 'unknown' ? undefined : this.#limits.get(fact.value);
      if (limits === undefined) continue;
      for (const [format, some] of limits)
        if (variants.some((variant) => variant.format === format))
          places += `${own === undefined ? '?' : placeAmong(some, own)},`;
    }
    return places;
  }
}

function limitsByFormat(runs: readonly Evidence[]): ReadonlyMap<string, readonly number[]> {
  const byFormat = groupBy(runs, ({ format }) => format);
  return new Map(
    [...byFormat].flatMap(([format, alike]) => {
      const sizes = new Set(alike.flatMap(({ parameters }) => parameters ?? []));
      return sizes.size === 0 ? [] : [[format, limitsOf([...sizes])] as const];
    }),
  );
}

/**
 * Returns the sizes at which the nearest run changes: halfway between any two, as ratios, and four times
 * each, beyond which it is outgrown.
 */
function limitsOf(sizes: readonly number[]): number[] {
  const halves = sizes.flatMap((a, at) => sizes.slice(at + 1).map((b) => Math.sqrt(a * b)));
  return [...new Set([...halves, ...sizes.map((size) => size * MUCH_LARGER)])].sort((a, b) => a - b);
}

/** Returns how many of the sorted limits a number is above. */
function placeAmong(limits: readonly number[], value: number): number {
  let [low, high] = [0, limits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (limits[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

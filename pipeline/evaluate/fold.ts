/**
 * Folds the GGUF variants that no worker tells from another into the one that would be recommended: a repository has
 * dozens of them, with another choice of labels each time, and its verdicts rest on what kinds of labels there are.
 */
import type { Layout } from '../data/vocabulary.ts';
import type { Accept, Worker } from '../data/worker.ts';
import { factValue, type Variant } from '../extract/metadata.ts';
import { compareNames } from '../lib/compare.ts';
import { isBetter } from './recommend.ts';
import { isRead } from './route.ts';

/** Variants without those that are like another. */
export interface Folded {
  readonly variants: readonly Variant[];
  /**
   * For each of these variants the places, among all, of it and then of those that it stands for; undefined where nothing
   * was folded.
   */
  readonly places?: readonly (readonly number[])[];
  /**
   * For each of these variants all that verdicts depend on, where that is less than its label; undefined where labels
   * matter.
   */
  readonly likenesses?: readonly (string | undefined)[];
}

/** The most ways in that are told apart, a bit each. */
const MOST_WAYS = 30;

/** Variants that are alike, by their places among all. */
interface Alike {
  readonly likeness: string | undefined;
  /** The place of the one that would be recommended. */
  best: number;
  readonly places: number[];
}

export class Folder {
  /** The distinct ways into workers for GGUF files; none where a worker looks at more than their labels. */
  readonly #ways: readonly Accept[];
  /** Label -> the ways that read it, a bit each. */
  readonly #readers = new Map<string, number>();
  /** Layout -> the ways that look for files there. */
  readonly #lookers: ReadonlyMap<Layout, number>;

  constructor(workers: readonly Worker[]) {
    const ways = workers.flatMap(({ accepts }) => accepts.filter(({ format }) => format === 'gguf'));
    const distinct = new Map(
      ways.map((way) => [JSON.stringify([way.quantizations, way.exceptQuantizations, way.layouts]), way]),
    );
    const convertible = workers.some(({ accepts }) =>
      accepts.some(({ conversions = [] }) => conversions.some(({ from }) => from === 'gguf')),
    );
    const simple =
      !convertible && ways.every(({ graphs, methods }) => graphs === undefined && methods === undefined);
    this.#ways = simple && distinct.size <= MOST_WAYS ? [...distinct.values()] : [];
    this.#lookers = new Map(
      (['root', 'folder', 'diffusers'] as const).map((layout) => [
        layout,
        this.#bitsOf(({ layouts }) => layouts.includes(layout)),
      ]),
    );
  }

  /** Folds the variants of a model. */
  fold(variants: readonly Variant[]): Folded {
    if (this.#ways.length === 0) return { variants };
    const first = variants.findIndex(({ format }) => format === 'gguf');
    if (first < 0) return { variants };
    const groups = this.#group(variants);
    const settled = this.#isSettled(variants);
    if (!settled && (groups.length === variants.length || !this.#allRead(variants))) return { variants };
    const placeOf = ({ likeness, best }: Alike) => (settled && likeness !== undefined ? first : best);
    groups.sort((a, b) => placeOf(a) - placeOf(b) || compareNames(a.likeness ?? '', b.likeness ?? ''));
    return {
      variants: groups.map(({ best }) => variants[best] as Variant),
      places: groups.map(({ best, places }) => [best, ...places.filter((place) => place !== best)]),
      ...(settled ? { likenesses: groups.map(({ likeness }) => likeness) } : {}),
    };
  }

  #group(variants: readonly Variant[]): Alike[] {
    const groups: Alike[] = [];
    const byLikeness = new Map<string, Alike>();
    for (let at = 0; at < variants.length; at += 1) {
      const variant = variants[at] as Variant;
      const likeness = this.#likenessOf(variant);
      const alike = likeness === undefined ? undefined : byLikeness.get(likeness);
      if (alike === undefined) {
        const group = { likeness, best: at, places: [at] };
        groups.push(group);
        if (likeness !== undefined) byLikeness.set(likeness, group);
        continue;
      }
      alike.places.push(at);
      if (isBetter(variant, variants[alike.best] as Variant)) alike.best = at;
    }
    return groups;
  }

  /** Returns all that rules ask of a GGUF file with all its parts; undefined of other variants. */
  #likenessOf(variant: Variant): string | undefined {
    const label = labelToFold(variant);
    if (label === undefined) return undefined;
    const { layout, weightShards } = variant;
    return `${layout}${weightShards === 1 ? '' : ' split'} ${this.#readersOf(label)}`;
  }

  /**
   * Tells whether the variant that would be recommended of all is one that every way in loads: then no verdict names a
   * label, neither one that is not read nor one that would be nearer to the usual.
   */
  #isSettled(variants: readonly Variant[]): boolean {
    let best: Variant | undefined;
    for (const variant of variants)
      if (variant.format === 'gguf' && (best === undefined || isBetter(variant, best))) best = variant;
    const label = best === undefined ? undefined : labelToFold(best);
    if (best === undefined || label === undefined || best.weightShards !== 1) return false;
    const all = 2 ** this.#ways.length - 1;
    return this.#readersOf(label) === all && this.#lookers.get(best.layout) === all;
  }

  /** Tells whether each way in reads some variant where it looks: then no verdict lists the labels that are not read. */
  #allRead(variants: readonly Variant[]): boolean {
    const read = new Map<Layout, number>();
    for (const variant of variants) {
      const label = labelToFold(variant);
      if (label === undefined) continue;
      read.set(variant.layout, (read.get(variant.layout) ?? 0) | this.#readersOf(label));
    }
    return [...read].every(([layout, readers]) => ((this.#lookers.get(layout) ?? 0) & ~readers) === 0);
  }

  #readersOf(label: string): number {
    let readers = this.#readers.get(label);
    if (readers === undefined) {
      readers = this.#bitsOf((way) => isRead(label, way));
      this.#readers.set(label, readers);
    }
    return readers;
  }

  #bitsOf(test: (way: Accept) => boolean): number {
    return this.#ways.reduce((bits, way, at) => bits | (test(way) ? 1 << at : 0), 0);
  }
}

/** Returns the label of a variant that may be folded: a GGUF file with all its parts and a known label. */
function labelToFold({ format, quantization, missingShards }: Variant): string | undefined {
  const label = format === 'gguf' && missingShards === 0 ? factValue(quantization) : undefined;
  return label === 'undeclared' ? undefined : label;
}

/**
 * Returns the places among all variants of those at some places among the folded ones. Those of one format stand
 * together, in their order: a worker lists what it runs by its ways in, of which each takes one format.
 */
export function unfoldPlaces(some: readonly number[], { variants, places }: Folded): number[] {
  if (places === undefined) return [...some];
  const all: number[] = [];
  for (let at = 0; at < some.length; ) {
    const format = variants[some[at] ?? -1]?.format;
    const together: number[] = [];
    for (; at < some.length && variants[some[at] ?? -1]?.format === format; at += 1)
      together.push(...(places[some[at] ?? -1] ?? []));
    for (const place of together.sort((a, b) => a - b)) all.push(place);
  }
  return all;
}

/** Returns the place among all variants of one at a place among the folded ones; -1 of none. */
export function unfoldPlace(place: number, { places }: Folded): number {
  return places?.[place]?.[0] ?? place;
}

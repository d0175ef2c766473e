/** The memory that models need on the workers that a visitor means, from the index of the search. */
import { chosenWorkers, type WorkerChoice } from '../lib/chosen-workers.ts';
import type { SiteIndex } from '../lib/site-index.ts';

/**
 * The smallest usual device that a model needs, in GB: below 0 what its weights alone need, 0 more than usual devices
 * have, null unknown.
 */
export type Need = number | null;

/** Returns the needs of the model at a place of the index: one for each way in which the workers take memory. */
export type NeedsOf = (at: number) => readonly Need[];

/** Returns a function that gives the needs of models on the workers at some places, as `placesOf` gives them. */
export function needsOn(index: SiteIndex, places: ReadonlySet<number>): NeedsOf {
  // Few pairs of a group and a row of needs are different.
  const known = new Map<number, readonly Need[]>();
  return (at) => {
    const [group, row] = [index.group[at] ?? 0, index.need[at] ?? 0];
    const key = group * index.needs.length + row;
    const found = known.get(key) ?? needsOfRow(index, places, { group, row });
    known.set(key, found);
    return found;
  };
}

/** Returns the places in `index.workers` of the workers that are meant; all where the index does not describe them. */
export function placesOf(index: SiteIndex, choice: WorkerChoice): ReadonlySet<number> {
  if (index.names.length === 0) return new Set(index.workers.keys());
  const ids = new Set(chosenWorkers(index.names, choice).map(({ id }) => id));
  return new Set([...index.workers.keys()].filter((place) => ids.has(index.workers[place] ?? '')));
}

function needsOfRow(
  index: SiteIndex,
  places: ReadonlySet<number>,
  { group, row }: { readonly group: number; readonly row: number },
): Need[] {
  const running = index.groups[group]?.[3] ?? [];
  const needs = running
    .filter((place) => places.has(place))
    .map((place) => index.needs[row]?.[index.memoryGroups[place] ?? -1] ?? null);
  return [...new Set(needs)];
}

/** Tells whether some worker fits a model into a device: undefined where that is not known. */
export function fitsIn(needs: readonly Need[], deviceGb: number): boolean | undefined {
  if (needs.some((need) => need !== null && need > 0 && need <= deviceGb)) return true;
  return needs.some((need) => need === null || (need < 0 && -need <= deviceGb)) ? undefined : false;
}

/** Returns the need that a list shows: the smallest device that surely holds the model, else what is known. */
export function leastNeed(needs: readonly Need[]): Need {
  const [sure, weights] = [
    needs.filter((need) => Number(need) > 0),
    needs.filter((need) => Number(need) < 0),
  ];
  if (sure.length > 0) return Math.min(...sure.map(Number));
  if (weights.length > 0) return Math.max(...weights.map(Number));
  return needs.length > 0 && needs.every((need) => need === 0) ? 0 : null;
}

/** The orders of the results of a search. */
import type { SiteIndex } from '../lib/site-index.ts';
import { leastNeed, type Need, type NeedsOf } from './needs.ts';

/** The name of an order in the address -> its words. */
export const ORDERS = {
  memory: 'memory, least first',
  file: 'smallest file',
  parameters: 'parameters, most first',
  context: 'context, longest first',
} as const;

/** Returns places of the index in an order; models whose fact is unknown come last, equal ones stay as they were. */
export function sortPlaces(
  index: SiteIndex,
  places: readonly number[],
  order: string,
  needsOf: NeedsOf,
): number[] {
  const rankOf = rankBy(index, order, needsOf);
  return places
    .map((place) => ({ place, rank: rankOf(place) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ place }) => place);
}

/** Larger than any number that is compared. */
const LAST = Number.MAX_SAFE_INTEGER;

function rankBy(index: SiteIndex, order: string, needsOf: NeedsOf): (at: number) => number {
  const least = (column: readonly number[]) => (at: number) => known(column[at], (n) => n);
  const most = (column: readonly number[]) => (at: number) => known(column[at], (n) => -n);
  if (order === 'memory') return (at) => rankOfNeed(leastNeed(needsOf(at)));
  if (order === 'file') return least(index.smallest);
  if (order === 'parameters') return most(index.millions);
  return order === 'context' ? most(index.thousands) : () => 0;
}

function known(value: number | undefined, rank: (n: number) => number): number {
  return value === undefined || value < 0 ? LAST : rank(value);
}

/** Puts a need that is only known in part behind a sure one, and what no usual device holds behind both. */
function rankOfNeed(need: Need): number {
  if (need === null) return LAST;
  if (need === 0) return LAST / 2;
  return need > 0 ? need : 0.5 - need;
}

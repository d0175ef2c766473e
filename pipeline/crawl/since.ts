/** The walks that a listing is made of, by name, and those of them that a caller does not know yet. */
import type { WalkStore } from './cache/walk-store.ts';
import type { ListingSources } from './listing.ts';

export function walksOf({ current, earlier, changed }: ListingSources): WalkStore[] {
  return [current ?? earlier, ...changed].filter((walk) => walk !== undefined);
}

/** The walks behind the known ones; undefined where the listing does not begin with those. */
export function walksSince(
  known: readonly string[] | undefined,
  sources: ListingSources,
): ListingSources | undefined {
  const walks = walksOf(sources);
  if (known === undefined || known.length === 0 || known.some((name, at) => walks[at]?.name !== name))
    return undefined;
  const [first, ...rest] = walks.slice(known.length);
  return first === undefined ? undefined : { current: undefined, earlier: first, changed: rest };
}

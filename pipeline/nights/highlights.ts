/**
 * Picks the most downloaded of the models that came, left and changed tonight, which people read instead of changes.json.
 */
import type { Changes } from '../format/files.ts';
import { compareNames } from '../lib/compare.ts';
import type { Matrix } from '../read/index.ts';

const MOST_SHOWN = 50;

type Downloaded<T> = T & { readonly downloads: number };

export interface Highlights {
  readonly added: readonly Downloaded<Changes['added'][number]>[];
  readonly removed: readonly Downloaded<Changes['removed'][number]>[];
  readonly changed: readonly Downloaded<Changes['changed'][number]>[];
}

type Finder = Pick<Matrix, 'downloads'>;

/**
 * Picks the highlights. `before` is the last out/, which has the downloads of models that left; undefined where there is
 * none.
 */
export async function pickHighlights(
  { added, removed, changed }: Changes,
  before: Finder | undefined,
  now: Finder,
): Promise<Highlights> {
  return {
    added: await mostDownloaded(added, now),
    removed: before === undefined ? [] : await mostDownloaded(removed, before),
    changed: await mostDownloaded(changed, now),
  };
}

/** Returns the most downloaded changes, the most downloads first. Unknown downloads count as 0. */
async function mostDownloaded<T extends { readonly id: string }>(
  changes: readonly T[],
  matrix: Finder,
): Promise<Downloaded<T>[]> {
  const downloads = await matrix.downloads(changes.map(({ id }) => id));
  return changes
    .map((change) => ({ ...change, downloads: downloads.get(change.id) ?? 0 }))
    .sort((a, b) => b.downloads - a.downloads || compareNames(a.id, b.id))
    .slice(0, MOST_SHOWN);
}

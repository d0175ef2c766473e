/**
 * removed.json: the models that left the allowlist in the last nights and the reasons, so that their pages can say that
 * they are gone.
 */

import type { Changes, Removed } from '../format/files.ts';
import { removedFile } from '../format/schema.ts';
import { compareNames } from '../lib/compare.ts';
import { parseJson } from '../lib/json.ts';

/** The days that an entry is kept: a quarter, after which search engines have dropped the page. */
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
/**
 * The most entries that are kept, which take some 20 MB. Thousands leave in a usual quarter; a night that drops a worker
 * must not fill the 100 MB that GitHub takes.
 */
export const MOST_KEPT = 100_000;

export interface RemovedInput {
  /** removed.json of the last out/, if there is one. */
  readonly last: string | undefined;
  readonly changes: Changes;
  /** The allowlist, sorted. */
  readonly allowlist: readonly string[];
  /** The time of this night, ISO 8601. */
  readonly date: string;
}

/**
 * Returns the removed models, sorted by id. A model that is back is dropped; one that leaves again gets the new date. Of
 * too many, those that left last are kept.
 */
export function keepRemoved({ last, changes, allowlist, date }: RemovedInput): Removed {
  const on = date.slice(0, 10);
  const parsed = removedFile.safeParse(parseJson(last ?? '[]'));
  const fresh = changes.removed.map(({ id, reasonCodes, reasons }) => ({ id, on, reasonCodes, reasons }));
  const leaving = new Set(fresh.map(({ id }) => id));
  const earlier = (parsed.success ? parsed.data : []).filter(
    (entry) => !leaving.has(entry.id) && !isOld(entry.on, on) && !includesSorted(allowlist, entry.id),
  );
  const kept = [...earlier, ...fresh].sort((a, b) => compareNames(b.on, a.on) || compareNames(a.id, b.id));
  return kept.slice(0, MOST_KEPT).sort((a, b) => compareNames(a.id, b.id));
}

/** Returns removed.json with a line per entry, so that people can read a diff of two nights. */
export function removedJson(removed: Removed): string {
  const lines = removed.map(({ id, on, reasonCodes, reasons }) =>
    JSON.stringify({ id, on, reasonCodes, reasons }),
  );
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

/** Tells whether an entry is old. A date in the future, which a clock that was set back leaves behind, is not old. */
function isOld(on: string, today: string): boolean {
  return Date.parse(today) - Date.parse(on) > KEPT_DAYS * DAY_MS;
}

/** Tells whether a list in the order of `compareNames` holds an id, without a second copy of millions of ids. */
export function includesSorted(sorted: readonly string[], id: string): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(sorted[middle] ?? '', id) < 0) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === id;
}

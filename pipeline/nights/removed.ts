/** removed.json: what left the allowlist in the last nights and why, so that its pages can say that they are gone. */

import { type Changes, type Removed, removedFile } from '../format/schema.ts';
import { compareNames } from '../lib/compare.ts';
import { parseJson } from '../lib/json.ts';

/** A quarter: search engines have let go of a page by then. */
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
/** Some 20 MB. Thousands leave in a usual quarter; a night that drops a worker must not fill the 100 MB that GitHub takes. */
export const MOST_KEPT = 100_000;

export interface RemovedInput {
  /** removed.json of the last out/, if there is one. */
  readonly last: string | undefined;
  readonly changes: Changes;
  /** Sorted. */
  readonly allowlist: readonly string[];
  /** Of this night, ISO 8601. */
  readonly date: string;
}

/** Sorted by id. Who is back is dropped; who leaves again takes the new date. Of too many the last to leave are kept. */
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

/** A line an entry: a diff of two nights can be read. */
export function removedJson(removed: Removed): string {
  const lines = removed.map(({ id, on, reasonCodes, reasons }) =>
    JSON.stringify({ id, on, reasonCodes, reasons }),
  );
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

/** A day after today, by a clock that jumped back, is not old. */
function isOld(on: string, today: string): boolean {
  return Date.parse(today) - Date.parse(on) > KEPT_DAYS * DAY_MS;
}

/** Whether a list in the order of `compareNames` holds it; without a second copy of millions of ids. */
export function includesSorted(sorted: readonly string[], id: string): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(sorted[middle] ?? '', id) < 0) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === id;
}

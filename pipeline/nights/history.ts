/**
 * history.json: the counts of the last nights, for the trend. A night with the same counts as the one before adds
 * nothing.
 */

import type { Worker } from '../data/worker.ts';
import type { History } from '../format/files.ts';
import { historyFile } from '../format/schema.ts';
import { parseJson, stableStringify } from '../lib/json.ts';
import type { Totals } from '../write/totals.ts';

const KEPT_NIGHTS = 60;

/**
 * Adds a night. `last` is history.json of the last out/, where this night follows it. A second build of a day replaces
 * the first.
 */
export function addNight(last: string | undefined, night: History[number]): History {
  const parsed = historyFile.safeParse(parseJson(last ?? '[]'));
  const nights = parsed.success ? parsed.data : [];
  const newest = nights.at(-1);
  if (newest === undefined) return [night];
  if (stableStringify({ ...newest, date: night.date }) === stableStringify(night)) return nights;
  const before = nights.filter(({ date }) => date < night.date);
  return [...before, night].slice(-KEPT_NIGHTS);
}

export function countNight(
  {
    date,
    workers,
    gate,
  }: { readonly date: string; readonly workers: readonly Worker[]; readonly gate: ReadonlySet<string> },
  totals: Totals,
): History[number] {
  const programs = [...new Set(workers.filter(({ id }) => !gate.has(id)).map(({ program }) => program))];
  const placesOf = (program: string) => [...workers.keys()].filter((at) => workers[at]?.program === program);
  const gatePlaces = [...workers.entries()].filter(([, { id }]) => gate.has(id));
  return {
    date: date.slice(0, 10),
    models: totals.models,
    allowed: totals.allowlist.length,
    workers: Object.fromEntries(gatePlaces.map(([at, { id }]) => [id, totals.countsForAny([at])])),
    programs: Object.fromEntries(
      programs.map((program) => [program, totals.countsForAny(placesOf(program))]),
    ),
  };
}

/** Returns history.json with a line per night. */
export function historyJson(history: History): string {
  return `[\n${history.map((night) => stableStringify(night)).join(',\n')}\n]\n`;
}

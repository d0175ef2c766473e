/** families.json: the counts of each family on each worker, from the rows. */

import type { Families } from '../format/files.ts';
import { compareNames } from '../lib/compare.ts';
import type { CountedRow } from './totals.ts';

/**
 * The most families that are named for their downloads. Where no table names a family, its publisher does; most such
 * families have one model.
 */
const MOST_FAMILIES = 200;
const REST = 'others';

interface Tally {
  models: number;
  allowed: number;
  downloads: number;
  /** The models that the worker at each place runs; `unknown` has those that may or may not run. */
  readonly runs: number[];
  readonly unknown: number[];
}

/**
 * Returns the families with the most downloads, and all of which a gate worker runs something, then all others as one. So
 * the gate runs no family that is not named, and a family that falls to nothing shows between two nights.
 */
export function rankFamilies(rows: readonly CountedRow[], workers: readonly string[]): Families {
  const tallies = new Map<string, Tally>();
  for (const row of rows) tally(tallies, row.shared.f ?? 'unknown', row);
  const ranked = [...tallies].sort(
    ([a, x], [b, y]) => y.downloads - x.downloads || y.models - x.models || compareNames(a, b),
  );
  const isNamed = ([, { allowed }]: (typeof ranked)[number], at: number) => at < MOST_FAMILIES || allowed > 0;
  const named = ranked.filter(isNamed);
  const rest = ranked.filter((family, at) => !isNamed(family, at)).map(([, counts]) => counts);
  const all = rest.length === 0 ? named : [...named, [REST, rest.reduce(sum)] as const];
  return { workers: [...workers], families: all.map(([family, counts]) => ({ family, ...counts })) };
}

function tally(tallies: Map<string, Tally>, family: string, { verdicts, totals, allowed }: CountedRow): void {
  const of = (status: string) => verdicts.map((verdict) => (verdict.status === status ? totals.models : 0));
  const { models, downloads } = totals;
  const own = {
    models,
    allowed: allowed ? models : 0,
    downloads,
    runs: of('compatible'),
    unknown: of('unknown'),
  };
  const before = tallies.get(family);
  tallies.set(family, before === undefined ? own : sum(before, own));
}

function sum(a: Tally, b: Tally): Tally {
  return {
    models: a.models + b.models,
    allowed: a.allowed + b.allowed,
    downloads: a.downloads + b.downloads,
    runs: a.runs.map((n, at) => n + (b.runs[at] ?? 0)),
    unknown: a.unknown.map((n, at) => n + (b.unknown[at] ?? 0)),
  };
}

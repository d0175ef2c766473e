/** Makes the data for pages across models: the search index, families, unlocks. */
import type { Worker } from '../data/worker.ts';
import type { Families, Unlocks } from '../format/files.ts';
import type { Listed } from '../judge/listed.ts';
import { groupByMemory } from '../judge/needs.ts';
import { compareNames } from '../lib/compare.ts';
import { prettyStringify, stableStringify } from '../lib/json.ts';
import { rankFamilies } from './families.ts';
import { makeSearchIndex } from './search.ts';
import type { Staging } from './staging.ts';
import type { Totals } from './totals.ts';

/** Writes search.json, families.json and quantizations.json. */
export function writeAggregates(
  {
    workers,
    gate,
    staging,
    bitsPerWeight,
  }: {
    readonly workers: readonly Worker[];
    readonly gate: ReadonlySet<string>;
    readonly staging: Staging;
    readonly bitsPerWeight: ReadonlyMap<string, number>;
  },
  totals: Totals,
  listed: readonly Listed[],
): Families {
  const { files } = staging;
  const ids = workers.map(({ id }) => id);
  files.put('quantizations.json', prettyStringify(Object.fromEntries(bitsPerWeight)));
  const families = rankFamilies(totals.rows, ids);
  const { of: groups } = groupByMemory(workers);
  const gateGroups = new Set(groups.filter((_, at) => gate.has(ids[at] ?? '')));
  files.put('families.json', `${stableStringify(families)}\n`);
  files.put(
    'search.json',
    `${stableStringify(makeSearchIndex(listed, totals.rows, { ids, groups, gate: gateGroups }))}\n`,
  );
  return families;
}

/** The most unlocks of a worker: a roadmap is read from its top, and the last ones are single models. */
const MOST_UNLOCKS = 500;

/** Returns, for each gate worker, its missing capabilities by the downloads that they hide. */
export function rankUnlocks(
  { workers, gate }: { readonly workers: readonly Worker[]; readonly gate: ReadonlySet<string> },
  totals: Totals,
): Unlocks {
  const ranked = [...workers.entries()].filter(([, { id }]) => gate.has(id));
  return Object.fromEntries(
    ranked.map(([at, { id }]) => {
      const rows = [...totals.unlocksFor(at)].map(([capability, { models, downloads, best }]) => ({
        capability,
        models,
        downloads,
        examples: best.map((model) => model.id),
      }));
      rows.sort(
        (a, b) =>
          b.downloads - a.downloads || b.models - a.models || compareNames(a.capability, b.capability),
      );
      return [id, rows.slice(0, MOST_UNLOCKS)];
    }),
  );
}

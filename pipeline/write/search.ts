/**
 * search.json: the allowlist by downloads, with the fields by which a visitor filters, small enough for a page to load.
 */

import type { SearchIndex } from '../format/files.ts';
import type { Listed, ListedFacts } from '../judge/listed.ts';
import type { Need } from '../judge/needs.ts';
import { compareNames } from '../lib/compare.ts';
import { groupBy } from '../lib/group.ts';
import { NumberedTexts } from '../lib/numbered-texts.ts';
import type { CountedRow } from './totals.ts';

/** The most licenses that are choices. Licenses are free text; those of few models are one choice together. */
const MOST_LICENSES = 60;
const REST = 'other';

/** The workers of the index. */
export interface IndexWorkers {
  readonly ids: readonly string[];
  /** The number of each worker's group, whose workers take the same memory. */
  readonly groups: readonly number[];
  /** The numbers of the groups of gate workers. */
  readonly gate: ReadonlySet<number>;
}

export function makeSearchIndex(
  listed: readonly Listed[],
  rows: readonly CountedRow[],
  workers: IndexWorkers,
): SearchIndex {
  const models = [...listed].sort((a, b) => b.downloads - a.downloads || compareNames(a.id, b.id));
  const { groups, numbers } = groupModels(models, rows);
  const { needs, need } = numberNeeds(models);
  const devices = needs.map((row) => deviceNumber(row, workers.gate));
  return {
    workers: [...workers.ids],
    memoryGroups: [...workers.groups],
    groups,
    ids: models.map(({ id }) => id),
    group: numbers,
    device: need.map((number) => devices[number] ?? -1),
    need,
    needs,
    downloads: runs(models.map(({ downloads }) => rounded(downloads))),
  };
}

/** Returns the distinct needs, and the number of the needs of each model. */
function numberNeeds(models: readonly Listed[]) {
  const texts = new NumberedTexts();
  const numbers = new Map<ListedFacts, number>();
  for (const { facts } of models)
    if (!numbers.has(facts)) numbers.set(facts, texts.numberOf(JSON.stringify(facts.needs)));
  return {
    needs: texts.texts.map((text) => JSON.parse(text) as Need[]),
    need: models.map(({ facts }) => numbers.get(facts) ?? -1),
  };
}

/** Returns the groups of models with equal filter fields, and the number of the group of each model. */
function groupModels(models: readonly Listed[], rows: readonly CountedRow[]) {
  const licenses = commonLicenses(models);
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  const groups = new NumberedTexts();
  // The names of groups are long: each is made once for all models of a row with the same facts.
  const known = new Map<ListedFacts, Map<string, number>>();
  const numbers = models.map(({ row, facts }) => {
    const ofRows = known.get(facts) ?? new Map<string, number>();
    known.set(facts, ofRows);
    let number = ofRows.get(row);
    if (number === undefined) {
      const license = licenses.has(facts.license) ? facts.license : REST;
      number = groups.numberOf(groupKey(rowOf.get(row), facts.formats, license));
      ofRows.set(row, number);
    }
    return number;
  });
  return {
    groups: groups.texts.map((key) => JSON.parse(key) as SearchIndex['groups'][number]),
    numbers,
  };
}

function commonLicenses(models: readonly Listed[]): Set<string> {
  const counted = [...groupBy(models, ({ facts }) => facts.license)].map(
    ([license, of]) => [license, of.length] as const,
  );
  counted.sort(([a, x], [b, y]) => y - x || compareNames(a, b));
  return new Set(counted.slice(0, MOST_LICENSES).map(([license]) => license));
}

function groupKey(row: CountedRow | undefined, formats: ListedFacts['formats'], license: string): string {
  const running = (row?.verdicts ?? []).flatMap(({ compatible }, at) => (compatible ? [at] : []));
  return JSON.stringify([row?.shared.f ?? 'unknown', formats, license, running]);
}

/**
 * Returns the smallest device in GB among the gate's needs; 0 where no usual device holds any variant; -1 where it is
 * unknown.
 */
function deviceNumber(needs: readonly Need[], gate: ReadonlySet<number>): number {
  const known = needs.flatMap((need, group) => (need === null || !gate.has(group) ? [] : Math.abs(need)));
  const devices = known.filter((need) => need > 0);
  return devices.length > 0 ? Math.min(...devices) : known.length > 0 ? 0 : -1;
}

/** Rounds downloads to two digits, which are enough for people, and change less often. */
function rounded(downloads: number): number {
  return downloads < 100 ? Math.max(0, downloads) : Number(downloads.toPrecision(2));
}

/** Returns [value, how often] for neighbours that are equal. */
function runs(values: readonly number[]): [number, number][] {
  const all: [number, number][] = [];
  for (const value of values) {
    const last = all.at(-1);
    if (last?.[0] === value) last[1] += 1;
    else all.push([value, 1]);
  }
  return all;
}

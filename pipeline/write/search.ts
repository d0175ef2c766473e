/**
 * search.json: the allowlist by downloads, with the fields by which a visitor filters, small enough for a page to load.
 */

import type { SearchIndex } from '../format/files.ts';
import type { Listed } from '../judge/listed.ts';
import type { Need } from '../judge/needs.ts';
import { compareNames } from '../lib/compare.ts';
import { groupBy } from '../lib/group.ts';
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
  const needs = new Interned();
  const need = models.map((model) => needs.numberOf(model.needs));
  const devices = needs.rows.map((row) => deviceNumber(row, workers.gate));
  return {
    workers: [...workers.ids],
    memoryGroups: [...workers.groups],
    groups,
    ids: models.map(({ id }) => id),
    group: numbers,
    device: need.map((number) => devices[number] ?? -1),
    need,
    needs: needs.rows,
    downloads: runs(models.map(({ downloads }) => rounded(downloads))),
  };
}

/** Returns the groups of models with equal filter fields, and the number of the group of each model. */
function groupModels(models: readonly Listed[], rows: readonly CountedRow[]) {
  const licenses = commonLicenses(models);
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  const groups = new Map<string, number>();
  // Far fewer than models; to write a group out takes longer than to find it.
  const known = new Map<string, number>();
  const numbers = models.map(({ row, formats, license }) => {
    const kept = licenses.has(license) ? license : REST;
    const name = `${row} ${formats.join()} ${kept}`;
    let number = known.get(name);
    if (number === undefined) {
      const key = groupKey(rowOf.get(row), formats, kept);
      number = groups.get(key) ?? groups.size;
      groups.set(key, number);
      known.set(name, number);
    }
    return number;
  });
  return {
    groups: [...groups.keys()].map((key) => JSON.parse(key) as SearchIndex['groups'][number]),
    numbers,
  };
}

function commonLicenses(models: readonly Listed[]): Set<string> {
  const counted = [...groupBy(models, ({ license }) => license)].map(
    ([license, of]) => [license, of.length] as const,
  );
  counted.sort(([a, x], [b, y]) => y - x || compareNames(a, b));
  return new Set(counted.slice(0, MOST_LICENSES).map(([license]) => license));
}

function groupKey(row: CountedRow | undefined, formats: Listed['formats'], license: string): string {
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

/** Holds rows of numbers, equal ones once. */
class Interned {
  readonly rows: Need[][] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(row: readonly Need[]): number {
    const key = row.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.rows.length);
    return this.rows.push([...row]) - 1;
  }
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

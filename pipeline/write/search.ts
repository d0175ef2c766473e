/** search.json: the allowlist by downloads, with what a visitor filters by, small enough to be loaded by a page. */

import type { SearchIndex } from '../format/schema.ts';
import type { Listed } from '../judge/listed.ts';
import { compareNames } from '../lib/compare.ts';
import { groupBy } from '../lib/group.ts';
import type { CountedRow } from './totals.ts';

/** Licenses are free text; those that few models have are one choice. */
const MOST_LICENSES = 60;
const REST = 'other';

export function makeSearchIndex(
  listed: readonly Listed[],
  rows: readonly CountedRow[],
  workers: readonly string[],
): SearchIndex {
  const models = [...listed].sort((a, b) => b.downloads - a.downloads || compareNames(a.id, b.id));
  const { groups, numbers } = groupModels(models, rows);
  return {
    workers: [...workers],
    groups,
    ids: models.map(({ id }) => id),
    group: numbers,
    device: models.map(({ device }) => deviceNumber(device)),
    downloads: runs(models.map(({ downloads }) => rounded(downloads))),
  };
}

/** The groups of models that no filter tells apart, and the number of the group of each model. */
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

/** 0: no usual device; -1: unknown. */
function deviceNumber(device: Listed['device']): number {
  if (device === 'unknown' || typeof device === 'object') return -1;
  return device === 'none' ? 0 : device;
}

/** Two digits tell enough, and change less often. */
function rounded(downloads: number): number {
  return downloads < 100 ? Math.max(0, downloads) : Number(downloads.toPrecision(2));
}

/** [value, how often] of neighbours that are equal. */
function runs(values: readonly number[]): [number, number][] {
  const all: [number, number][] = [];
  for (const value of values) {
    const last = all.at(-1);
    if (last?.[0] === value) last[1] += 1;
    else all.push([value, 1]);
  }
  return all;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { buildOptions } from '../commands/options.ts';
import { estimateMemory } from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import type { MatrixModel } from '../format/decode.ts';
import type { SearchIndex } from '../format/files.ts';
import type { Matrix } from '../read/index.ts';
import { openMatrix } from '../read/node.ts';
import { rankFamilies } from './families.ts';
import { makeSearchIndex } from './search.ts';
import type { CountedRow } from './totals.ts';

const dir = mkdtempSync(join(tmpdir(), 'aggregates-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Returns the need of a model on a worker, by all of its variants. */
function needOf(
  { facts, verdicts }: MatrixModel,
  worker: Awaited<ReturnType<Matrix['workers']>>[number],
  bitsPerWeight: ReadonlyMap<string, number>,
): number | null {
  const estimates = (verdicts.get(worker.id)?.variants ?? [])
    .map((variant) => estimateMemory(facts, worker, { variant, bitsPerWeight }))
    .filter(({ grade }) => grade !== 'unknown');
  if (estimates.length === 0) return null;
  const device = DEVICE_GB.find((gb) => estimates.some((estimate) => estimate.fits(gb)));
  if (device === undefined) return 0;
  const sure = estimates.some((estimate) => estimate.fits(device) && estimate.grade !== 'at least');
  return sure ? device : -device;
}

describe('of the bundled snapshot', () => {
  let matrix: Matrix;
  let search: SearchIndex;
  beforeAll(async () => {
    await build(buildOptions(['--out', dir], {}), () => new Date(0));
    matrix = await openMatrix(dir);
    search = await matrix.search();
  });

  it('search lists the allowlist, the most downloaded first', async () => {
    expect([...search.ids].sort()).toEqual(await matrix.allowlist());
    const values = search.downloads.map(([value]) => value);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(search.downloads.reduce((all, [, times]) => all + times, 0)).toBe(search.ids.length);
  });

  it('search says of each model what its verdicts and facts say', async () => {
    for (const [at, id] of search.ids.entries()) {
      const model = await matrix.model(id);
      const [family, , license, running] = search.groups[search.group[at] ?? -1] ?? [];
      const runs = [...(model?.verdicts ?? [])].flatMap(([worker, { compatible }]) =>
        compatible ? [worker] : [],
      );
      expect(running?.map((place) => search.workers[place])).toEqual(runs);
      const { architecture = 'unknown', license: licensed } = model?.facts ?? {};
      expect([family, license]).toEqual([
        architecture === 'unknown' ? 'unknown' : architecture.value,
        licensed,
      ]);
    }
  });

  /** Returns, for each id of the index, its needs on the workers that run it, with the places of the workers. */
  const needsOfAll = async () => {
    const bitsPerWeight = await matrix.bitsPerWeight();
    const workers = await matrix.workers();
    const all = new Map<string, (readonly [place: number, need: number])[]>();
    for (const id of search.ids) {
      const model = await matrix.model(id);
      if (model === undefined) throw new Error(`${id} is not in the matrix`);
      const needs = workers.map((worker) => needOf(model, worker, bitsPerWeight));
      all.set(
        id,
        needs.flatMap((need, place) => (need === null ? [] : [[place, need] as const])),
      );
    }
    return all;
  };

  it('search names for each worker the device that its variants need, as readers of the facts find it', async () => {
    const all = await needsOfAll();
    for (const [at, id] of search.ids.entries()) {
      const row = search.needs[search.need[at] ?? -1];
      for (const [place, need] of all.get(id) ?? [])
        expect(row?.[search.memoryGroups[place] ?? -1], `${id} on ${search.workers[place]}`).toBe(need);
    }
    expect(new Set(search.needs.flat()).size).toBeGreaterThan(8);
  });

  it('search names the smallest device on which one of the own workers runs it', async () => {
    const all = await needsOfAll();
    const gate = (await matrix.workers()).map((worker) => worker.gate);
    for (const [at, id] of search.ids.entries()) {
      const own = (all.get(id) ?? []).flatMap(([place, need]) => (gate[place] ? [Math.abs(need)] : []));
      const devices = own.filter((need) => need > 0);
      expect(search.device[at], id).toBe(devices.length > 0 ? Math.min(...devices) : 0);
    }
    expect(new Set(search.device).size).toBeGreaterThan(3);
  });

  it('knows at least the weights of every model on the allowlist', () => {
    expect(search.device).not.toContain(-1);
  });

  it('families count each model once', async () => {
    const { families, workers } = await matrix.families();
    const total = (pick: (family: (typeof families)[number]) => number) =>
      families.reduce((all, family) => all + pick(family), 0);
    expect([total(({ models }) => models), total(({ allowed }) => allowed)]).toEqual([
      matrix.header.models,
      matrix.header.allowed,
    ]);
    const place = workers.indexOf('llm-worker-rbee-cpu');
    const { high, medium, low } = await matrix.worker('llm-worker-rbee-cpu');
    expect(total(({ runs }) => runs[place] ?? 0)).toBe(high.length + medium.length + low.length);
  });
});

const row = (family: string, downloads: number, allowed = false) =>
  ({
    key: family,
    verdicts: [],
    shared: { f: family, s: '' },
    allowed,
    totals: { models: 1, downloads, best: [] },
  }) satisfies CountedRow;

it('families beyond the 200 with the most downloads are one, but for those that the gate runs', () => {
  const rows = Array.from({ length: 250 }, (_, n) => row(`family-${n}`, n, n === 7));
  const { families } = rankFamilies(rows, []);
  expect(families).toHaveLength(202);
  expect(families[0]?.family).toBe('family-249');
  expect(families.at(-2)).toMatchObject({ family: 'family-7', allowed: 1 });
  expect(families.at(-1)).toMatchObject({ family: 'others', models: 49, allowed: 0 });
});

it('licenses beyond the 60 most common are other', () => {
  const listed = Array.from({ length: 70 }, (_, n) => ({
    id: `o/${n}`,
    row: 'r',
    downloads: 70 - n,
    facts: { license: `license-${String(n).padStart(2, '0')}`, formats: [], needs: [] },
  }));
  const { groups } = makeSearchIndex(listed, [], { ids: [], groups: [], gate: new Set() });
  expect(groups.filter(([, , license]) => license === 'other')).toHaveLength(1);
  expect(groups).toHaveLength(61);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { buildOptions } from '../commands/options.ts';
import type { SearchIndex } from '../format/schema.ts';
import { adviseMemory } from '../read/advice.ts';
import type { Matrix } from '../read/index.ts';
import { openMatrix } from '../read/node.ts';
import { rankFamilies } from './families.ts';
import { makeSearchIndex } from './search.ts';
import type { CountedRow } from './totals.ts';

const dir = mkdtempSync(join(tmpdir(), 'aggregates-'));
afterAll(() => rmSync(dir, { recursive: true }));

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

  it('search names the device that advice names, with the attention of the base where the copy lacks it', async () => {
    const gate = (await matrix.workers()).filter(({ gate: decides }) => decides);
    const bits = await matrix.bitsPerWeight();
    const expected: number[] = [];
    for (const id of search.ids) {
      const model = await matrix.model(id);
      if (model === undefined) throw new Error(`${id} is not in the matrix`);
      const advice = [...adviseMemory(model, gate, bits).values()];
      const devices = advice.flatMap(({ bestOn }) => [...bestOn.keys()]);
      const known = advice.some(
        ({ memory }) => 'cacheBytes' in memory && memory.smallestDeviceGb !== 'unknown',
      );
      expected.push(devices.length > 0 ? Math.min(...devices) : known ? 0 : -1);
    }
    expect(search.device).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(3);
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
    license: `license-${String(n).padStart(2, '0')}`,
    formats: [],
    device: 'unknown' as const,
  }));
  const { groups } = makeSearchIndex(listed, [], []);
  expect(groups.filter(([, , license]) => license === 'other')).toHaveLength(1);
  expect(groups).toHaveLength(61);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadControls, loadLimits } from '../../data/limits.ts';
import { acceptingCommand, GUARD_NAMES, GuardError, judgeNight } from './index.ts';
import type { ControlledModel, NightToJudge } from './night.ts';

const dir = mkdtempSync(join(tmpdir(), 'guards-'));
mkdirSync(join(dir, 'models'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Returns a data shard of so many bytes, whose longest line has `longest` bytes. */
function shard(bytes: number, longest: number): NightToJudge['files'] {
  const path = `models/${bytes}-${longest}.jsonl`;
  const lines = [`${'x'.repeat(longest - 1)}\n`];
  for (let left = bytes - longest; left > 0; left -= 1_000)
    lines.push(`${'y'.repeat(Math.min(left, 1_000) - 1)}\n`);
  writeFileSync(join(dir, path), lines.join(''));
  return [{ path, bytes, sha256: '' }];
}

/** Returns a matrix in which every model has this fate; with undefined, none is listed. */
function matrixOf(fate: ControlledModel | undefined): NightToJudge['matrix'] {
  const verdicts = new Map([['w-cpu', { reasonCodes: fate?.reasonCodes ?? [] }]]);
  return {
    find: async function* (ids: readonly string[]) {
      for (const id of fate === undefined ? [] : ids) yield { id, verdicts };
    },
    has: async () => fate?.allowed === true,
  } as unknown as NightToJudge['matrix'];
}

const report = (config: number, allowed: number) =>
  ({ allowed, records: { read: 1_000, fields: { config, gguf: 60 } } }) as unknown as NightToJudge['report'];
const families = (gemma: number): NightToJudge['families'] => ({
  workers: ['w-cpu'],
  families: [{ family: 'gemma', models: 9, allowed: gemma, downloads: 1, runs: [gemma], unknown: [0] }],
});
const ids = (count: number) => Array.from({ length: count }, (_, at) => `o/m${at}`);
const removals = (count: number) =>
  ids(count).map((id) => ({ id, reasons: ['It is gone.'], reasonCodes: ['gone'], downloads: 7 }));
const additions = (count: number) => ids(count).map((id) => ({ id, workers: ['w-cpu'], downloads: 7 }));

/** Returns a night that equals the last one except for `rest`. */
function night(rest: Partial<NightToJudge> = {}): NightToJudge {
  return {
    limits: loadLimits(),
    controls: [],
    holdsAll: false,
    gate: new Set(['w-cpu']),
    report: report(700, 1_000),
    families: families(5),
    changes: { first: false, added: [], removed: [], changed: [] },
    highlights: { added: [], removed: [], changed: [] },
    files: [{ path: 'models/00.jsonl', bytes: 20_000, sha256: '' }],
    matrix: matrixOf(undefined),
    dir,
    damaged: [],
    last: {
      date: '2026-11-24',
      allowed: 1_000,
      bytes: 20_000,
      gate: ['w-cpu'],
      report: report(700, 1_000),
      families: families(5),
    },
    ...rest,
  };
}

const leaving = (count: number) => ({
  changes: { first: false, added: [], removed: removals(count), changed: [] },
  highlights: { added: [], removed: removals(count), changed: [] },
});
const coming = (count: number) => ({
  changes: { first: false, added: additions(count), removed: [], changed: [] },
  highlights: { added: additions(count), removed: [], changed: [] },
});
const tripped = async (rest: Partial<NightToJudge>) =>
  (await judgeNight(night(rest), [])).map(({ guard }) => guard);

describe('the guards', () => {
  it('let a night through that is much like the last, and a first night', async () => {
    expect(await tripped({})).toEqual([]);
    expect(await tripped({ report: report(655, 900), ...leaving(100) })).toEqual([]);
    expect(await tripped({ ...coming(500) })).toEqual([]);
    expect(await tripped({ last: undefined, ...leaving(900), ...coming(900), report: report(0, 5) })).toEqual(
      [],
    );
  });

  it.each([
    [64, 14, ['allowlist-shrink']],
    [64, 7, ['allowlist-shrink']],
    [64, 6, []],
    [20, 3, []],
    [3, 2, []],
  ])('hold for a small marketplace: of %i pages %i may leave, or trip %j', async (allowed, left, trips) => {
    const last = { ...night().last, allowed } as NonNullable<NightToJudge['last']>;
    expect(await tripped({ last, ...leaving(left), report: report(700, allowed - left) })).toEqual(trips);
  });

  it.each<[string, Partial<NightToJudge>, string]>([
    [
      'allowlist-shrink',
      leaving(101),
      '101 of 1000 models would leave the allowlist (10.1 %), and the limit is 10 %.',
    ],
    ['allowlist-growth', coming(501), '501 models would join an allowlist of 1000 (+50.1 %)'],
    [
      'architecture-lost',
      { families: families(0) },
      '1 family of which gate workers ran at least 3 models last night has none tonight',
    ],
    ['field-coverage', { report: report(649, 1_000) }, '1 field is in fewer records than last time'],
    ['damaged-out', { damaged: ['out/allowlist.json'] }, '1 file of the last out/ is damaged'],
    ['shard-size', { files: shard(140_000, 2_000) }, '1 data shard is longer than 131072 bytes'],
    [
      'total-growth',
      { files: [{ path: 'verdicts.json', bytes: 20_000_000, sha256: '' }] },
      'out/ grows from 20000 to 20000000 bytes',
    ],
    [
      'controls',
      {
        holdsAll: true,
        controls: [{ repo: 'a/b', expect: 'in', why: 'It runs.', place: 'data/controls.json:4' }],
        matrix: matrixOf({ allowed: false, reasonCodes: ['kind_unknown'] }),
      },
      '1 of 1 control in data/controls.json fails',
    ],
  ])('%s stops a night and is accepted by its name', async (guard, rest, problem) => {
    const trips = await judgeNight(night(rest), []);
    expect(trips.map((trip) => trip.guard)).toEqual([guard]);
    expect(trips[0]?.problem).toContain(problem);
    expect(await judgeNight(night(rest), GUARD_NAMES)).toEqual([]);
  });

  it('let a small listing move by single models, and none fall to nothing', async () => {
    const small = { ...night().last, allowed: 5 } as NightToJudge['last'];
    expect(await tripped({ last: small, ...leaving(1), report: report(700, 4) })).toEqual([]);
    expect(await tripped({ last: small, ...leaving(5), report: report(700, 0) })).toEqual([
      'allowlist-shrink',
    ]);
  });

  it.each([
    ['are left for other nights', 5_400, []],
    ['are nowhere', 0, ['field-coverage']],
  ])('let config.json be in fewer records where the others %s', async (_, left, trips) => {
    const reportOf = (configJson: number, detailsLeft: number) => ({
      allowed: 1_000,
      records: { read: 20_000, fields: { configJson } },
      crawl: { listing: 'complete', droppedFields: [], detailsLeft },
    });
    const last = { ...night().last, report: reportOf(6_000, 100) } as unknown as NightToJudge['last'];
    const tonight = reportOf(700, left) as unknown as NightToJudge['report'];
    expect(await tripped({ last, report: tonight })).toEqual(trips);
  });

  it('see a family fall to nothing that tonight no longer names, and only of gate workers', async () => {
    const none = { workers: ['w-cpu'], families: [] };
    expect(await tripped({ families: none })).toEqual(['architecture-lost']);
    const last = { ...(night().last as NonNullable<NightToJudge['last']>), gate: [] };
    expect(await tripped({ families: none, last })).toEqual([]);
  });

  it('see what a worker ran that is no gate worker any more, and name it', async () => {
    const gate = new Set<string>();
    const trips = await judgeNight(night({ gate, ...leaving(200) }), []);
    expect(trips.map(({ guard }) => guard)).toEqual(['allowlist-shrink', 'architecture-lost']);
    expect(trips[0]?.details[0]).toBe('w-cpu is not a gate worker any more');
    expect(trips[1]?.details).toEqual(['gemma on w-cpu: 5 models last night, none now']);
    const [growth] = await judgeNight(night({ gate: new Set(['w-cpu', 'w-cuda']), ...coming(600) }), []);
    expect(growth?.details[0]).toBe('w-cuda was not a gate worker last night');
  });

  it('let one giant repository have its line in a data shard', async () => {
    expect(await tripped({ files: shard(1_000_000, 990_000) })).toEqual([]);
    expect(await tripped({ files: shard(3_000_000, 2_990_000) })).toEqual(['shard-size']);
  });

  it('want a control to be listed only where all is listed, and out means out', async () => {
    const controls = [
      { repo: 'a/in', expect: 'in', why: 'x', place: 'data/controls.json:4' },
      { repo: 'a/out', expect: 'out', why: 'x', place: 'data/controls.json:9' },
    ] as const;
    expect(await tripped({ controls, holdsAll: false })).toEqual([]);
    expect(await tripped({ controls, holdsAll: true })).toEqual(['controls']);
    const all = matrixOf({ allowed: true, reasonCodes: [] });
    const refused = matrixOf({ allowed: false, reasonCodes: ['quantization_unknown'] });
    expect(await tripped({ controls, holdsAll: false, matrix: refused })).toEqual([]);
    expect((await judgeNight(night({ controls, matrix: all }), []))[0]?.details).toEqual([
      'data/controls.json:9: a/out must not be on the allowlist, but it is. x',
    ]);
  });

  it('tell all that trip at once, what changed, and the command that accepts it', async () => {
    const trips = await judgeNight(
      night({ ...leaving(200), families: families(0), report: report(700, 800) }),
      [],
    );
    const args = ['--source', 'hub', '--out', "it's"];
    const { message } = new GuardError(trips, acceptingCommand(args, trips), undefined);
    expect(message).toContain('2 guards stopped this build: nothing is published');
    expect(message).toContain('o/m0 (7 downloads): gone: It is gone.');
    expect(message).toContain('gemma on w-cpu: 5 models last night, none now');
    expect(message).toContain(
      "npm run build:matrix -- --source hub --out 'it'\\''s' --accept allowlist-shrink --accept architecture-lost",
    );
  });

  it('has a reason for every limit and every control', () => {
    expect(Object.values(loadLimits()).every(({ why }) => why.length > 20)).toBe(true);
    expect(loadControls().filter(({ expect: side }) => side === 'in').length).toBeGreaterThan(5);
  });
});

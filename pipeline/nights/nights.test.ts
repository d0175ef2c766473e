import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { buildOptions } from '../commands/options.ts';
import type { Changes, History, Removed } from '../format/files.ts';
import { addNight } from './history.ts';
import { includesSorted, keepRemoved, MOST_KEPT } from './removed.ts';
import { trendSvg } from './trend.ts';

const dir = mkdtempSync(join(tmpdir(), 'nights-'));
afterAll(() => rmSync(dir, { recursive: true }));

const TYPES = ['llama', 'mistral', 'qwen3', 'bert'] as const;

/** Returns a listing record; the last two types are refused. */
function record(n: number, modelType: string): string {
  return JSON.stringify({
    id: `o/m${n}`,
    gated: false,
    pipeline_tag: 'text-generation',
    config: { model_type: modelType, architectures: ['LlamaForCausalLM'] },
    safetensors: { parameters: { BF16: 7e9 }, total: 7e9 },
    siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
  });
}

let outs = 0;
/** Builds a night on its own day. `types` has a type for each model that is listed. */
async function buildNight(out: string, types: ReadonlyMap<number, string>, day = 0) {
  const source = join(dir, 'source.jsonl');
  writeFileSync(source, [...types].map(([n, type]) => `${record(n, type)}\n`).join(''));
  const args = ['--source', source, '--out', out, '--cache', join(dir, 'cache'), '--threads', '1'];
  const options = buildOptions([...args, '--workers', 'data/workers/rbee/llm*.json'], {});
  const result = await build(options, () => new Date(Date.UTC(2026, 0, 1 + day)));
  const read = (path: string) => JSON.parse(readFileSync(join(out, path), 'utf8'));
  return {
    ...result,
    allowlist: read('allowlist.json') as string[],
    removed: read('removed.json') as Removed,
    read,
  };
}

function apply(allowlist: readonly string[], { added, removed }: Changes): string[] {
  const gone = new Set(removed.map(({ id }) => id));
  return [...allowlist.filter((id) => !gone.has(id)), ...added.map(({ id }) => id)].sort();
}

describe('changes.json', () => {
  it('gives the allowlist of every night, applied to that of the night before', async () => {
    const listing = fc.dictionary(fc.integer({ min: 0, max: 12 }).map(String), fc.constantFrom(...TYPES), {
      minKeys: 1,
      maxKeys: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(listing, { minLength: 1, maxLength: 4 }), async (nights) => {
        outs += 1;
        const out = join(dir, `out-${outs}`);
        let before: readonly string[] = [];
        for (const [at, night] of nights.entries()) {
          const types = new Map(Object.entries(night).map(([n, type]) => [Number(n), type]));
          const { changes, allowlist, removed } = await buildNight(out, types, at);
          expect(changes.first).toBe(at === 0);
          if (changes.first) expect(changes).toMatchObject({ added: [], removed: [], changed: [] });
          else expect(apply(before, changes)).toEqual(allowlist);
          expect(removed.filter(({ id }) => allowlist.includes(id))).toEqual([]);
          for (const { id } of changes.removed) expect(removed.map((entry) => entry.id)).toContain(id);
          before = allowlist;
        }
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});

describe('removed.json', () => {
  const gone = { reasonCodes: ['gone'], reasons: ['The Hub no longer lists it.'] };
  const none: Changes = { first: false, added: [], removed: [], changed: [] };
  const last = (...entries: [string, string][]) =>
    JSON.stringify(entries.map(([id, on]) => ({ id, on, ...gone })));
  const keep = (text: string | undefined, changes: Changes, allowlist: readonly string[] = []) =>
    keepRemoved({ last: text, changes, allowlist, date: '2026-11-25T03:17:00.000Z' }).map(({ id, on }) => [
      id,
      on,
    ]);

  it('keeps what left for 90 days, and drops what is back', () => {
    const text = last(['a/back', '2026-11-01'], ['b/old', '2026-08-26'], ['c/kept', '2026-08-27']);
    expect(keep(text, none, ['a/back', 'z/other'])).toEqual([['c/kept', '2026-08-27']]);
  });

  it('takes the date of the last time that a model left, and sorts by id', () => {
    const changes = {
      ...none,
      removed: [
        { id: 'b/again', ...gone },
        { id: 'a/new', ...gone },
      ],
    };
    expect(keep(last(['b/again', '2026-10-01']), changes)).toEqual([
      ['a/new', '2026-11-25'],
      ['b/again', '2026-11-25'],
    ]);
  });

  it('keeps the last to leave where more left than a file may hold', () => {
    const ids = Array.from({ length: MOST_KEPT - 1 }, (_, n) => `n/m${n}`);
    const removed = ids.map((id) => ({ id, ...gone }));
    const text = last(['a/older', '2026-11-01'], ['b/old', '2026-11-02']);
    const kept = keep(text, { ...none, removed });
    expect(kept).toHaveLength(MOST_KEPT);
    expect(kept[0]).toEqual(['b/old', '2026-11-02']);
  });

  it('starts anew from nothing or from what is damaged, and survives a clock that jumps back', () => {
    expect(keep(undefined, none)).toEqual([]);
    expect(keep('{"oops"', none)).toEqual([]);
    expect(keep(last(['a/later', '2027-01-01']), none)).toEqual([['a/later', '2027-01-01']]);
  });

  it('finds an id in a sorted list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.string(), (list, id) => {
        const sorted = [...list].sort();
        expect(includesSorted(sorted, id)).toBe(sorted.includes(id));
        expect(sorted.every((own) => includesSorted(sorted, own))).toBe(true);
      }),
    );
  });
});

describe('history.json', () => {
  const night = (date: string, allowed: number): History[number] => ({
    date,
    models: 10,
    allowed,
    workers: { 'w-cpu': { compatible: allowed, unknown: 1 } },
    programs: { engine: { compatible: 9, unknown: 0 } },
  });
  const dates = (history: History) => history.map(({ date }) => date);

  it('adds a night that counts something else, and nothing for one that does not', () => {
    const one = addNight(undefined, night('2026-01-01', 5));
    expect(addNight(JSON.stringify(one), night('2026-01-02', 5))).toEqual(one);
    expect(dates(addNight(JSON.stringify(one), night('2026-01-02', 6)))).toEqual([
      '2026-01-01',
      '2026-01-02',
    ]);
  });

  it('holds one entry a day and sixty at the most, and stays in order when the clock jumps back', () => {
    const one = JSON.stringify([night('2026-01-01', 5), night('2026-01-02', 6)]);
    expect(addNight(one, night('2026-01-02', 7)).map(({ allowed }) => allowed)).toEqual([5, 7]);
    expect(dates(addNight(one, night('2026-01-01', 8)))).toEqual(['2026-01-01']);
    let text = '[]';
    for (let day = 0; day < 70; day += 1) {
      const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
      text = JSON.stringify(addNight(text, night(date, day)));
    }
    expect(JSON.parse(text)).toHaveLength(60);
  });

  it('is written with its picture, which an unchanged night leaves as they are', async () => {
    const out = join(dir, 'unchanged');
    const types = new Map([[1, 'llama']]);
    await buildNight(out, types, 0);
    const again = await buildNight(out, types, 1);
    expect(again.written).toEqual({ files: 0, bytes: 0 });
    const { history } = await buildNight(out, types.set(2, 'llama'), 2);
    expect(dates(history)).toEqual(['2026-01-01', '2026-01-03']);
    const cpu = { compatible: 2, unknown: 0 };
    expect(history[1]?.workers['llm-worker-rbee-cpu']).toEqual(cpu);
    expect(readFileSync(join(out, 'trend.svg'), 'utf8')).toContain('2026-01-03');
  });

  it('draws steps, and names nothing that could be markup', () => {
    const hostile = { ...night('2026-01-01', 5), programs: { '<script>&"': { compatible: 1, unknown: 0 } } };
    const svg = trendSvg([hostile, { ...night('2026-01-11', 8), programs: hostile.programs }]);
    expect(svg).toContain('&lt;script&gt;&amp;&quot;');
    expect(svg).not.toMatch(/<script|NaN|undefined/);
    expect(trendSvg([night('2026-01-01', 0)])).not.toMatch(/NaN/);
  });
});

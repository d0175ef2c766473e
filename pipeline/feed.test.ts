import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from './build.ts';
import { buildOptions } from './commands/options.ts';
import { MAX_RECORD_BYTES } from './lib/lines.ts';
import { openMatrix } from './read/node.ts';
import { MiniHub, type MiniRecord, miniRecord } from './testing/mini-hub.ts';

const dir = mkdtempSync(join(tmpdir(), 'feed-'));
afterAll(() => rmSync(dir, { recursive: true }));

const cacheOf = (out: string) => `${out}-cache`;

async function run(lines: readonly string[], out: string, ...flags: string[]) {
  const source = join(dir, 'night.jsonl');
  writeFileSync(source, lines.map((line) => `${line}\n`).join(''));
  return runFrom(source, out, {}, ...flags);
}

async function runFrom(source: string, out: string, env: Record<string, string>, ...flags: string[]) {
  const places = ['--source', source, '--out', out, '--cache', cacheOf(out)];
  const args = [...places, '--workers', 'data/workers/rbee/*.json', ...flags];
  return build(buildOptions(args, env), () => new Date());
}

/** Path -> content, of all that does not depend on the nights before. */
function contents(out: string): Record<string, string> {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(out, name)).isFile());
  const told = files.filter((name) => !/^(?:manifest|changes|removed|history)\.json$|^trend/.test(name));
  return Object.fromEntries(told.sort().map((name) => [name, readFileSync(join(out, name), 'utf8')]));
}

const objectId = (n: number) => (0x62000000 + n).toString(16).padEnd(24, '0');

type Facts = Record<string, unknown>;

/** A record as the crawl writes it. */
function llama(n: number | undefined, id: string, rest: Facts = {}): string {
  return JSON.stringify({
    ...(n === undefined ? {} : { _id: objectId(n) }),
    id,
    sha: '0'.repeat(40),
    downloads: 7,
    likes: 1,
    lastModified: '2024-01-01T00:00:00.000Z',
    pipeline_tag: 'text-generation',
    config: { architectures: ['LlamaForCausalLM'], model_type: 'llama' },
    safetensors: { parameters: { BF16: 1e9 }, total: 1e9 },
    siblings: ['config.json', 'model.safetensors', 'tokenizer.json'].map((rfilename) => ({ rfilename })),
    ...rest,
  });
}

const gone = (n: number) => JSON.stringify({ _id: objectId(n), gone: true });
const base = (tokens: number) => llama(1, 'm/base', { configJson: { max_position_embeddings: tokens } });
const copy = llama(2, 'm/copy', { baseModels: { relation: 'quantized', models: [{ id: 'm/base' }] } });
const plain = Array.from({ length: 40 }, (_, at) => llama(100 + at, `p/plain-${at}`));
const broken = ['{"id": "cut', llama(3, 'bad/gate', { gated: 3 }), llama(4, 'odd/tags', { tags: 7 })];
const first = [
  base(2_048),
  copy,
  ...plain,
  ...broken,
  llama(undefined, 'no/object-id'),
  llama(undefined, objectId(103)),
  llama(10, 'a/twice'),
  llama(11, 'a/twice', { lastModified: '2024-02-02T00:00:00.000Z', sha: '1'.repeat(40) }),
];

/** Nights, each as what changed, and as the listing that it makes of `first`. */
const NIGHTS: Record<string, { changes: readonly string[]; whole: readonly string[] }> = {
  'nothing changed': { changes: [], whole: first },
  'a base model says another length': {
    changes: [base(8_192)],
    whole: [base(8_192), ...first.slice(1)],
  },
  'a model was renamed, one is gone, one is new': {
    changes: [llama(100, 'p/renamed'), gone(101), llama(900, 'n/new')],
    whole: [
      ...first.filter((line) => line !== plain[0] && line !== plain[1]),
      llama(100, 'p/renamed'),
      llama(900, 'n/new'),
    ],
  },
  'a model is refused that was not, and one is not that was': {
    changes: [llama(102, 'p/plain-2', { config: { model_type: 'qwen3' } }), llama(3, 'bad/gate')],
    whole: [
      ...first.filter((line) => line !== plain[2] && line !== broken[1]),
      llama(102, 'p/plain-2', { config: { model_type: 'qwen3' } }),
      llama(3, 'bad/gate'),
    ],
  },
  'one of two records of a name is gone': {
    changes: [gone(11)],
    whole: first.slice(0, -1),
  },
  'a record without an _id is another': {
    changes: [llama(undefined, 'no/object-id', { disabled: true })],
    whole: [
      ...first.filter((line) => line !== llama(undefined, 'no/object-id')),
      llama(undefined, 'no/object-id', { disabled: true }),
    ],
  },
  'one is gone whose _id is the name of another that has none': {
    changes: [gone(103)],
    whole: first.filter((line) => line !== plain[3]),
  },
};

/** A build from `first` and its memory, made once. */
const begun = join(dir, 'begun');
beforeAll(() => run(first, begun, '--threads', '2'));

function begin(name: string): { fed: string; fresh: string } {
  const fed = join(dir, `${name}-fed`);
  cpSync(begun, fed, { recursive: true });
  cpSync(cacheOf(begun), cacheOf(fed), { recursive: true });
  return { fed, fresh: join(dir, `${name}-fresh`) };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder).filter((name) => statSync(join(folder, name)).size > 0);
}

describe('a build from what changed since the last', () => {
  it('follows one that remembers most records by what it made of them', () => {
    const parts = filesOf(join(cacheOf(begun), 'judged')).filter((name) => name.endsWith('.tsv'));
    expect(parts.length).toBeGreaterThan(20);
  });

  it.each(Object.entries(NIGHTS))('writes what one from the whole listing would: %s', async (name, night) => {
    const { fed, fresh } = begin(name.replaceAll(' ', '-'));
    await run(night.changes, fed, '--since-last', '--threads', '1');
    const { report } = await run(night.whole, fresh, '--threads', '1');
    expect(contents(fed)).toEqual(contents(fresh));
    expect(report.records.read).toBe(night.whole.length);
  });

  it.each([
    ['is cut', '{"id": "cut', 1],
    ['does not tell what is gone', '{"_id":"6200006","gone":true}', 1],
    ['is too long', llama(100, 'p/plain-0', { note: 'x'.repeat(MAX_RECORD_BYTES) }), 1],
    ['is too long, of two threads,', llama(100, 'p/plain-0', { note: 'x'.repeat(MAX_RECORD_BYTES) }), 2],
  ])('is refused where a line %s: what it changes cannot be told', async (what, line, threads) => {
    const { fed } = begin(`nameless-${what.replaceAll(/\W+/g, '-')}`);
    const feed = run([line], fed, '--since-last', '--threads', String(threads));
    await expect(feed).rejects.toThrow(/holds 1 line\(s\) without an _id.*Build from the whole listing/);
    expect(contents(fed)).toEqual(contents(begun));
  });

  it('is refused where out/ is newer than what is remembered', async () => {
    const { fed } = begin('newer');
    await run(first, fed, '--threads', '1');
    await expect(run([base(8_192)], fed, '--since-last')).rejects.toThrow(/remembers one of .* and .* is of/);
  });

  it('may follow another such', async () => {
    const { fed, fresh } = begin('twice');
    await run([llama(100, 'p/renamed')], fed, '--since-last', '--threads', '1');
    await run([llama(100, 'p/renamed-again'), base(8_192)], fed, '--since-last', '--threads', '3');
    const rest = first.filter((line) => line !== plain[0] && line !== base(2_048));
    await run([...rest, llama(100, 'p/renamed-again'), base(8_192)], fresh, '--threads', '1');
    expect(contents(fed)).toEqual(contents(fresh));
    expect((await (await openMatrix(fed)).model('m/copy'))?.facts.contextLength).toEqual({
      value: 8_192,
      source: 'base-model',
    });
  });

  it('is refused where nothing is remembered, or by other rules', async () => {
    await expect(run(first, join(dir, 'nothing'), '--since-last')).rejects.toThrow(
      /remembers none by the same rules/,
    );
    const { fed } = begin('refused');
    const otherGate = run([base(8_192)], fed, '--since-last', '--gate', 'sd-worker-rbee-cpu');
    await expect(otherGate).rejects.toThrow(/Build from the whole listing first/);
    expect(contents(fed)).toEqual(contents(begun));
  });
});

describe('a crawl of what changed since the last', () => {
  const old = new Date(Date.now() - 9 * 3_600_000).toISOString();
  const now = new Date(Date.now() + 1_000).toISOString();
  const record = (n: number, lastModified: string, rest: Facts = {}): MiniRecord => {
    const { _id, ...facts } = JSON.parse(llama(undefined, `o/m${n}`, rest)) as Facts;
    return miniRecord(n, { ...facts, id: `o/m${n}`, lastModified, config: '{"model_type":"llama"}' });
  };

  it('hands over that alone, and the build writes what it would from everything', async () => {
    const hub = await MiniHub.start(Array.from({ length: 60 }, (_, n) => record(n, old)));
    const [fed, whole] = [join(dir, 'hub-fed'), join(dir, 'hub-whole')];
    const env = { HF_ENDPOINT: hub.endpoint };
    await runFrom('hub', fed, env, '--threads', '2');
    cpSync(fed, whole, { recursive: true });
    cpSync(cacheOf(fed), cacheOf(whole), { recursive: true });
    rmSync(join(cacheOf(whole), 'judged'), { recursive: true });
    const turned = record(5, now, { sha: '5'.repeat(40), tags: ['now'], disabled: true });
    hub.records = [...hub.records.slice(0, 5), turned, ...hub.records.slice(6), record(90, now)];
    hub.takeAsked();
    const night = await runFrom('hub', fed, env, '--since-last');
    const details = hub.takeAsked().filter((path) => !path.startsWith('/api/models'));
    expect(details.every((path) => /m(?:5|90)\b/.test(path))).toBe(true);
    const recrawled = await runFrom('hub', whole, env, '--since-last');
    expect([night.feed, recrawled.feed]).toEqual([true, false]);
    expect(contents(fed)).toEqual(contents(whole));
    expect(night.report.records.read).toBe(61);
    expect(await (await openMatrix(fed)).has('o/m90')).toBe(true);
    expect(await (await openMatrix(fed)).has('o/m5')).toBe(false);
    hub.stop();
  });

  it('does not stand by what it knew of a record that has become too long', async () => {
    const hub = await MiniHub.start(Array.from({ length: 60 }, (_, n) => record(n, old)));
    const fed = join(dir, 'hub-too-long');
    const env = { HF_ENDPOINT: hub.endpoint };
    await runFrom('hub', fed, env, '--threads', '2');
    const long = record(5, now, { tags: Array(100).fill('t'.repeat(90_000)) });
    hub.records = [...hub.records.slice(0, 5), long, ...hub.records.slice(6)];
    const night = await runFrom('hub', fed, env, '--since-last');
    expect(night.feed).toBe(true);
    expect(night.report.records.rejected['field id']).toBe(1);
    expect(await (await openMatrix(fed)).has('o/m5')).toBe(false);
    hub.stop();
  });
});

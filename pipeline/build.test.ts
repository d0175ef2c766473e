import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { build } from './build.ts';
import { buildOptions } from './commands/options.ts';
import { manifestFile, SCHEMAS } from './format/schema.ts';
import { findMatches } from './lib/find-files.ts';
import { sha256 } from './lib/hash.ts';
import { releaseLock, takeLock } from './lib/lock.ts';
import { SNAPSHOT_GLOB } from './lib/paths.ts';
import { openMatrix } from './read/node.ts';

const dir = mkdtempSync(join(tmpdir(), 'build-'));
afterAll(() => rmSync(dir, { recursive: true }));

const cacheOf = (out: string) => join(dir, 'cache', out.replaceAll('/', '_'));

let clock = 0;
async function run(source: string, out: string, ...flags: string[]) {
  const options = buildOptions(
    [
      '--source',
      source,
      '--out',
      out,
      '--cache',
      cacheOf(out),
      '--workers',
      'data/workers/rbee/*.json',
      ...flags,
    ],
    {},
  );
  // A new time every time, of one day: only the manifest may show it.
  return build(options, () => new Date(1.7e12 + clock++ * 1e3));
}

const snapshot = (await Promise.all(findMatches(SNAPSHOT_GLOB).map((path) => readFileSync(path, 'utf8'))))
  .join('')
  .trim()
  .split('\n');

function source(name: string, lines: readonly (string | Buffer)[]): string {
  const path = join(dir, `${name}.jsonl`);
  writeFileSync(path, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
  return path;
}

/** Returns path -> content of every file but the manifest. */
function contents(out: string): Record<string, string> {
  const names = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path !== join(out, 'manifest.json'));
  return Object.fromEntries(paths.map((path) => [path.slice(out.length), readFileSync(path, 'utf8')]));
}

const shuffled = (lines: readonly string[]) => [...lines].sort((a, b) => (sha256(a) < sha256(b) ? -1 : 1));
const llama = (id: string, rest: object = {}) =>
  JSON.stringify({
    id,
    gated: false,
    pipeline_tag: 'text-generation',
    config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
    safetensors: { parameters: { BF16: 7e9 }, total: 7e9 },
    siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
    ...rest,
  });

describe('build', () => {
  it('writes the same bytes whatever the order of the input, plain or gzipped, once or twice', async () => {
    const first = join(dir, 'first');
    const second = join(dir, 'second');
    await run(source('plain', snapshot), first);
    writeFileSync(join(dir, 'shuffled.jsonl.gz'), gzipSync(`${shuffled(snapshot).join('\n')}\n`));
    await run(join(dir, 'shuffled.jsonl.gz'), second);
    expect(contents(second)).toEqual(contents(first));
    const again = await run(join(dir, 'plain.jsonl'), second);
    expect(again.written).toEqual({ files: 0, bytes: 0 });
    expect(contents(second)).toEqual(contents(first));
  });

  it('names every file with its bytes and hash in a manifest, and publishes a schema that each file meets', async () => {
    const out = join(dir, 'manifest');
    await run('snapshot', out);
    const manifest = manifestFile.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
    const found = contents(out);
    expect(manifest.files.map(({ path }) => `/${path}`).sort()).toEqual(Object.keys(found).sort());
    for (const { path, bytes, sha256: hash } of manifest.files) {
      const content = readFileSync(join(out, path));
      expect([content.length, sha256(content)]).toEqual([bytes, hash]);
    }
  });

  it('publishes a schema of every file, which the files meet', async () => {
    const out = join(dir, 'schemas');
    await run('snapshot', out);
    const found = contents(out);
    const parseAll = (name: string, texts: readonly string[]) => {
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts) SCHEMAS[name]?.parse(JSON.parse(text));
    };
    const under = (folder: string) =>
      Object.entries(found)
        .filter(([path]) => path.startsWith(folder))
        .map(([, text]) => text);
    parseAll(
      'model.json',
      under('/models/').flatMap((text) => text.trim().split('\n')),
    );
    parseAll('volatile.json', under('/volatile/'));
    parseAll('worker-models.json', under('/workers/'));
    parseAll('running.json', (found['/running.jsonl'] ?? '').trim().split('\n'));
    parseAll('copies.json', under('/copies/'));
    for (const name of [
      'allowlist.json',
      'verdicts.json',
      'workers.json',
      'changes.json',
      'removed.json',
      'history.json',
      'unlocks.json',
      'report.json',
    ]) {
      parseAll(name, [found[`/${name}`] ?? '']);
    }
    for (const [name, schema] of Object.entries(SCHEMAS)) {
      expect(JSON.parse(found[`/schema/${name}`] ?? '')).toEqual(
        JSON.parse(JSON.stringify(z.toJSONSchema(schema))),
      );
    }
  });

  it('answers by repo id and by worker', async () => {
    const out = join(dir, 'reader');
    await run('snapshot', out);
    const matrix = await openMatrix(out);
    const tiny = await matrix.model('TinyLlama/TinyLlama-1.1B-Chat-v1.0');
    expect(tiny?.facts.parameters.total).toEqual({ value: 1_100_048_384, source: 'safetensors' });
    expect(tiny?.facts.variants[0]?.sizeBytes).toBe(2_200_119_864);
    expect(tiny?.verdicts.get('llm-worker-rbee-cpu')?.confidence).toBe('high');
    expect(await matrix.has('Qwen/Qwen3-8B')).toBe(false);
    expect((await matrix.model('Qwen/Qwen3-8B'))?.verdicts.get('llm-worker-rbee-cpu')?.reasonCodes).toEqual([
      'architecture_unsupported',
    ]);
    expect((await matrix.worker('sd-worker-rbee-cpu')).low).toHaveLength(9);
    expect(await matrix.model('no/such')).toBeUndefined();
    await expect(matrix.worker('no-such')).rejects.toThrow('has no worker no-such');
    for (const path of ['verdicts.json', 'content']) rmSync(join(out, path), { recursive: true });
    await expect((await openMatrix(out)).model('Qwen/Qwen3-8B')).rejects.toThrow('lacks verdicts.json');
  });

  it('tells the models of a worker that has no list, as of one that has', async () => {
    const [out, all] = [join(dir, 'two-gates'), join(dir, 'one-gate')];
    await run('snapshot', out);
    await run('snapshot', all, '--gate', 'sd-worker-rbee-cpu');
    expect(existsSync(join(all, 'workers/llm-worker-rbee-cpu.json'))).toBe(false);
    const listed = await (await openMatrix(out)).worker('llm-worker-rbee-cpu');
    const { high, medium, low } = await (await openMatrix(all)).worker('llm-worker-rbee-cpu');
    expect({ high, medium, low }).toEqual(listed);
    expect(low.length).toBeGreaterThan(20);
  });

  it('judges in as many threads as are asked for, with the same bytes', async () => {
    const [one, three] = [join(dir, 'one-thread'), join(dir, 'three-threads')];
    await run('snapshot', one, '--threads', '1');
    await run('snapshot', three, '--threads', '3');
    expect(contents(three)).toEqual(contents(one));
  });

  it('writes no file again whose content did not change', async () => {
    const out = join(dir, 'again');
    const night = source('again', [llama('a/b'), llama('c/d')]);
    await run(night, out);
    const files = Object.keys(contents(out)).length;
    const { written, kept } = await run(night, out);
    expect([written.files, kept.files]).toEqual([0, files]);
  });

  it.each(['1', '2'])('gives a copy what its base model states, read by %s threads', async (threads) => {
    const out = join(dir, `copies-${threads}`);
    const shape = { num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 4 };
    const base = (id: string, tokens: number, date: string) =>
      llama(id, {
        lastModified: date,
        configJson: {
          max_position_embeddings: tokens,
          model_type: 'llama',
          architectures: ['LlamaForCausalLM'],
          ...shape,
        },
      });
    const copy = (id: string, models: string[], rest = {}) =>
      llama(id, { baseModels: { relation: 'quantized', models: models.map((id) => ({ id })) }, ...rest });
    const records = [
      copy('a/copy', ['m/base']),
      copy('a/refused', ['m/base'], {
        config: { model_type: 'mystery', architectures: ['MysteryForCausalLM'] },
      }),
      copy('a/orphan', ['no/such']),
      copy('a/merge', ['m/base', 'm/other']),
      llama('a/tune', { baseModels: { relation: 'finetune', models: [{ id: 'm/base' }] } }),
      base('m/base', 1_024, '2024-01-01'),
      base('m/base', 2_048, '2025-01-01'),
    ];
    await run(source(`copies-${threads}`, records), out, '--threads', threads);
    const matrix = await openMatrix(out);
    const facts = async (id: string) => (await matrix.model(id))?.facts;
    const inherited = { value: 2_048, source: 'base-model' };
    expect((await facts('a/copy'))?.contextLength).toEqual(inherited);
    expect((await facts('m/base'))?.attention).toMatchObject({ source: 'config' });
    expect((await facts('a/copy'))?.attention).toEqual({
      ...((await facts('m/base'))?.attention as object),
      source: 'base-model',
    });
    expect((await facts('a/refused'))?.contextLength).toEqual(inherited);
    for (const id of ['a/orphan', 'a/merge', 'a/tune'])
      expect((await facts(id))?.contextLength, id).toBe('unknown');
  });

  it('counts what it cannot use, and no hostile record leaves a mark', async () => {
    const lines = [
      llama('good/one'),
      '{"id": "cut',
      'null',
      '[]',
      '7',
      llama('../../etc/passwd'),
      llama('__proto__'),
      llama('a/b\u0000'),
      llama(`a/${'x'.repeat(500)}`),
      llama('wrong/gate', { gated: 3 }),
      llama('wrong/tags', { tags: 'llama' }),
      llama('big/record', { note: 'x'.repeat(20 * 1024 * 1024) }),
      '{"__proto__": {"disabled": true}, "constructor": {"prototype": {"x": 1}}, "id": "proto/record"}',
    ];
    const out = join(dir, 'hostile');
    const { report } = await run(source('hostile', lines), out);
    expect(report.records.read).toBe(lines.length);
    expect(report.records.rejected).toEqual({
      'not JSON': 1,
      'not an object': 3,
      'repo id': 4,
      'field gated': 1,
      'longer than the cap': 1,
    });
    expect(report.records.ignoredFields).toEqual({ tags: 1 });
    expect(await (await openMatrix(out)).allowlist()).toEqual(['good/one', 'wrong/tags']);
    expect(({} as { disabled?: boolean }).disabled).toBeUndefined();
    expect(Object.keys(contents(out)).every((path) => !path.includes('..'))).toBe(true);
  });

  it('keeps the newest of doubles', async () => {
    const out = join(dir, 'doubles');
    const old = llama('a/b', { lastModified: '2024-01-01', config: { model_type: 'qwen3' } });
    const { report } = await run(source('doubles', [llama('a/b', { lastModified: '2025-01-01' }), old]), out);
    expect([report.models, report.records.doubles, report.allowed]).toEqual([1, 1, 1]);
  });

  it('says what came, what went and why, and keeps saying it until something changes again', async () => {
    const out = join(dir, 'changes');
    await run(
      source('night-1', [llama('a/stays'), llama('a/breaks'), llama('a/goes'), llama('a/shifts')]),
      out,
    );
    const turned = { config: { model_type: 'qwen3', architectures: ['Qwen3ForCausalLM'] } };
    const shifted = { config: { model_type: 'mistral', architectures: ['MistralForCausalLM'] } };
    const night = source('night-2', [
      llama('a/stays'),
      llama('a/breaks', turned),
      llama('a/comes'),
      llama('a/shifts', shifted),
    ]);
    const { changes } = await run(night, out);
    expect(changes.added.map(({ id }) => id)).toEqual(['a/comes']);
    expect(changes.removed.map(({ id, reasonCodes }) => [id, ...reasonCodes])).toEqual([
      ['a/breaks', 'architecture_unsupported'],
      ['a/goes', 'gone'],
    ]);
    expect(changes.changed).toEqual([
      { id: 'a/shifts', worker: 'llm-worker-rbee-cpu', from: 'high', to: 'low' },
    ]);
    await run(night, out);
    expect(await (await openMatrix(out)).changes()).toEqual(changes);
  });

  it('makes the folder that out/ is to lie in', async () => {
    await run('snapshot', join(dir, 'no', 'such', 'folder', 'out'));
    expect(existsSync(join(dir, 'no/such/folder/out/manifest.json'))).toBe(true);
  });

  it('leaves the last out/ alone when it fails, and on a dry run', async () => {
    const out = join(dir, 'failing');
    await run(source('before', [llama('a/b')]), out);
    const before = contents(out);
    await expect(run(source('empty', []), out)).rejects.toThrow('holds no usable record (0 read)');
    await expect(run('/nowhere/*.jsonl', out)).rejects.toThrow('No file matches /nowhere/*.jsonl');
    writeFileSync(join(dir, 'damaged.jsonl.gz'), gzipSync('x'.repeat(100_000)).subarray(0, 60));
    await expect(run(join(dir, 'damaged.jsonl.gz'), out)).rejects.toThrow(
      /damaged\.jsonl\.gz cannot be read/,
    );
    await expect(run('snapshot', out, '--gate', 'no-such-worker')).rejects.toThrow(
      '--gate takes worker ids, not no-such-worker',
    );
    await run('snapshot', out, '--dry-run');
    expect(contents(out)).toEqual(before);
    expect(readdirSync(dir).filter((name) => name.startsWith('failing'))).toEqual(['failing']);
  });

  it('replaces no folder but its own, and no file', async () => {
    const night = source('foreign-source', [llama('a/b')]);
    const foreign = join(dir, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'precious.txt'), 'mine');
    await expect(run(night, foreign)).rejects.toThrow(/has the file precious\.txt but no manifest\.json/);
    await expect(run(night, join(foreign, 'precious.txt'))).rejects.toThrow('is a file; name a folder');
    await expect(run(night, '.')).rejects.toThrow('contains the folder in which this command runs');
    await expect(run(night, '')).rejects.toThrow('--out needs the name of a folder');
    expect(readFileSync(join(foreign, 'precious.txt'), 'utf8')).toBe('mine');
  });

  it('lets one build at a time write, and takes over the lock of one that is gone', async () => {
    const night = source('lock-source', [llama('a/b')]);
    const out = join(dir, 'locked');
    takeLock(`${out}.lock`);
    await expect(run(night, out)).rejects.toThrow(/Another build \(process \d+ on .*\) is writing here/);
    releaseLock(`${out}.lock`);
    writeFileSync(`${out}.lock`, '1\n');
    utimesSync(`${out}.lock`, new Date(0), new Date(0));
    await run(night, out);
    expect(existsSync(`${out}.lock`)).toBe(false);
  });

  it('prefers a refused double of the same date, in any order', async () => {
    const records = [llama('a/b'), llama('a/b', { disabled: true }), llama('a/b', { private: true })];
    const outs = [];
    for (const [at, lines] of [records, [...records].reverse()].entries()) {
      outs.push(join(dir, `twins-${at}`));
      const { report } = await run(source(`twins-${at}`, lines), outs[at] ?? '');
      expect(report.allowed).toBe(0);
    }
    expect(contents(outs[1] ?? '')).toEqual(contents(outs[0] ?? ''));
  });

  it('finds the last out/ again after a kill between its two renames', async () => {
    const out = join(dir, 'killed');
    await run(source('killed-source', [llama('a/b')]), out);
    renameSync(out, `${out}.previous`);
    mkdirSync(`${out}.next`);
    writeFileSync(join(`${out}.next`, '.unfinished'), '');
    expect(await (await openMatrix(out)).has('a/b')).toBe(true);
    expect(existsSync(out)).toBe(false);
    const again = await run(join(dir, 'killed-source.jsonl'), out);
    expect(again.written.files).toBe(0);
    expect(existsSync(`${out}.previous`)).toBe(false);
  });

  it('writes a file anew when the last out/ was tampered with', async () => {
    const out = join(dir, 'tampered');
    await run(source('tampered-source', [llama('a/b')]), out);
    const before = contents(out);
    writeFileSync(join(out, 'allowlist.json'), '[]\n');
    await run(join(dir, 'tampered-source.jsonl'), out);
    expect(contents(out)).toEqual(before);
  });

  it('reads no more than --limit records', async () => {
    const { report } = await run('snapshot', join(dir, 'limited'), '--limit', '5');
    expect(report.records.read).toBe(5);
  });
});

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import glob from 'fast-glob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { buildOptions } from '../commands/options.ts';
import { estimateMemory } from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import type { Matrix } from './index.ts';
import { openMatrix } from './node.ts';

const dir = mkdtempSync(join(tmpdir(), 'read-'));
const out = join(dir, 'out');
beforeAll(async () => {
  await build(buildOptions(['--out', out], {}), () => new Date(0));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Serves a folder as a static host does; `asked` has the paths. */
async function serve(folder: string, status = 404, missing = 'not here') {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = String(request.url).slice(1);
    asked.push(path);
    try {
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(status).end(missing);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, stop: () => server.close() };
}

const damaged = (name: string, change: (copy: string) => void) => {
  const copy = join(dir, name);
  cpSync(out, copy, { recursive: true });
  change(copy);
  return copy;
};

describe('openMatrix', () => {
  it('answers the same over HTTP as from a folder, and asks for a file once', async () => {
    const host = await serve(out);
    const [near, far] = [await openMatrix(out), await openMatrix(host.url)];
    for (const id of ['TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'Qwen/Qwen3-8B', 'no/such'])
      expect(await far.model(id)).toEqual(await near.model(id));
    expect(await far.allowlist()).toEqual(await near.allowlist());
    expect(await far.worker('vllm-cuda')).toEqual(await near.worker('vllm-cuda'));
    expect(await far.changes()).toEqual(await near.changes());
    expect(await far.has('Qwen/Qwen3-8B')).toBe(false);
    expect(new Set(host.asked).size).toBe(host.asked.length);
    host.stop();
  });

  it('ranks all models by downloads, those without a page too', async () => {
    const matrix = await openMatrix(out);
    const all = await matrix.mostDownloaded(Number.POSITIVE_INFINITY);
    const counts = await matrix.downloads(all);
    const inOrder = all.map((id) => counts.get(id) ?? -1);
    expect(all).toHaveLength(matrix.header.models);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => b - a));
    expect(await matrix.mostDownloaded(3)).toEqual(all.slice(0, 3));
  });

  it.each([
    [403, '<Error><Code>AccessDenied</Code></Error>'],
    [410, ''],
    [200, '<!doctype html><title>App</title>'],
  ])(
    'takes an answer of %i %s for a file that is not there, if the manifest names none',
    async (status, text) => {
      const host = await serve(out, status, text);
      const [near, far] = [await openMatrix(out), await openMatrix(host.url)];
      const model = await near.model('TinyLlama/TinyLlama-1.1B-Chat-v1.0');
      expect(await far.copiesOf(model as NonNullable<typeof model>)).toEqual(
        await near.copiesOf(model as NonNullable<typeof model>),
      );
      expect(await far.worker('vllm-cuda')).toEqual(await near.worker('vllm-cuda'));
      host.stop();
      const holed = await serve(
        damaged(`holed-${status}`, (copy) => rmSync(join(copy, 'families.json'))),
        status,
        text,
      );
      await expect((await openMatrix(holed.url)).families()).rejects.toThrow('which its manifest lists');
      holed.stop();
    },
  );

  it('verifies what it reads, and names what is not right', async () => {
    const matrix = await openMatrix(out);
    for await (const { id } of matrix.models()) expect(id).not.toBe('');
    expect((await matrix.allowlist()).length).toBeGreaterThan(50);
    const turned = damaged('turned', (copy) =>
      writeFileSync(join(copy, 'allowlist.json'), '["evil/model"]\n'),
    );
    await expect((await openMatrix(turned)).allowlist()).rejects.toThrow(
      /allowlist\.json differs from what its manifest states/,
    );
  });

  it.each<[string, (copy: string) => void, RegExp]>([
    ['lacks its manifest', (copy) => rmSync(join(copy, 'manifest.json')), /has no manifest\.json/],
    [
      'has another manifest',
      (copy) => writeFileSync(join(copy, 'manifest.json'), '{}'),
      /not of schema version/,
    ],
    ['lacks its rows', (copy) => rmSync(join(copy, 'rows'), { recursive: true }), /lacks rows\/\w+\.json/],
    ['lacks its verdicts', (copy) => rmSync(join(copy, 'verdicts.json')), /lacks verdicts\.json/],
    [
      'has half a table',
      (copy) => writeFileSync(join(copy, 'verdicts.json'), '{"wor'),
      /verdicts\.json differs from what its manifest states/,
    ],
  ])('says what is wrong with an out/ that %s', async (name, change, message) => {
    const copy = damaged(name.replaceAll(' ', '-'), (dir) => {
      rmSync(join(dir, 'content'), { recursive: true });
      change(dir);
    });
    const read = async () => (await openMatrix(copy)).model('Qwen/Qwen3-8B');
    await expect(read()).rejects.toThrow(message);
  });

  it('names a damaged list of copies or of running models', async () => {
    const copy = damaged('damaged-lists', (dir) => {
      for (const path of glob.sync('copies/*.json', { cwd: dir })) writeFileSync(join(dir, path), '{"cut');
      writeFileSync(join(dir, 'running.jsonl'), '["cut\n');
    });
    const matrix = await openMatrix(copy);
    const model = await matrix.model('TinyLlama/TinyLlama-1.1B-Chat-v1.0');
    await expect(matrix.copiesOf(model as NonNullable<typeof model>)).rejects.toThrow(
      /copies\/\w+\.json differs from what its manifest states/,
    );
    await expect(matrix.worker('vllm-cuda')).rejects.toThrow(
      /running\.jsonl differs from what its manifest states/,
    );
  });

  it('says which server cannot be reached', async () => {
    await expect(openMatrix('http://127.0.0.1:9/out')).rejects.toThrow(
      'http://127.0.0.1:9/out/manifest.json',
    );
  });
});

/** Returns worker id -> variant id -> the memory of each variant that it runs. */
async function memoryOf(matrix: Matrix, id: string): Promise<object> {
  const model = await matrix.model(id);
  const bitsPerWeight = await matrix.bitsPerWeight();
  const all = (await matrix.workers()).map((worker) => {
    const variants = model?.verdicts.get(worker.id)?.variants ?? [];
    const sized = variants.flatMap((variant) => {
      if (model === undefined) return [];
      const {
        fits,
        from,
        variant: _,
        ...memory
      } = estimateMemory(model.facts, worker, { variant, bitsPerWeight });
      return [[variant, { ...memory, fits: DEVICE_GB.filter((gb) => fits(gb)) }] as const];
    });
    return [worker.id, Object.fromEntries(sized)] as const;
  });
  return Object.fromEntries(all);
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('a reader in another language', () => {
  it.skipIf(!hasPython)(
    'gives the same verdicts and the same memory by the documentation alone (skipped without python3)',
    async () => {
      const matrix = await openMatrix(out);
      const ids = [
        'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
        'Qwen/Qwen3-8B',
        'openai-community/gpt2',
        'deepseek-ai/DeepSeek-V3',
        'openai/gpt-oss-20b',
        'ggml-org/gemma-3-4b-it-GGUF',
        'google/gemma-2b',
        'stabilityai/stable-diffusion-xl-base-1.0',
        'black-forest-labs/FLUX.1-dev',
        'city96/FLUX.1-dev-gguf',
        'BAAI/bge-small-en-v1.5',
      ];
      for await (const { id, facts } of matrix.models())
        if (facts.baseModels.relation === 'quantized' && ids.length < 16) ids.push(id);
      for (const id of ids) {
        const { stdout } = spawnSync('python3', ['examples/python/read_out.py', out, id], {
          encoding: 'utf8',
        });
        const { verdicts, downloads, memory } = JSON.parse(stdout) as Record<string, unknown>;
        const model = await matrix.model(id);
        expect(memory, id).toEqual(await memoryOf(matrix, id));
        const expected = [...(model?.verdicts ?? [])].map(([worker, verdict]) => {
          const { status, confidence, reasons, warnings, variants, recommendedVariant } = verdict;
          return [worker, { status, confidence, reasons, warnings, variants, recommendedVariant }];
        });
        expect(verdicts).toEqual(Object.fromEntries(expected));
        expect(downloads).toBe(model?.facts.downloads === 'unknown' ? -1 : model?.facts.downloads);
      }
      expect(
        spawnSync('python3', ['examples/python/read_out.py', out, 'no/such'], { encoding: 'utf8' }).stdout,
      ).toBe('null\n');
    },
  );
});

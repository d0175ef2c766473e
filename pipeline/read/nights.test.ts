import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import glob from 'fast-glob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { buildOptions } from '../commands/options.ts';
import { findMatches } from '../lib/find-files.ts';
import { SNAPSHOT_GLOB } from '../lib/paths.ts';
import type { Matrix } from './index.ts';
import { openMatrix } from './node.ts';

const dir = mkdtempSync(join(tmpdir(), 'nights-'));
const nights = [join(dir, 'first'), join(dir, 'second')] as const;
const out = join(dir, 'out');
let ids: string[];
/** The verdicts of each night on every model. */
let truths: Map<string, string>[];

beforeAll(async () => {
  const records = findMatches(SNAPSHOT_GLOB)
    .sort()
    .flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as { id: string; downloads?: number });
  // Several data shards take some hundreds of models.
  const all = ['a', 'b', 'c', 'd', 'e'].flatMap((mark) =>
    records.map((record) => ({ ...record, id: `${record.id}-${mark}` })),
  );
  const first = all.filter((_, at) => at % 3 !== 0);
  const write = (name: string, some: readonly object[]) =>
    writeFileSync(join(dir, name), some.map((record) => `${JSON.stringify(record)}\n`).join(''));
  write('1.jsonl', first);
  // The second night has more models, other verdicts (fewer workers), and other downloads.
  write(
    '2.jsonl',
    all.map((record) => ({ ...record, downloads: (record.downloads ?? 0) + 7 })),
  );
  const run = (number: number, ...more: string[]) =>
    build(
      buildOptions(
        ['--source', join(dir, `${number}.jsonl`), '--out', nights[number - 1] ?? '', ...more],
        {},
      ),
      () => new Date(number * 86_400_000),
    );
  await run(1);
  await run(2, '--workers', 'llm-worker-rbee,sd-worker-rbee,vllm,ollama');
  ids = first.map(({ id }) => id);
  truths = await Promise.all(nights.map(async (night) => answersOf(await openMatrix(night))));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function answerOf(matrix: Matrix, id: string): Promise<string> {
  const model = await matrix.model(id);
  return JSON.stringify([model?.facts.downloads, [...(model?.verdicts ?? [])]]);
}

async function answersOf(matrix: Matrix): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const id of ids) answers.set(id, await answerOf(matrix, id));
  return answers;
}

/** Publishes a night as a build does: by renames. */
function publish(night: 0 | 1): void {
  cpSync(nights[night], `${out}.next`, { recursive: true });
  rmSync(`${out}.old`, { recursive: true, force: true });
  if (night === 1) renameSync(out, `${out}.old`);
  else rmSync(out, { recursive: true, force: true });
  renameSync(`${out}.next`, out);
}

/** Serves a host with a cache of earlier answers, by the path alone or by the whole address. */
async function serveThroughCache(keyOf: (url: URL) => string) {
  const held = new Map<string, Buffer | undefined>();
  let reads = 0;
  const server = createServer((request, response) => {
    const url = new URL(String(request.url), 'http://host');
    reads += 1;
    if (!held.has(keyOf(url))) held.set(keyOf(url), readOrNothing(join(out, url.pathname)));
    const body = held.get(keyOf(url));
    response.writeHead(body === undefined ? 404 : 200).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    held,
    reads: () => reads,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function readOrNothing(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Counts the answers from each night, and the errors that name a file. */
async function tally(matrix: Matrix) {
  const counts = { first: 0, second: 0, other: 0, error: 0 };
  for (const id of ids) {
    try {
      const answer = await answerOf(matrix, id);
      if (answer === truths[1]?.get(id)) counts.second += 1;
      else if (answer === truths[0]?.get(id)) counts.first += 1;
      else counts.other += 1;
    } catch (error) {
      expect(String(error)).toMatch(/(?:models|volatile|rows)\/\w+\.json|verdicts\.json/);
      counts.error += 1;
    }
  }
  return counts;
}

describe('a reader that stays open while a night is published', () => {
  it('moves to it as a whole, in a folder', async () => {
    publish(0);
    const matrix = await openMatrix(out);
    expect(await answersOf(matrix)).toEqual(truths[0]);
    const before = await matrix.allowlist();
    publish(1);
    expect(await tally(matrix)).toEqual({ first: 0, second: ids.length, other: 0, error: 0 });
    expect(matrix.header.models).toBeGreaterThan(ids.length);
    expect((await matrix.allowlist()).length).toBeGreaterThan(before.length);
  });

  it('answers from one night while files are replaced one by one, the manifest last', async () => {
    publish(0);
    const matrix = await openMatrix(out);
    await answersOf(matrix);
    const paths = glob.sync('**/*', { cwd: nights[1] }).filter((path) => path !== 'manifest.json');
    for (const path of paths.slice(0, paths.length / 2)) cpSync(join(nights[1], path), join(out, path));
    expect((await tally(matrix)).other).toBe(0);
    for (const path of [...paths, 'manifest.json']) cpSync(join(nights[1], path), join(out, path));
    expect(await tally(await openMatrix(out))).toEqual({ first: 0, second: ids.length, other: 0, error: 0 });
  });

  it('moves to it as a whole over HTTP, behind a cache that holds every address', async () => {
    publish(0);
    const host = await serveThroughCache(({ href }) => href);
    const old = await openMatrix(host.url, { recheckMs: 0 });
    expect(await answersOf(old)).toEqual(truths[0]);
    publish(1);
    // Its own files are all at hand; the cache holds the manifest of the first night, which is a night as a whole.
    expect((await tally(old)).other).toBe(0);
    host.held.delete(`${new URL('manifest.json', 'http://host').href}`);
    const reads = host.reads();
    expect(await tally(old)).toEqual({ first: 0, second: ids.length, other: 0, error: 0 });
    // Each file that the cache holds of the first night is read twice.
    expect(host.reads() - reads).toBeLessThan(2 * host.held.size + ids.length);
    host.stop();
  });

  it('never mixes nights behind a cache that holds files by their path alone', async () => {
    publish(0);
    const host = await serveThroughCache(({ pathname }) => pathname);
    const early = await openMatrix(host.url, { recheckMs: 0 });
    // From now on it holds verdicts.json and rows/, which have a second name that is made of their content.
    await early.worker('vllm-cuda');
    publish(1);
    host.held.delete('/manifest.json');
    const late = await openMatrix(host.url);
    expect(await tally(late)).toEqual({ first: 0, second: ids.length, other: 0, error: 0 });
    host.stop();
  });

  it('names the file that such a cache holds of another night', async () => {
    publish(0);
    const host = await serveThroughCache(({ pathname }) => pathname);
    await (await openMatrix(host.url)).model(ids[0] ?? '');
    publish(1);
    host.held.delete('/manifest.json');
    const counts = await tally(await openMatrix(host.url));
    expect([counts.first, counts.other]).toEqual([0, 0]);
    expect(counts.error).toBeGreaterThan(0);
    host.stop();
  });

  it('gives no part of another night behind the parts that it gave', async () => {
    publish(0);
    const matrix = await openMatrix(out);
    const models = matrix.models();
    await models.next();
    publish(1);
    const rest = async () => {
      for await (const _ of models);
    };
    await expect(rest()).rejects.toThrow(
      /belongs to another night than what was read before, or is damaged\. Open the out\/ again\./,
    );
  });
});

import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import glob from 'fast-glob';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { checkCompatibility, extractMetadata, listWorkerBinaries } from '../pipeline/index.ts';
import { findMatches } from '../pipeline/lib/find-files.ts';
import { SNAPSHOT_GLOB } from '../pipeline/lib/paths.ts';
import { openMatrix } from '../pipeline/read/node.ts';
import { bundleBrowser } from './build-package.ts';
import { PUBLIC_CASES } from './stand-in-hub.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const hasChromium = existsSync(CHROMIUM);
/**
 * The most bytes of the entry, minified and gzipped, without the parts that load on demand: checking, reading out/,
 * memory and the best file for a device.
 */
const MAX_ENTRY_BYTES = 24 * 1024;

type Api = typeof import('../pipeline/browser.ts');
/** The page that puts the entry where the functions that run in it find it. */
const PAGE =
  '<!doctype html><title>test</title><script type="module">import * as api from "/browser.js"; globalThis.api = api;</script>';

const dir = mkdtempSync(join(tmpdir(), 'browser-'));
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' };
const server = createServer((request, response) => {
  const path = join(dir, new URL(String(request.url), 'http://x').pathname);
  if (!existsSync(path)) return response.writeHead(404).end();
  return response
    .writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/json' })
    .end(readFileSync(path));
});
let url: string;
let browser: Browser | undefined;
let page: Page;

beforeAll(async () => {
  await bundleBrowser(dir, true);
  writeFileSync(join(dir, 'page.html'), PAGE);
  await build(buildOptions(['--out', join(dir, 'out')], {}), () => new Date(0));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (!hasChromium) return;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  page = await browser.newPage();
});
beforeEach(async () => {
  if (!hasChromium) return;
  await page.goto(`${url}/page.html`);
  await page.waitForFunction('globalThis.api !== undefined');
});
afterAll(async () => {
  await browser?.close();
  server.close();
  rmSync(dir, { recursive: true });
});

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

async function allRecords(): Promise<unknown[]> {
  const snapshot = findMatches(SNAPSHOT_GLOB).flatMap(lines);
  const cases = existsSync(PUBLIC_CASES) ? lines(PUBLIC_CASES) : [];
  return [...snapshot, ...cases.map((one) => (one as { record: unknown }).record)];
}

describe('the browser entry', () => {
  it('is small, and holds neither zod nor a module of Node', () => {
    const entry = readFileSync(join(dir, 'browser.js'));
    const shared = [...entry.toString().matchAll(/from"\.\/(chunks\/chunk-\w+\.js)"/g)].map(
      (match) => match[1] ?? '',
    );
    const bytes = [entry, ...shared.map((name) => readFileSync(join(dir, name)))].map(
      (file) => gzipSync(file).length,
    );
    expect(bytes.reduce((all, n) => all + n, 0)).toBeLessThan(MAX_ENTRY_BYTES);
    for (const path of glob.sync('{*,chunks/*}.js', { cwd: dir, absolute: true })) {
      const text = readFileSync(path, 'utf8');
      expect(text).not.toMatch(/["']node:/);
      expect(text).not.toContain('ZodError');
    }
  });

  it.skipIf(!hasChromium)('gives the verdicts of Node in Chromium (skipped without it)', async () => {
    const records = await allRecords();
    const inBrowser = await page.evaluate(async (given) => {
      const { api } = globalThis as unknown as { api: Api };
      await api.loadData();
      const workers = api.listWorkerBinaries();
      return given.map((record) => {
        const model = api.extractMetadata(record);
        return JSON.stringify([model, workers.map((worker) => api.checkCompatibility(model, worker))]);
      });
    }, records);
    const workers = listWorkerBinaries();
    for (const [at, record] of records.entries()) {
      const model = extractMetadata(record);
      const verdicts = workers.map((worker) => checkCompatibility(model, worker));
      expect(JSON.parse(inBrowser[at] ?? '')).toEqual(JSON.parse(JSON.stringify([model, verdicts])));
    }
  });

  it.skipIf(!hasChromium)('opens an out/ by a relative address as Node does from its folder', async () => {
    const ids = ['TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'Qwen/Qwen3-8B'];
    const inBrowser = await page.evaluate(
      async ([at = '', ...wanted]) => {
        const { api } = globalThis as unknown as { api: Api };
        const matrix = await api.openMatrix(at);
        const models = await Promise.all(wanted.map((id) => matrix.model(id)));
        return JSON.stringify(models.map((model) => [model?.facts, [...(model?.verdicts ?? [])]]));
      },
      // Relative to the page.
      ['out', ...ids],
    );
    const matrix = await openMatrix(join(dir, 'out'));
    const models = await Promise.all(ids.map((id) => matrix.model(id)));
    expect(inBrowser).toBe(
      JSON.stringify(models.map((model) => [model?.facts, [...(model?.verdicts ?? [])]])),
    );
  });

  it.skipIf(!hasChromium)('says what to do before the data is there', async () => {
    const message = await page.evaluate(() => {
      const { api } = globalThis as unknown as { api: Api };
      const flat = { architecture: 'llama', format: 'gguf' };
      const worker = { worker_type: 'cpu', supported_architectures: ['llama'], supported_formats: ['gguf'] };
      if (!api.isModelCompatible(flat, [worker])) return 'refused';
      try {
        return String(api.isModelCompatible(flat));
      } catch (error) {
        return String(error);
      }
    });
    expect(message).toContain('await loadData() first');
  });
});

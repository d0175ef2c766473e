/** The built site in a real browser, with models that try to break it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import glob from 'fast-glob';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../pipeline/build.ts';
import { SNAPSHOT_GLOB } from '../pipeline/lib/paths.ts';
import { buildOptions } from '../pipeline/options.ts';
import { checkSite } from './check.ts';
import { siteServer } from './serve.ts';

const dir = mkdtempSync(join(tmpdir(), 'site-'));
const [out, dist] = [join(dir, 'out'), join(dir, 'dist')];

const HOSTILE_LICENSE = '<script>alert(1)</script>';
const HOSTILE_FILE = "a'$(touch x)`<img src=x onerror=alert(1)>.Q4_K_M.gguf";

const llama = (id: string, rest: object = {}) => ({
  id,
  gated: false,
  pipeline_tag: 'text-generation',
  siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
  config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
  safetensors: { parameters: { BF16: 1_100_048_384 }, total: 1_100_048_384 },
  ...rest,
});

/** Ids that disks and hosts mangle, and strings that would be markup. */
const EXTRA = [
  llama('bare-legacy'),
  llama('Case/Twin'),
  llama('case/twin'),
  llama('a/b'),
  llama('a/b.txt'),
  llama('a/b.json'),
  llama('a/v1.5.'),
  llama('hostile/license', { cardData: { license: HOSTILE_LICENSE } }),
  llama('hostile/file', {
    config: undefined,
    safetensors: undefined,
    gguf: { architecture: 'llama', context_length: 4096, total: 1e9 },
    siblings: [{ rfilename: HOSTILE_FILE }],
  }),
  llama('hostile/__proto__'),
];

let browser: Browser;
let origin: string;
const server = () => siteServer(dist);
let running: ReturnType<typeof server>;

async function night(listing: string, day: string, extra: readonly object[]): Promise<void> {
  writeFileSync(join(listing, 'extra.jsonl'), extra.map((record) => `${JSON.stringify(record)}\n`).join(''));
  await build(buildOptions(['--source', `${listing}/*.jsonl`, '--out', out], {}), () => new Date(day));
}

beforeAll(async () => {
  const listing = join(dir, 'listing');
  mkdirSync(listing);
  for (const [at, path] of (await glob(SNAPSHOT_GLOB)).entries())
    writeFileSync(join(listing, `${at}.jsonl`), readFileSync(path));
  await night(listing, '2026-03-01', [...EXTRA, llama('once/here')]);
  await night(listing, '2026-03-02', EXTRA);
  const script = fileURLToPath(new URL('build.ts', import.meta.url));
  const made = spawnSync(process.execPath, ['--import', 'tsx', script, '--out', out, '--dist', dist], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  expect(made.status, `${made.stdout}${made.stderr}`).toBe(0);
  running = server().listen(0, '127.0.0.1');
  await new Promise((resolve) => running.once('listening', resolve));
  origin = `http://127.0.0.1:${(running.address() as AddressInfo).port}`;
  const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('No Chromium: apt-get install chromium.');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  running?.close();
  rmSync(dir, { recursive: true });
});

type Context = Parameters<Browser['newContext']>[0];

/** A page, its answer, and everything that it did wrong: errors, dialogs, requests of other hosts. */
async function visit(path: string, context: Context = {}) {
  const page = await browser.newPage(context);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('dialog', (dialog) => faults.push(dialog.message()));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on('response', (answer) => {
    const isPage = answer.request().isNavigationRequest();
    if (answer.status() >= 400 && !isPage) faults.push(`${answer.status()} ${answer.url()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(request.url());
  });
  const response = await page.goto(`${origin}${path}`, { waitUntil: 'load' });
  return { page, faults, status: response?.status() };
}

/** What axe finds. The policy of the page forbids strangers' scripts, as it should: it is lifted for this look. */
async function violations(path: string, context: Context): Promise<string[]> {
  const page = await browser.newPage({ ...context, bypassCSP: true });
  await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' });
  await page.addScriptTag({ content: axe.source });
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  await page.close();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const MODEL = '/models/bartowski/Meta-Llama-3.1-8B-Instruct-GGUF/';

describe('the built site', () => {
  it('has a page for each model of the allowlist and no other, and no dead link', async () => {
    expect(await checkSite(dist, out)).toEqual([]);
  });

  it('checkSite sees a leaked page, a missing page, and a dead link', async () => {
    const leaked = join(dist, 'models/leaked/model');
    mkdirSync(leaked, { recursive: true });
    writeFileSync(join(leaked, 'index.html'), '<a href="/models/no/such/">x</a>');
    const json = join(dist, 'models/a/b.txt.json');
    const kept = readFileSync(json);
    rmSync(json);
    const wrong = await checkSite(dist, out);
    rmSync(join(dist, 'models/leaked'), { recursive: true });
    writeFileSync(json, kept);
    expect(wrong.sort()).toEqual([
      'models/a/b.txt.json is missing.',
      'models/a/b.txt/index.html links to /models/a/b.txt.json, which is not there.',
      'models/leaked/model has a page and is not on the allowlist.',
      'models/leaked/model/index.html links to /models/no/such/, which is not there.',
    ]);
  });

  it('shows the verdicts of an allowed model, with no script at all', async () => {
    const { page, faults, status } = await visit(MODEL, { javaScriptEnabled: false });
    expect(status).toBe(200);
    expect(await page.locator('.verdicts tr', { hasText: 'rbee LLM worker' }).innerText()).toMatch(/✓ low/);
    expect(await page.locator('.verdicts tr', { hasText: 'vLLM' }).innerText()).toMatch(/✗ no/);
    expect(await page.locator('pre').innerText()).toBe(
      'hf download bartowski/Meta-Llama-3.1-8B-Instruct-GGUF Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf',
    );
    expect(await page.locator('script').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('answers 404 for a refused model and says which rule refused it, and what runs instead', async () => {
    const { page, faults, status } = await visit('/models/Qwen/Qwen3-8B/');
    expect(status).toBe(404);
    await page.getByText('no loader for model_type qwen3').waitFor();
    expect(await page.locator('#why a').first().getAttribute('href')).toMatch(/\/models\/Qwen\//);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says of a model that it never heard of that it was not listed, and of another spelling where it is', async () => {
    const never = await visit('/models/no-such/model/');
    await never.page.getByText('was not in the listing').waitFor();
    const spelt = await visit('/models/qwen/qwen2.5-7b-instruct/');
    expect(spelt.status).toBe(404);
    await spelt.page.getByRole('link', { name: 'Qwen/Qwen2.5-7B-Instruct', exact: true }).click();
    await spelt.page.waitForURL(/Qwen2\.5-7B-Instruct\/$/);
    expect(await spelt.page.locator('h1').innerText()).toBe('Qwen/Qwen2.5-7B-Instruct');
    await never.page.close();
    await spelt.page.close();
  });

  it('answers 410 for a page that is gone, and says since when and why', async () => {
    const { page, faults, status } = await visit('/models/once/here/');
    expect(status).toBe(410);
    await page.getByText('It had a page until 2026-03-02. The Hub no longer lists it.').waitFor();
    expect(faults).toEqual([]);
    await page.close();
    const changes = await visit('/changes/');
    expect(await changes.page.locator('main').innerText()).toContain('once/here The Hub no longer lists it.');
    expect(await changes.page.locator('a[href*="once"]').count()).toBe(0);
    await changes.page.close();
  });

  it('finds despite a typo, filters, and keeps both in the address', async () => {
    const { page, faults } = await visit('/search/');
    await page.locator('#filters').waitFor();
    await page.locator('#q').fill('tinyllma');
    await page.getByText('with a letter overlooked').waitFor();
    expect(await page.locator('#results a').first().innerText()).toMatch(/TinyLlama/);
    await page.locator('#q').fill('llama');
    await page.locator('select[name=format]').selectOption('gguf');
    await page.locator('select[name=device]').selectOption('8');
    await expect.poll(() => page.locator('#results li').count()).toBeGreaterThan(0);
    for (const row of await page.locator('#results small').allInnerTexts())
      expect(row).toMatch(/gguf · 8 GB ·/);
    expect(new URL(page.url()).search).toBe('?q=llama&device=8&format=gguf');
    const rows = await page.locator('#results li').allInnerTexts();
    await page.reload();
    await expect.poll(() => page.locator('#results li').allInnerTexts()).toEqual(rows);
    expect(await page.locator('select[name=device]').inputValue()).toBe('8');
    await page.goto(`${origin}/search/?family=bert`);
    await page.getByText('Nothing that runs has such a name.').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('leads from a cell of the matrix to the models in it', async () => {
    const { page } = await visit('/matrix/');
    await page.getByRole('link', { name: /^llama on rbee LLM worker/ }).click();
    await page.waitForURL(/search\/\?family=llama&worker=llm-worker-rbee/);
    await page.locator('#results li').first().waitFor();
    for (const row of await page.locator('#results small').allInnerTexts()) expect(row).toMatch(/^llama/);
    await page.close();
  });

  it('shows strings of the Hub as text', async () => {
    const license = await visit('/models/hostile/license/');
    expect(await license.page.locator('.facts').innerText()).toContain(HOSTILE_LICENSE);
    const file = await visit('/models/hostile/file/');
    expect(await file.page.locator('pre').innerText()).toContain(
      `'a'\\''$(touch x)\`<img src=x onerror=alert(1)>.Q4_K_M.gguf'`,
    );
    const search = await visit(`/search/?q=${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
    const missing = await visit('/models/%3Cimg%20src=x%20onerror=alert(1)%3E/x/');
    expect([license, file, search, missing].flatMap(({ faults }) => faults)).toEqual([]);
    for (const { page } of [license, file, search, missing]) await page.close();
  });

  it('serves every odd id at one address, and lists no folder', async () => {
    const get = async (path: string) => {
      const response = await fetch(`${origin}${path}`, { redirect: 'manual' });
      return [
        response.status,
        /<h1[^>]*>(.*?)<\/h1>/s.exec(await response.text())?.[1]?.replaceAll('<wbr/>', ''),
      ];
    };
    for (const id of ['bare-legacy', 'a/b', 'a/b.txt', 'hostile/__proto__'])
      expect(await get(`/models/${id}/`)).toEqual([200, id]);
    const { paths } = JSON.parse(readFileSync(join(dist, 'search.json'), 'utf8')) as {
      paths: Record<string, string>;
    };
    expect(Object.keys(paths).sort()).toEqual(['Case/Twin', 'a/b.json', 'a/v1.5.', 'case/twin']);
    for (const [id, path] of Object.entries(paths)) expect(await get(`/models/${path}/`)).toEqual([200, id]);
    expect((await get('/models/a/b.txt'))[0]).toBe(301);
    for (const path of [
      '/models/',
      '/models/a/',
      '/why/',
      '/404/',
      '/_not-found/',
      '/models/a/..%2f..%2f/',
      '//x',
    ])
      expect((await get(path))[0], path).toBeGreaterThanOrEqual(400);
  });
});

describe.each([
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark, on a phone', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
] as const)('%s', (_, context) => {
  it.each([
    '/',
    MODEL,
    '/workers/',
    '/workers/llm-worker-rbee-cuda/',
    '/matrix/',
    '/changes/',
    '/unlocks/',
    '/about/',
    '/search/?q=llama',
    '/models/Qwen/Qwen3-8B/',
  ])(
    '%s has no violation of accessibility, fits its window, and asks nothing of other hosts',
    async (path) => {
      const { page, faults } = await visit(path, context);
      expect(faults).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(await violations(path, context)).toEqual([]);
      await page.close();
    },
  );
});

it('is dark where that is preferred, and as strict by headers as by its own word', async () => {
  const colours = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await visit('/', { colorScheme });
    colours.push(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
    await page.close();
  }
  expect(colours).toEqual(['rgb(255, 255, 255)', 'rgb(23, 22, 20)']);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(
    readFileSync(join(dist, 'index.html'), 'utf8'),
  )?.[1];
  expect(readFileSync(join(dist, '_headers'), 'utf8')).toContain(
    `Content-Security-Policy: ${policy?.replaceAll('&#x27;', "'")}; frame-ancestors 'none'`,
  );
});

it('tells machines the same: sitemap, robots, feed, matrix, each model', async () => {
  const get = async (path: string) => (await fetch(`${origin}${path}`)).text();
  expect(await get('/robots.txt')).toContain('Sitemap: http://localhost:4173/sitemap.xml');
  expect(await get('/sitemap.xml')).toContain('<loc>http://localhost:4173/sitemap/0.xml</loc>');
  const sitemap = await get('/sitemap/0.xml');
  for (const path of ['/', '/matrix/', '/models/a/b.txt/', '/workers/vllm-cuda/'])
    expect(sitemap).toContain(`<loc>http://localhost:4173${path}</loc>`);
  expect(sitemap).not.toContain('once/here');
  expect(await get('/feed.xml')).toContain('<title>once/here went</title>');
  expect((await get('/matrix.csv')).split('\n')[0]).toMatch(/^family,models,downloads,llm-worker-rbee,/);
  const model = JSON.parse(await get('/models/a/b.json')) as { id: string; verdicts: { status: string }[] };
  expect([model.id, model.verdicts[0]?.status]).toEqual(['a/b', 'compatible']);
});

it('can be used by keyboard alone', async () => {
  const { page } = await visit('/', { viewport: { width: 600, height: 800 } });
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('q');
  await page.keyboard.type('tinyllama');
  await page.locator('#results a').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/models\/.*TinyLlama/);
  await page.close();
});

/** The built site in a real browser, with models that try to break it. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CLONE } from '../pipeline/commands/home.ts';
import { explainFrom } from '../pipeline/commands/query.ts';
import { workersNamed } from '../pipeline/data/named-workers.ts';
import { type FitAnswer, findBestFile } from '../pipeline/read/best-file.ts';
import { openMatrix } from '../pipeline/read/node.ts';
import { checkSite } from './check.ts';
import { answerOn, sentenceOf } from './client/fit-answer.ts';
import type { FitJson } from './lib/fit.ts';
import type { Gone } from './lib/gone.ts';
import { siteServer } from './serve.ts';
import { type BuiltSite, buildSite, PICTURES } from './testing/built-site.ts';
import { filesOfOnePart } from './testing/one-part.ts';
import { HOSTILE_LICENSE } from './testing/records.ts';
import { launch, violations, visitWith } from './testing/visitor.ts';

const dir = mkdtempSync(join(tmpdir(), 'site-'));
let site: BuiltSite;
let browser: Browser;
let origin: string;
let running: ReturnType<typeof siteServer>;

beforeAll(async () => {
  site = await buildSite(dir);
  running = siteServer(site.dist).listen(0, '127.0.0.1');
  await once(running, 'listening');
  origin = `http://127.0.0.1:${(running.address() as AddressInfo).port}`;
  browser = await launch();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  running?.close();
  rmSync(dir, { recursive: true });
});

const visit = (path: string, context?: BrowserContextOptions) =>
  visitWith(browser, `${origin}${path}`, context);

/** Returns what the XML parser of the browser finds: the name of the root, or `parsererror`. */
const rootOfXml = (page: Page, address: string) =>
  page.evaluate(async (from) => {
    const text = await (await fetch(from)).text();
    const xml = new DOMParser().parseFromString(text, 'application/xml');
    return xml.querySelector('parsererror')?.localName ?? xml.documentElement.localName;
  }, address);

const sizeOfPicture = (page: Page, address: string) =>
  page.evaluate(async (from) => {
    const image = new Image();
    image.src = from;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, address);

const MODEL = '/models/bartowski/Meta-Llama-3.1-8B-Instruct-GGUF/';

/** Device in GB, model, and the name of a worker, a program or a backend. */
const QUESTIONS = [
  [12, 'Qwen/Qwen2.5-7B-Instruct', 'llama.cpp-cuda'],
  [8, 'Qwen/Qwen2.5-7B-Instruct', 'llama.cpp-cuda'],
  [16, 'Qwen/Qwen2.5-7B-Instruct', 'vllm-cuda'],
  [24, 'Qwen/Qwen2.5-7B-Instruct', 'vllm-cuda'],
  [8, 'TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'llm-worker-rbee-cuda'],
  [12, 'bartowski/Meta-Llama-3.1-8B-Instruct-GGUF', 'ollama-cuda'],
  [16, 'mistralai/Mistral-7B-Instruct-v0.2', 'llm-worker-rbee-metal'],
  [24, 'ggml-org/gemma-3-4b-it-GGUF', 'llama.cpp-metal'],
  [12, 'stabilityai/stable-diffusion-xl-base-1.0', 'sd-worker-rbee-cuda'],
  [8, 'unsloth/QwQ-32B-Preview-GGUF', 'llama.cpp-vulkan'],
  [12, 'Qwen/Qwen2.5-7B-Instruct', 'cuda'],
  [16, 'Qwen/Qwen2.5-7B-Instruct', 'metal'],
  [8, 'Qwen/QwQ-32B', 'vulkan'],
  [128, 'Qwen/QwQ-32B', 'llama.cpp'],
  [24, 'stabilityai/stable-diffusion-xl-base-1.0', 'cpu'],
] as const;

/** Returns what the page of a model answers for a device, on the workers of a name. */
async function answerOfPage(id: string, deviceGb: number, name: string): Promise<string> {
  const { fit } = JSON.parse(readFileSync(join(site.dist, `models/${id}.json`), 'utf8')) as {
    readonly fit: FitJson;
  };
  const workers = await (await openMatrix(site.out)).workers();
  const answer = answerOn(fit, workersNamed(name, workers), deviceGb);
  return answer === undefined ? '' : sentenceOf(answer, deviceGb);
}

async function explain(...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const print = async (text: string) => void printed.push(text);
  await explainFrom(CLONE)([...args, '--out', site.out], {
    env: {},
    isInteractive: false,
    print,
    note: () => {},
  });
  return printed.join('\n');
}

describe('will it fit', () => {
  it.each(QUESTIONS)('%d GB, %s, %s: site, explain and API answer alike', async (deviceGb, id, worker) => {
    const matrix = await openMatrix(site.out);
    const model = await matrix.model(id);
    if (model === undefined) throw new Error(`${id} is not in out/`);
    const expected = await findBestFile(matrix, model, { deviceGb, worker });
    expect(await answerOfPage(id, deviceGb, worker)).toBe(expected.sentence);
    const asked = [id, '--device', String(deviceGb), '--worker', worker];
    expect((await explain(...asked)).split('\n')[0]).toBe(expected.sentence);
    const { fit } = JSON.parse(await explain(...asked, '--json')) as { readonly fit: FitAnswer };
    expect(fit).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  it('is answered on the page without a script, for the devices that most people have', async () => {
    const { page } = await visit('/models/Qwen/Qwen2.5-7B-Instruct/', { javaScriptEnabled: false });
    const row = page.locator('#files-table tr', { hasText: 'Q3_K_M GGUF' });
    expect(await row.first().innerText()).toMatch(
      /Qwen2\.5-7B-Instruct-GGUF\s+4\.0\s+3\.81 GB(\s+✓ fits){4}\s+✓ runs/,
    );
    const split = page.locator('#files-table tr', { hasText: 'Q4_K_M GGUF' });
    expect(await split.first().innerText()).toMatch(/✗ The weights are split into several files/);
    await page.close();
  });
});

describe('the built site', () => {
  it('has a page for each model of the allowlist and no other, each in a sitemap, and no dead link', async () => {
    expect(await checkSite(site.dist, site.out)).toEqual([]);
  });

  it('has, built in two parts, the files that one part would have', async () => {
    const { out, dist, runsOfNext } = site;
    expect(runsOfNext).toBe(2);
    vi.stubEnv('SITE_OUT', out);
    vi.stubEnv('SITE_PICTURES', PICTURES);
    const expected = await filesOfOnePart();
    vi.unstubAllEnvs();
    const copied = await glob('**', { cwd: fileURLToPath(new URL('public/', import.meta.url)), dot: true });
    const built = (await glob('**', { cwd: dist, dot: true })).filter((path) => !copied.includes(path));
    const nameOf = (path: string) => (path === 'missing.html' ? '404.html' : path);
    expect(built.sort()).toEqual([...expected.keys()].map(nameOf).sort());
    const other = [...expected].filter(
      ([path, text]) => text !== readFileSync(join(dist, nameOf(path)), 'utf8'),
    );
    expect(other.map(([path]) => path)).toEqual([]);
  });

  it('shows the verdicts of an allowed model, with no script at all', async () => {
    const { page, faults, status } = await visit(MODEL, { javaScriptEnabled: false });
    expect(status).toBe(200);
    expect(await page.locator('.verdicts tr', { hasText: 'rbee LLM worker' }).innerText()).toMatch(
      /! defect open/,
    );
    expect(await page.locator('.verdicts tr', { hasText: 'vLLM' }).count()).toBe(0);
    expect(await page.locator('details', { hasText: 'It does not run on' }).textContent()).toContain('vLLM');
    expect(await page.locator('.card pre').innerText()).toBe(
      'hf download bartowski/Meta-Llama-3.1-8B-Instruct-GGUF Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf',
    );
    expect(await page.locator('.ways').innerText()).toContain(
      'ollama run hf.co/bartowski/Meta-Llama-3.1-8B-Instruct-GGUF:Q4_K_M',
    );
    expect(await page.locator('.copy:visible').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('names itself, its facts and its picture to programs that show a card or read structured data', async () => {
    const { page } = await visit(MODEL);
    const meta = (name: string) => page.locator(`meta[property="${name}"]`).getAttribute('content');
    expect(await page.title()).toMatch(/^bartowski\/.* \| rbee models$/);
    expect(await meta('og:url')).toBe(`http://localhost:4173${MODEL}`);
    const picture = new URL((await meta('og:image')) ?? '').pathname;
    expect(picture).toBe(`${MODEL.slice(0, -1)}.png`);
    for (const [path, size] of [
      [picture, [600, 315]],
      ['/card.png', [600, 315]],
      ['/icon-32.png', [32, 32]],
      ['/icon-180.png', [180, 180]],
    ] as const)
      expect(await sizeOfPicture(page, `${origin}${path}`), path).toEqual(size);
    const data = JSON.parse(
      (await page.locator('[type="application/ld+json"]').textContent()) ?? '',
    ) as object;
    expect(data).toMatchObject({
      '@type': 'SoftwareApplication',
      sdDatePublished: '2026-03-02T00:00:00.000Z',
    });
    await page.close();
    const rare = await visit('/models/hostile/license/');
    expect(await rare.page.locator('meta[property="og:image"]').getAttribute('content')).toMatch(
      /\/card\.png$/,
    );
    const own = JSON.parse(
      (await rare.page.locator('[type="application/ld+json"]').textContent()) ?? '',
    ) as object;
    expect(own).toMatchObject({ license: HOSTILE_LICENSE });
    await rare.page.close();
  });

  it('answers for the machine of the visitor, in the address and remembered', async () => {
    const { page, faults } = await visit(
      '/models/Qwen/Qwen2.5-7B-Instruct/?program=llama.cpp&backend=cuda&device=12',
    );
    const answer = page.locator('#answer');
    await answer.getByText(/^On 12 GB with llama\.cpp on CUDA: yes, .* of 12 GB at 8k\./).waitFor();
    expect(await answer.locator('.memory li').allInnerTexts()).toContain('left to the system 1.00 GB');
    expect(await page.locator('#take').isVisible()).toBe(false);
    await page.locator('#machine select[name=device]').selectOption('8');
    await answer.getByText(/^On 8 GB with llama\.cpp on CUDA: yes, .* of 8 GB at 8k\./).waitFor();
    expect(new URL(page.url()).searchParams.get('device')).toBe('8');
    await page.goto(`${origin}/search/`);
    await page.locator('#results li').first().waitFor();
    expect(await page.locator('select[name=program]').inputValue()).toBe('llama.cpp');
    await page.goto(`${origin}/`);
    await page.locator('#results li').first().waitFor();
    expect(await page.locator('#results small').first().innerText()).toContain('fits 8 GB');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('answers for a backend alone with the marketplace’s own worker, and with another program where that cannot', async () => {
    const { page } = await visit('/models/Qwen/Qwen2.5-3B-Instruct/?backend=cuda&device=8');
    const answer = page.locator('#answer');
    await answer.getByText(/^On 8 GB with rbee LLM worker on CUDA: no, /).waitFor();
    await answer.getByText(/^Another program: On 8 GB with .* on CUDA: yes, /).waitFor();
    expect(await page.locator('#take').isVisible()).toBe(true);
    await page.locator('#machine select[name=backend]').selectOption('vulkan');
    await answer.getByText(/^On 8 GB with .* on Vulkan: /).waitFor();
    await page.close();
  });

  it('sorts a list by a column, by a key of the keyboard or the mouse', async () => {
    const { page, faults } = await visit('/workers/llm-worker-rbee-cpu/');
    const sizes = () => page.locator('.models-table td[data-label=Parameters]').allInnerTexts();
    const button = page.locator('.models-table').getByRole('button', { name: 'Parameters' });
    await button.click();
    const [most] = await sizes();
    await button.press('Enter');
    const [least] = await sizes();
    expect([most?.slice(-1), least?.slice(-1)]).toEqual(['B', 'M']);
    expect(await page.locator('.models-table th[aria-sort=ascending]').innerText()).toMatch(/Parameters/);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('copies a command', async () => {
    const { page } = await visit(MODEL, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy' }).first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^hf download bartowski\//);
    await page.close();
  });

  it('cuts no table of verdicts on a wide screen, and prints what is folded', async () => {
    const { page } = await visit(MODEL, { viewport: { width: 1440, height: 900 } });
    const table = page.locator('.verdicts').first();
    expect(
      await table.evaluate((it) => it.scrollWidth - (it.parentElement?.clientWidth ?? 0)),
    ).toBeLessThanOrEqual(0);
    const folded = page.locator('details .reasons').first();
    expect(await folded.evaluate((it) => it.checkVisibility({ contentVisibilityAuto: true }))).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await folded.evaluate((it) => it.checkVisibility({ contentVisibilityAuto: true }))).toBe(true);
    await page.close();
  });

  it('has a feed and sitemaps that an XML parser reads', async () => {
    const { page } = await visit('/');
    for (const path of ['/feed.xml', '/sitemap.xml', '/sitemap/0.xml'])
      expect(await rootOfXml(page, `${origin}${path}`), path).toMatch(/^(?:feed|sitemapindex|urlset)$/);
    await page.close();
  });

  it('answers 404 for a refused model and says which rule refused it, and what runs instead', async () => {
    const { page, faults, status } = await visit('/models/Qwen/Qwen3-8B/');
    expect(status).toBe(404);
    await page.getByText('no loader for the model_type qwen3').waitFor();
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

  it('answers 410 at the path that such a page had beside an id that differs in case', async () => {
    const { path } =
      (JSON.parse(readFileSync(join(site.dist, 'gone.json'), 'utf8')) as Record<string, Gone>)['Left/Twin'] ??
      {};
    expect(path).toMatch(/^Left~\w{8}\/Twin~\w{8}$/);
    const { page, status } = await visit(`/models/${path}/`);
    expect(status).toBe(410);
    await page.getByText('It had a page until 2026-03-02. The Hub no longer lists it.').waitFor();
    expect(await page.locator('h1').innerText()).toBe('Left/Twin has no page');
    await page.close();
  });

  it('finds despite a typo, filters, and keeps both in the address', async () => {
    const { page, faults } = await visit('/search/');
    await page.locator('#filters').waitFor();
    await page.locator('#q').fill('tinyllma');
    await page.getByText('Close spellings: 2 models').waitFor();
    expect(await page.locator('#results a').first().innerText()).toMatch(/TinyLlama/);
    await page.locator('#q').fill('llama');
    await page.locator('select[name=format]').selectOption('gguf');
    await page.locator('select[name=device]').selectOption('8');
    await expect.poll(() => page.locator('#results li').count()).toBeGreaterThan(0);
    for (const row of await page.locator('#results small').allInnerTexts())
      expect(row).toMatch(/GGUF .*fits 8 GB/);
    expect(new URL(page.url()).search).toBe('?q=llama&device=8&format=gguf');
    const rows = await page.locator('#results li').allInnerTexts();
    await page.reload();
    await expect.poll(() => page.locator('#results li').allInnerTexts()).toEqual(rows);
    expect(await page.locator('select[name=device]').inputValue()).toBe('8');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says which filter emptied a search, and drops it', async () => {
    const { page } = await visit('/search/?q=tinyllama&family=qwen');
    await page.getByText('Without family qwen there are 2 models.').waitFor();
    await page.getByRole('button', { name: 'Drop family qwen' }).click();
    await expect.poll(() => page.locator('#results li').count()).toBe(2);
    expect(new URL(page.url()).search).toBe('?q=tinyllama');
    await page.getByRole('button', { name: 'GGUF' }).click();
    await expect.poll(() => page.locator('#results li').count()).toBe(1);
    expect(await page.locator('#q').inputValue()).toBe('tinyllama gguf');
    await page.close();
  });

  it('shows models that have no page with the reason, also those of a pasted address', async () => {
    const { page, faults } = await visit('/search/?q=https://huggingface.co/Qwen/Qwen3-8B/tree/main');
    await page.locator('.refused li', { hasText: 'no loader for the model_type qwen3' }).first().waitFor();
    expect(await page.locator('.refused b').first().innerText()).toBe('Qwen/Qwen3-8B');
    expect(await page.locator('#results li').count()).toBe(0);
    expect(await page.locator('.refused a').count()).toBe(0);
    await page.locator('#q').fill('vision');
    await page.locator('.refused li', { hasText: 'vision-language' }).first().waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is searched by keyboard: a slash, arrows, Enter', async () => {
    const { page } = await visit('/search/?q=tinyllama', { viewport: { width: 600, height: 800 } });
    await page.locator('#results a').nth(1).waitFor();
    await page.keyboard.press('/');
    const focused = () =>
      page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
    expect(await focused()).toBe('q');
    const names = await page.locator('#results a').allInnerTexts();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(names[1]);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(names[0]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/models\/.*TinyLlama/);
    await page.close();
  });

  it('leads from a cell of the matrix to the models in it', async () => {
    const { page } = await visit('/matrix/');
    await page.getByRole('link', { name: /: llama on rbee LLM worker/ }).click();
    await page.waitForURL(/search\/\?family=llama&program=llm-worker-rbee&backend=/);
    await page.locator('#results li').first().waitFor();
    expect(await page.locator('select[name=family]').inputValue()).toBe('llama');
    await page.close();
  });

  it('shows strings of the Hub as text', async () => {
    const license = await visit('/models/hostile/license/');
    expect(await license.page.locator('.facts').innerText()).toContain(HOSTILE_LICENSE);
    const file = await visit('/models/hostile/file/');
    expect(await file.page.locator('.card pre').innerText()).toContain(
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
    const { paths } = JSON.parse(readFileSync(join(site.dist, 'search.json'), 'utf8')) as {
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
    ['/', 'h1'],
    [MODEL, '.verdicts'],
    ['/workers/', 'h1'],
    ['/workers/llm-worker-rbee-cuda/', 'h1'],
    ['/matrix/', '.heat'],
    ['/changes/', 'h1'],
    ['/wanted/', 'h1'],
    ['/about/', 'h1'],
    ['/search/?q=llama', '#results li'],
    ['/models/Qwen/Qwen3-8B/', '#why a'],
  ])(
    '%s has no violation of accessibility, fits its window, and asks nothing of other hosts',
    async (path, content) => {
      const { page, faults } = await visit(path, context);
      await page.locator(content).first().waitFor();
      expect(faults).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.close();
    },
  );
});

it('a look for violations sees one, whatever the policy of the page', async () => {
  const { page } = await visit('/about/');
  await page.evaluate(() => document.documentElement.removeAttribute('lang'));
  expect(await violations(page)).toEqual([expect.stringMatching(/^html-has-lang: /)]);
  await page.close();
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
    readFileSync(join(site.dist, 'index.html'), 'utf8'),
  )?.[1];
  expect(readFileSync(join(site.dist, '_headers'), 'utf8')).toContain(
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
  expect(await get('/feed.xml')).toMatch(
    /<title>once\/here went<\/title>[\s\S]*?<updated>2026-03-02T00:00:00Z</,
  );
  expect((await get('/families.csv')).split('\n')[0]).toMatch(/^family,models,downloads,llm-worker-rbee,/);
  const [head = '', ...rows] = (await get('/matrix.csv')).trimEnd().split('\n');
  const row = rows.find((line) => line.startsWith('a/b,')) ?? '';
  expect(head).toMatch(/^model,candle-cpu,/);
  expect(row.split(',')[head.split(',').indexOf('llm-worker-rbee-cpu')]).toBe('high');
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
  // The button, and the two choices of the machine, stand between the box and its results.
  for (let tabs = 0; tabs < 5; tabs += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/models\/.*TinyLlama/);
  await page.close();
});

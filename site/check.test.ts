import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { checkSite, sizesOf, tellHosts } from './check.ts';
import { llama } from './testing/records.ts';

const dir = mkdtempSync(join(tmpdir(), 'check-'));
const [out, whole, broken] = [join(dir, 'out'), join(dir, 'whole'), join(dir, 'broken')];
afterAll(() => rmSync(dir, { recursive: true }));

/** The address of a site below a folder of its host, as one may stand. */
const HERE = 'https://example.org/m/';
const locations = (paths: readonly string[]) =>
  `<urlset>${paths.map((path) => `<url><loc>${HERE}${path}</loc></url>`).join('\n')}</urlset>`;

/** The least that a site has, of two models. */
const FILES: Readonly<Record<string, string>> = {
  'robots.txt': `User-agent: *\nAllow: /m/\nSitemap: ${HERE}sitemap.xml\n`,
  'sitemap.xml': locations(['sitemap/0.xml', 'sitemap/1.xml']),
  'sitemap/0.xml': locations(['', 'models/a/b/']),
  'sitemap/1.xml': locations(['models/c/d/']),
  'feed.xml': `<link href="${HERE}models/c/d/"/>`,
  '404.html': '<a href="/m/">Home</a>',
  'index.html': '<a href="/m/models/a/b/?x#y">a/b</a>',
  'models/a/b/index.html': '<a href="/m/models/a/b.json">JSON</a>',
  'models/a/b.json': '{}',
  'models/c/d/index.html': '<a href="/m/">Home</a>',
  'models/c/d.json': '{}',
};

function put(dist: string, path: string, text: string): void {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  writeFileSync(join(dist, path), text);
}

beforeAll(async () => {
  const listing = join(dir, 'listing.jsonl');
  writeFileSync(listing, ['a/b', 'c/d'].map((id) => `${JSON.stringify(llama(id))}\n`).join(''));
  await build(buildOptions(['--source', listing, '--out', out], {}), () => new Date(0));
  for (const [path, text] of Object.entries(FILES)) put(whole, path, text);
});

describe('the check of a built site', () => {
  it('finds nothing wrong with one that is whole', async () => {
    expect(await checkSite(whole, out)).toEqual([]);
  });

  it('tells the limits of hosts that a site is above, before it is deployed', async () => {
    expect(tellHosts(await sizesOf(whole))).toEqual([]);
    expect(await sizesOf(whole)).toMatchObject({ files: Object.keys(FILES).length });
    expect(tellHosts({ files: 20_001, fileBytes: 26_214_401, bytes: 1_000_000_001 })).toEqual([
      '20001 where at most 20000 may be, files in a site: Cloudflare Pages will not take it.',
      '26214401 where at most 26214400 may be, bytes in a file: Cloudflare Pages will not take it.',
      '1000000001 where at most 1000000000 may be, bytes in a site: GitHub Pages will not take it.',
    ]);
  });

  /** Replaces a text in a file; without one the file is taken away, or put where there is none. */
  it.each<[what: string, file: string, from: string, to: string, wrong: readonly string[]]>([
    [
      'a dead link',
      'index.html',
      'a/b/?x',
      'a/x/',
      ['index.html links to /m/models/a/x/, which is not there.'],
    ],
    ['a link out of its folder', '404.html', '/m/', '/', ['404.html links to /, which is not there.']],
    [
      'JSON of a model without a page',
      'models/x/y.json',
      '',
      '{}',
      ['models/x/y.json tells of a model that is not on the allowlist.'],
    ],
    [
      'a page of a model that is not on the allowlist',
      'models/x/y/index.html',
      '',
      '<p>',
      ['models/x/y has a page and is not on the allowlist.', `${HERE}models/x/y/ is in no sitemap.`],
    ],
    [
      'a picture of a model without a page',
      'models/x/y.png',
      '',
      'PNG',
      ['models/x/y.png tells of a model that is not on the allowlist.'],
    ],
    [
      'a feed whose title stands before its root',
      'feed.xml',
      '<link',
      '<title>Changes</title><link',
      [expect.stringMatching(/^feed\.xml is not well-formed XML: .*documents may contain only one root/)],
    ],
    [
      'a missing page',
      'models/c/d/index.html',
      '',
      '',
      [
        'models/c/d is on the allowlist and has no page.',
        `sitemap.xml or feed.xml names ${HERE}models/c/d/, which is not there.`,
        `A sitemap names ${HERE}models/c/d/, which is no page.`,
      ],
    ],
    ['missing JSON', 'models/c/d.json', '', '', ['models/c/d.json is missing.']],
    [
      'an answer for every address',
      '_not-found/index.html',
      '',
      '<p>',
      ['_not-found/index.html would answer as if it were a page.', `${HERE}_not-found/ is in no sitemap.`],
    ],
    [
      'a page in no sitemap',
      'sitemap/1.xml',
      'models/c/d/',
      'models/a/b/',
      [`${HERE}models/c/d/ is in no sitemap.`],
    ],
    [
      'what is no page in a sitemap',
      'sitemap/0.xml',
      '</url>',
      `</url><url><loc>${HERE}feed.xml</loc></url>`,
      [`A sitemap names ${HERE}feed.xml, which is no page.`],
    ],
    [
      'a page of another host in a sitemap',
      'sitemap/0.xml',
      '</url>',
      '</url><url><loc>https://example.net/m/</loc></url>',
      ['A sitemap names https://example.net/m/, which is no page.'],
    ],
    [
      'a sitemap that is not there',
      'sitemap.xml',
      'sitemap/1.xml',
      'sitemap/2.xml',
      [
        `sitemap.xml or feed.xml names ${HERE}sitemap/2.xml, which is not there.`,
        `${HERE}models/c/d/ is in no sitemap.`,
      ],
    ],
    [
      'a feed that leads nowhere',
      'feed.xml',
      'c/d/',
      'c/gone/',
      [`sitemap.xml or feed.xml names ${HERE}models/c/gone/, which is not there.`],
    ],
  ])('sees %s', async (_, file, from, to, wrong) => {
    cpSync(whole, broken, { recursive: true });
    if (from !== '') put(broken, file, readFileSync(join(broken, file), 'utf8').replace(from, to));
    else if (to !== '') put(broken, file, to);
    else rmSync(join(broken, file));
    expect(await checkSite(broken, out)).toEqual(wrong);
    rmSync(broken, { recursive: true });
  });
});

/** `npm run site:check`: the built pages are the allowlist, no more and no less, its XML can be read, and
 * no link, sitemap or feed leads nowhere. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { SaxesParser } from 'saxes';
import { openMatrix } from '../pipeline/read/node.ts';
import { addressOf, baseOf } from './lib/base.ts';
import { flagsOrStop } from './lib/flags.ts';
import { findOddPaths } from './lib/paths.ts';

/** Each thing that is wrong, in a sentence. */
export async function checkSite(dist: string, out: string): Promise<string[]> {
  const pages = await glob('**/*.html', { cwd: dist, dot: true });
  return [
    ...(await checkModels(dist, out, pages)),
    ...checkLinks(dist, pages),
    ...(await checkXml(dist)),
    ...checkFeeds(dist, pages),
  ];
}

/** The most that common hosts take, by their documentation in November 2026. */
const HOSTS = {
  files: { most: 20_000, what: 'files in a site: Cloudflare Pages' },
  fileBytes: { most: 25 * 1024 * 1024, what: 'bytes in a file: Cloudflare Pages' },
  bytes: { most: 1_000_000_000, what: 'bytes in a site: GitHub Pages' },
} as const;
type Sizes = Readonly<Record<keyof typeof HOSTS, number>>;

/** The limits of common hosts that a site is above, in sentences: it is right, but not everywhere to be put. */
export function tellHosts({ files, fileBytes, bytes }: Sizes): string[] {
  const found: Sizes = { files, fileBytes, bytes };
  return (Object.keys(HOSTS) as (keyof typeof HOSTS)[])
    .filter((limit) => found[limit] > HOSTS[limit].most)
    .map((limit) => {
      const { most, what } = HOSTS[limit];
      return `${found[limit]} where at most ${most} may be, ${what} will not take it.`;
    });
}

export async function sizesOf(dist: string): Promise<Sizes> {
  const sizes = (await glob('**', { cwd: dist, dot: true, stats: true })).map(
    ({ stats }) => stats?.size ?? 0,
  );
  return {
    files: sizes.length,
    fileBytes: sizes.reduce((most, size) => Math.max(most, size), 0),
    bytes: sizes.reduce((all, size) => all + size, 0),
  };
}

async function checkModels(dist: string, out: string, pages: readonly string[]): Promise<string[]> {
  const allowlist = await (await openMatrix(out)).allowlist();
  const odd = findOddPaths(allowlist);
  const expected = new Set(allowlist.map((id) => `models/${odd.get(id) ?? id}`));
  const built = new Set(
    pages.filter((path) => path.startsWith('models/')).map((path) => path.replace(/\/index\.html$/, '')),
  );
  const data = await glob('models/**/*.{json,png}', { cwd: dist, dot: true });
  return [
    ...data
      .filter((path) => !expected.has(path.replace(/\.(?:json|png)$/, '')))
      .map((path) => `${path} tells of a model that is not on the allowlist.`),
    ...[...expected]
      .filter((path) => !built.has(path))
      .map((path) => `${path} is on the allowlist and has no page.`),
    ...[...built]
      .filter((path) => !expected.has(path))
      .map((path) => `${path} has a page and is not on the allowlist.`),
    ...[...expected]
      .filter((path) => !existsSync(join(dist, `${path}.json`)))
      .map((path) => `${path}.json is missing.`),
    ...['404/index.html', '_not-found/index.html', '_next']
      .filter((path) => existsSync(join(dist, path)))
      .map((path) => `${path} would answer as if it were a page.`),
  ];
}

function checkLinks(dist: string, pages: readonly string[]): string[] {
  const base = baseOf(dist);
  const known = new Map<string, boolean>();
  return pages.flatMap((page) =>
    linksOf(readFileSync(join(dist, page), 'utf8')).flatMap((link) => {
      const alive = known.get(link) ?? leadsSomewhere(dist, link, base);
      known.set(link, alive);
      return alive ? [] : [`${page} links to ${link}, which is not there.`];
    }),
  );
}

/** The feed and the sitemaps can be read by an XML parser. */
async function checkXml(dist: string): Promise<string[]> {
  const files = await glob('**/*.xml', { cwd: dist, dot: true });
  return files.flatMap((file) => {
    const wrong = xmlError(readFileSync(join(dist, file), 'utf8'));
    return wrong === undefined ? [] : [`${file} is not well-formed XML: ${wrong}`];
  });
}

/** The first thing that an XML parser objects to; undefined where the text is well-formed. */
function xmlError(text: string): string | undefined {
  try {
    new SaxesParser({ xmlns: true }).write(text).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Sitemaps name every page and nothing else; the web feed leads to what is there. */
function checkFeeds(dist: string, pages: readonly string[]): string[] {
  const here = addressOf(dist);
  const isThere = (address: string) =>
    address.startsWith(here) && leadsSomewhere(dist, `/${address.slice(here.length)}`, '');
  const named = (file: string, pattern: RegExp) => found(pattern, readFileSync(join(dist, file), 'utf8'));
  const built = new Set(
    pages
      .filter((page) => /(?:^|\/)index\.html$/.test(page))
      .map((page) => `${here}${page.replace(/index\.html$/, '')}`),
  );
  const sitemaps = named('sitemap.xml', LOCATION);
  const listed = new Set(
    sitemaps.filter(isThere).flatMap((address) => named(address.slice(here.length), LOCATION)),
  );
  return [
    ...[...sitemaps, ...named('feed.xml', / href="([^"]*)/g)]
      .filter((address) => !isThere(address))
      .map((address) => `sitemap.xml or feed.xml names ${address}, which is not there.`),
    ...[...listed]
      .filter((address) => !built.has(address))
      .map((address) => `A sitemap names ${address}, which is no page.`),
    ...[...built].filter((address) => !listed.has(address)).map((address) => `${address} is in no sitemap.`),
  ];
}

const LOCATION = /<loc>([^<]*)/g;
const found = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map(([, group]) => group ?? '');

/** Links within the site, without what follows `?` or `#`. */
function linksOf(html: string): string[] {
  return [...new Set(found(/(?:href|src|action)="(\/[^"?#]*)/g, html))];
}

function leadsSomewhere(dist: string, link: string, base: string): boolean {
  if (!link.startsWith(`${base}/`)) return false;
  const path = join(dist, decodeURIComponent(link.slice(base.length)));
  const file = link.endsWith('/') ? join(path, 'index.html') : path;
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = flagsOrStop({ out: { type: 'string', default: 'out' } });
  const dist = fileURLToPath(new URL('dist', import.meta.url));
  const wrong = await checkSite(dist, resolve(values.out));
  for (const sentence of tellHosts(await sizesOf(dist))) console.log(`Note: ${sentence}`);
  for (const sentence of wrong.slice(0, 50)) console.error(sentence);
  if (wrong.length > 0) process.exit(1);
  console.log('Every allowed model has its page, sitemaps name every page, and every link leads somewhere.');
}

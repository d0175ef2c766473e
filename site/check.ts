/** `npm run site:check`: the built pages are the allowlist, no more and no less, and no link within the site is dead. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import glob from 'fast-glob';
import { openMatrix } from '../pipeline/read/node.ts';
import { baseOf } from './lib/base.ts';
import { findOddPaths } from './lib/paths.ts';

/** Each thing that is wrong, in a sentence. */
export async function checkSite(dist: string, out: string): Promise<string[]> {
  const base = baseOf(dist);
  const allowlist = await (await openMatrix(out)).allowlist();
  const odd = findOddPaths(allowlist);
  const expected = new Set(allowlist.map((id) => `models/${odd.get(id) ?? id}`));
  const pages = await glob('**/*.html', { cwd: dist, dot: true });
  const built = new Set(
    pages.filter((path) => path.startsWith('models/')).map((path) => path.replace(/\/index\.html$/, '')),
  );
  const data = await glob('models/**/*.json', { cwd: dist, dot: true });
  const wrong = [
    ...data
      .filter((path) => !expected.has(path.replace(/\.json$/, '')))
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
  const known = new Map<string, boolean>();
  for (const page of pages) {
    for (const link of linksOf(readFileSync(join(dist, page), 'utf8'))) {
      const alive = known.get(link) ?? leadsSomewhere(dist, link, base);
      known.set(link, alive);
      if (!alive) wrong.push(`${page} links to ${link}, which is not there.`);
    }
  }
  return wrong;
}

/** Links within the site, without what follows `?` or `#`. */
function linksOf(html: string): Set<string> {
  const found = [...html.matchAll(/(?:href|src|action)="(\/[^"?#]*)/g)].map(([, path]) => path ?? '');
  return new Set(found);
}

function leadsSomewhere(dist: string, link: string, base: string): boolean {
  if (!link.startsWith(`${base}/`)) return false;
  const path = join(dist, decodeURIComponent(link.slice(base.length)));
  const file = link.endsWith('/') ? join(path, 'index.html') : path;
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: 'out' } },
  });
  const dist = fileURLToPath(new URL('dist', import.meta.url));
  const wrong = await checkSite(dist, resolve(values.out));
  for (const sentence of wrong.slice(0, 50)) console.error(sentence);
  if (wrong.length > 0) process.exit(1);
  console.log('Every allowed model has its page, and every link leads somewhere.');
}

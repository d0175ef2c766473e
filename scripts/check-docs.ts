/**
 * Checks that docs/api equals the documentation that the doc comments give now, which `npm run docs` generates, and that
 * the links of all other pages lead somewhere.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { deadLinks } from './check-docs/links.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const fresh = mkdtempSync(join(tmpdir(), 'docs-'));
execFileSync('npx', ['typedoc', '--out', fresh, '--logLevel', 'Warn', '--treatWarningsAsErrors'], {
  cwd: ROOT,
  stdio: 'inherit',
});
const read = (dir: string) =>
  Object.fromEntries(
    glob.sync('**/*.md', { cwd: dir }).map((path) => [path, readFileSync(join(dir, path), 'utf8')]),
  );
const [now, kept] = [read(fresh), read(join(ROOT, 'docs', 'api'))];
rmSync(fresh, { recursive: true });
const stale = [...new Set([...Object.keys(now), ...Object.keys(kept)])].filter(
  (path) => now[path] !== kept[path],
);
if (stale.length > 0) {
  console.error(`docs/api is stale: ${stale.slice(0, 5).join(', ')}. Run npm run docs.`);
  process.exitCode = 1;
}

const pages = glob.sync(['*.md', '{data,docs,examples,out,site}/**/*.md'], {
  cwd: ROOT,
  ignore: ['**/node_modules/**', 'docs/api/**', 'site/dist/**'],
});
for (const problem of deadLinks(ROOT, pages.sort())) {
  console.error(problem);
  process.exitCode = 1;
}

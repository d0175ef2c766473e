/** pipeline/ -> dist/: plain ESM JavaScript with types, and the data that browsers fetch. `npm run build:package`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withoutListedNames } from '../pipeline/data/listed.ts';
import { loadWorkers } from '../pipeline/data/workers.ts';
import { DATA_DIR, WORKERS_GLOB } from '../pipeline/lib/paths.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What `loadData` of the browser entry fetches. */
export function bundledData(): string {
  const table = (name: string) => JSON.parse(readFileSync(new URL(name, DATA_DIR), 'utf8')) as object;
  return JSON.stringify({
    workers: loadWorkers(WORKERS_GLOB).map(withoutListedNames),
    architectures: table('architectures.json'),
    quantizations: table('quantizations.json'),
    configDefaults: table('config-defaults.json'),
  });
}

export function buildPackage(): void {
  rmSync(`${ROOT}dist`, { recursive: true, force: true });
  execFileSync('npx', ['tsc', '--project', 'tsconfig.package.json'], { cwd: ROOT, stdio: 'inherit' });
  writeFileSync(`${ROOT}dist/data.json`, bundledData());
}

if (process.argv[1]?.endsWith('build-package.ts')) buildPackage();

/**
 * Builds dist/ from pipeline/: one module per entry with all that it needs, types, and the models of the snapshot. `npm
 * run build:package`.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build as bundle } from 'esbuild';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { licensesOf } from './build-package/licenses.ts';
import { ALL_NODE, builtinsAsModules, dataAsModule } from './build-package/plugins.ts';
import { keepReachableTypes } from './build-package/types.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  splitting: true,
  format: 'esm' as const,
  target: 'es2022',
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'error' as const,
  plugins: [dataAsModule, builtinsAsModules],
} satisfies BuildOptions;

/** Bundles the entry for browsers; the parts that it loads on demand are chunks. */
export async function bundleBrowser(outdir: string, minify: boolean): Promise<void> {
  await bundle({ ...OPTIONS, entryPoints: ['pipeline/browser.ts'], platform: 'browser', outdir, minify });
}

/**
 * Builds the package. The libraries are in the bundles: whoever installs the package installs nothing else.
 *
 * @throws Error when the types or the code of pipeline/ are wrong; GuardError when the snapshot trips a guard.
 */
export async function buildPackage(): Promise<void> {
  const dist = join(ROOT, 'dist');
  rmSync(dist, { recursive: true, force: true });
  execFileSync('npx', ['tsc', '--project', 'tsconfig.package.json'], { cwd: ROOT, stdio: 'inherit' });
  keepReachableTypes(dist, ['index.d.ts', 'browser.d.ts']);
  const { metafile } = await bundle({
    ...OPTIONS,
    entryPoints: { index: 'pipeline/index.ts', cli: 'pipeline/package-cli.ts' },
    platform: 'node',
    outdir: dist,
    metafile: true,
    external: ALL_NODE,
  });
  await bundleBrowser(dist, false);
  refuseOwnPaths(dist);
  await build(buildOptions(['--out', join(dist, 'snapshot')], {}), () => new Date());
  writeFileSync(join(dist, 'licenses.txt'), licensesOf(ROOT, Object.keys(metafile?.inputs ?? {})));
  chmodSync(join(dist, 'cli.js'), 0o755);
}

/** Refuses addresses relative to a module, which are lost when a bundler moves the module. */
function refuseOwnPaths(dist: string): void {
  for (const entry of ['index.js', 'browser.js'])
    if (readFileSync(join(dist, entry), 'utf8').includes('import.meta.url'))
      throw new Error(
        `dist/${entry} reads import.meta.url: bundlers would lose what lies there. Import it instead.`,
      );
}

if (process.argv[1]?.endsWith('build-package.ts')) await buildPackage();

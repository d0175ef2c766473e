/** Compiles a module with all that it imports into one file of JavaScript, which every thread loads as it is. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Returns the path of the bundle in `dir`. */
export async function bundle(source: URL, dir: string): Promise<string> {
  // Loaded here: a build in one thread does without it.
  const { build } = await import('esbuild');
  const outfile = join(dir, 'jobs.mjs');
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outfile;
}

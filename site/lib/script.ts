/** Scripts of the pages, bundled from `client/` when they are asked for. */
import { build } from 'esbuild';
import { workers } from './matrix.ts';
import { BACKEND_WORDS } from './words.ts';

export async function bundle(name: 'search' | 'missing' | 'model'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`site/client/${name}.ts`],
    bundle: true,
    minify: true,
    write: false,
    target: 'es2022',
    format: 'iife',
    legalComments: 'none',
    define: {
      WORKER_NAMES: JSON.stringify(
        workers.map(({ id, name, backend }) => [id, name, BACKEND_WORDS[backend]]),
      ),
    },
  });
  return outputFiles[0]?.text ?? '';
}

/** Scripts of the pages, bundled from `client/` when they are asked for. */
import { build } from 'esbuild';
import { siteWorkers } from './matrix.ts';

export async function bundle(name: 'search' | 'missing' | 'model' | 'lists'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`site/client/${name}.ts`],
    bundle: true,
    minify: true,
    write: false,
    target: 'es2022',
    format: 'iife',
    legalComments: 'none',
    define: {
      WORKERS: JSON.stringify(siteWorkers),
    },
  });
  return outputFiles[0]?.text ?? '';
}

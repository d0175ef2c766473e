/** Names the rules that verdicts follow: equal code, facts and workers give an equal name. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { compareNames } from './lib/compare.ts';
import { sha256 } from './lib/hash.ts';
import { DATA_DIR } from './lib/paths.ts';
import type { Worker } from './workers/worker.ts';

/** Any of it may change a fact or a verdict; what does not costs one night's time. */
const CODE = ['**/*.{ts,js,mjs}', '!**/*.test.ts'];
const TABLES = ['architectures.json', 'quantizations.json', 'config-defaults.json'];

export interface RuledBy {
  readonly workers: readonly Worker[];
  /** Ids of the gate workers. */
  readonly gate: ReadonlySet<string>;
}

export async function rulesVersion({ workers, gate }: RuledBy): Promise<string> {
  const code = await glob(CODE, { cwd: fileURLToPath(new URL('.', import.meta.url)), absolute: true });
  const tables = TABLES.map((name) => fileURLToPath(new URL(name, DATA_DIR)));
  const texts = [...code.sort(compareNames), ...tables].map((path) => sha256(readFileSync(path)));
  return sha256(JSON.stringify([texts, workers, [...gate].sort(compareNames)]));
}

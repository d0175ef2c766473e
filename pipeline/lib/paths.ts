/** The paths of the project's own data, whatever folder it is started from. */
import { fileURLToPath } from 'node:url';

export const DATA_DIR = new URL('../../data/', import.meta.url);
export const SNAPSHOT_GLOB = fileURLToPath(new URL('snapshot/*.jsonl', DATA_DIR));
export const WORKERS_GLOB = fileURLToPath(new URL('workers/**/*.json', DATA_DIR));
export const CACHE_DIR = fileURLToPath(new URL('cache', DATA_DIR));
/** The source of the README.md that is written into an out/ whose last version had one. */
export const OUT_README = fileURLToPath(new URL('out-readme.md', DATA_DIR));

/** Where the project's own data lies, wherever it is started from. */
import { fileURLToPath } from 'node:url';

export const DATA_DIR = new URL('../../data/', import.meta.url);
export const SNAPSHOT_GLOB = fileURLToPath(new URL('snapshot/*.jsonl', DATA_DIR));
export const WORKERS_GLOB = fileURLToPath(new URL('workers/**/*.json', DATA_DIR));
export const CACHE_DIR = fileURLToPath(new URL('cache', DATA_DIR));
/** The page that lies in every out/ that had one. */
export const OUT_README = fileURLToPath(new URL('out-readme.md', DATA_DIR));

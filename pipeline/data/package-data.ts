/**
 * The workers and tables that come with the package. Here they are read from data/ and validated; `npm run build:package`
 * puts a module in the place of this one that holds them, so that every bundler takes them along with the code.
 */
import { WORKERS_GLOB } from '../lib/paths.ts';
import { loadTableFiles, type TableFiles } from './load-tables.ts';
import type { Worker } from './worker.ts';
import { loadWorkers } from './workers.ts';

/** Plain data, as JSON can hold it. */
export interface PackageData extends TableFiles {
  /** Sorted by id; without the names that `withListedNames` adds. */
  readonly workers: readonly Worker[];
}

let data: PackageData | undefined;

/** @throws DataError when a data file is damaged. */
export function packageData(): PackageData {
  data ??= { workers: loadWorkers(WORKERS_GLOB), ...loadTableFiles() };
  return data;
}

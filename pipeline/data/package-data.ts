/**
 * The workers and tables that come with the package. Here they are read from data/ and validated; `npm run
 * build:package` replaces this module by one that holds them, so that every bundler takes them along with the
 * code.
 */
import { WORKERS_GLOB } from '../lib/paths.ts';
import { loadTableFiles, type TableFiles } from './load-tables.ts';
import type { Worker } from './worker.ts';
import { loadWorkers } from './workers.ts';

/** The data of the package: plain values, as JSON can hold them. */
export interface PackageData extends TableFiles {
  /** The workers, sorted by id; without the names that `withListedNames` adds. */
  readonly workers: readonly Worker[];
}

let data: PackageData | undefined;

/** Returns the workers and tables. @throws DataError when a data file is damaged. */
export function packageData(): PackageData {
  data ??= { workers: loadWorkers(WORKERS_GLOB), ...loadTableFiles() };
  return data;
}

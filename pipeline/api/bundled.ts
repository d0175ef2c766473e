/** The workers and tables that come with this package, read when they are first asked for. */

import { loadTables } from '../data/load-tables.ts';
import type { Tables } from '../data/tables.ts';
import type { Worker } from '../data/worker.ts';
import { loadWorkers } from '../data/workers.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';

let workers: readonly Worker[] | undefined;
let tables: Tables | undefined;

/** Every worker that this package knows, sorted by id. @throws DataError when a data file is damaged. */
export function listWorkerBinaries(): readonly Worker[] {
  workers ??= loadWorkers(WORKERS_GLOB);
  return workers;
}

/** The worker of this id, such as `llm-worker-rbee-cuda`; undefined where there is none. */
export function getWorker(id: string): Worker | undefined {
  return listWorkerBinaries().find((worker) => worker.id === id);
}

/** The marketplace's own workers: those that decide the allowlist. */
export function gateWorkers(): readonly Worker[] {
  return listWorkerBinaries().filter(({ gate }) => gate);
}

/** @throws DataError when a data file is damaged. */
export function bundledTables(): Tables {
  tables ??= loadTables();
  return tables;
}

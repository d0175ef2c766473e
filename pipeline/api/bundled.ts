/** The workers that come with this package, made ready when they are first asked for. */
import { withListedNames } from '../data/listed.ts';
import { packageData } from '../data/package-data.ts';
import type { Worker } from '../data/worker.ts';

let workers: readonly Worker[] | undefined;

/** Every worker that this package knows, sorted by id. */
export function listWorkerBinaries(): readonly Worker[] {
  workers ??= withListedNames(packageData().workers);
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

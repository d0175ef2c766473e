/** The workers that a visitor means by a program and a backend. */
import type { Worker } from '../../pipeline/data/worker.ts';

/** A worker as the scripts of the site know it. */
export interface SiteWorker extends Pick<Worker, 'id' | 'program' | 'name' | 'backend' | 'gate'> {
  /** The share of a device's memory that it may use; 1 where it is left out. */
  readonly usableShare?: number;
}

export interface WorkerChoice {
  /** A program, or `any`; left out: the marketplace's own. */
  readonly program?: string | undefined;
  readonly backend?: string | undefined;
}

export const ANY_PROGRAM = 'any';

/**
 * Returns the workers of the program on the backend. Where no program is named, they are the marketplace's own; on a
 * backend that the marketplace does not have, they are those of all programs.
 */
export function chosenWorkers<W extends Pick<Worker, 'program' | 'backend' | 'gate'>>(
  workers: readonly W[],
  { program, backend }: WorkerChoice,
): readonly W[] {
  const there = backend === undefined ? workers : workers.filter((worker) => worker.backend === backend);
  if (program === ANY_PROGRAM) return there;
  if (program !== undefined) return there.filter((worker) => worker.program === program);
  const own = there.filter(({ gate }) => gate);
  return own.length > 0 ? own : there;
}

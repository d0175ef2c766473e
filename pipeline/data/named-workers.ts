/** Finds workers by an id, a program or a backend. */
import { compareNames } from '../lib/compare.ts';
import { UsageError } from '../lib/errors.ts';
import { nearestName } from '../lib/nearest.ts';
import * as say from './sentences.ts';
import type { Worker } from './worker.ts';

/**
 * Returns the workers of an id, all of a program, or all on a backend; letter case does not matter.
 *
 * @throws UsageError naming the nearest name where no worker has this one.
 */
export function workersNamed<W extends Pick<Worker, 'id' | 'program' | 'backend'>>(
  name: string,
  workers: readonly W[],
): W[] {
  const wanted = name.toLowerCase();
  const found = workers.filter((worker) => namesOf(worker).some((one) => one.toLowerCase() === wanted));
  if (found.length > 0) return found;
  const near = nearestName(name, new Set(workers.flatMap(namesOf)));
  const programs = [...new Set(workers.map(({ program }) => program))].sort(compareNames);
  throw new UsageError(say.noSuchWorker(name, near, programs));
}

const namesOf = ({ id, program, backend }: Pick<Worker, 'id' | 'program' | 'backend'>) => [
  id,
  program,
  backend,
];

/**
 * Returns the workers of some names, each once and in their own order; all of them where there is no name.
 *
 * @throws UsageError as `workersNamed`.
 */
export function workersOf<W extends Pick<Worker, 'id' | 'program' | 'backend'>>(
  names: readonly string[],
  workers: readonly W[],
): readonly W[] {
  if (names.length === 0) return workers;
  const chosen = new Set(names.flatMap((name) => workersNamed(name, workers)));
  return workers.filter((worker) => chosen.has(worker));
}

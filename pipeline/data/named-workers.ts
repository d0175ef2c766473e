/** Finds workers by an id or a program. */
import { compareNames } from '../lib/compare.ts';
import { UsageError } from '../lib/errors.ts';
import { nearestName } from '../lib/nearest.ts';
import type { Worker } from './worker.ts';

/**
 * Returns the workers of an id, or all of a program; letter case does not matter.
 *
 * @throws UsageError naming the nearest name where no worker has this one.
 */
export function workersNamed<W extends Pick<Worker, 'id' | 'program'>>(
  name: string,
  workers: readonly W[],
): W[] {
  const wanted = name.toLowerCase();
  const found = workers.filter(
    ({ id, program }) => id.toLowerCase() === wanted || program.toLowerCase() === wanted,
  );
  if (found.length > 0) return found;
  const near = nearestName(name, new Set(workers.flatMap(({ id, program }) => [id, program])));
  const programs = [...new Set(workers.map(({ program }) => program))].sort(compareNames);
  const hint = near === undefined ? `the programs are ${programs.join(', ')}` : `the nearest name is ${near}`;
  throw new UsageError(`There is no worker or program ${name}; ${hint}.`);
}

/**
 * Returns the workers of some names, each once and in their own order; all of them where there is no name.
 *
 * @throws UsageError as `workersNamed`.
 */
export function workersOf<W extends Pick<Worker, 'id' | 'program'>>(
  names: readonly string[],
  workers: readonly W[],
): readonly W[] {
  if (names.length === 0) return workers;
  const chosen = new Set(names.flatMap((name) => workersNamed(name, workers)));
  return workers.filter((worker) => chosen.has(worker));
}

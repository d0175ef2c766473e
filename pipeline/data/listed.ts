/**
 * Collects every name that some worker's facts list: a name that none lists may have appeared after the
 * facts.
 */
import { isRun, type Worker } from './worker.ts';

/**
 * Returns the workers with the names that they and `others` list. A copy in JSON has no such names: its
 * reader adds them again.
 */
export function withListedNames(workers: readonly Worker[], others: readonly string[] = []): Worker[] {
  const own = workers.flatMap(({ accepts }) =>
    accepts.flatMap(({ match }) => [
      ...match.names,
      ...(match.fallback?.names ?? []),
      ...(match.newer ?? []),
    ]),
  );
  const listed: ReadonlySet<string> = new Set([...own, ...others]);
  return workers.map((worker) =>
    worker.facts === undefined ? worker : { ...worker, facts: { ...worker.facts, listed } },
  );
}

/** Returns the worker without what JSON cannot hold. */
export function withoutListedNames({ facts, ...worker }: Worker): Worker {
  if (facts === undefined) return worker;
  const { listed: _, ...rest } = facts;
  return { ...worker, facts: rest };
}

/**
 * Returns the worker as workers.json holds it: its evidence is reduced to runs, and lists that only verdicts
 * need are left out.
 */
export function publishedWorker(worker: Worker): Worker {
  const { evidence, accepts, ...rest } = withoutListedNames(worker);
  return {
    ...rest,
    accepts: accepts.map(({ conversions: _, ...accept }) => accept),
    ...(evidence === undefined ? {} : { evidence: evidence.filter(isRun) }),
  };
}

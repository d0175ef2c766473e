/** Every name that some worker's facts list: what none lists may have appeared after the facts. */
import { isRun, type Worker } from './worker.ts';

/** The workers, with the names that they and `others` list. A copy in JSON has none: who reads one sets them anew. */
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

/** The worker without what JSON cannot hold. */
export function withoutListedNames({ facts, ...worker }: Worker): Worker {
  if (facts === undefined) return worker;
  const { listed: _, ...rest } = facts;
  return { ...worker, facts: rest };
}

/** What workers.json says of a worker: of its evidence the runs, and no lists that only verdicts are made of. */
export function publishedWorker(worker: Worker): Worker {
  const { evidence, accepts, ...rest } = withoutListedNames(worker);
  return {
    ...rest,
    accepts: accepts.map(({ conversions: _, ...accept }) => accept),
    ...(evidence === undefined ? {} : { evidence: evidence.filter(isRun) }),
  };
}

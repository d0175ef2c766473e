/**
 * Groups the verdicts of a model for people: backends of one program usually have equal verdicts, which are shown once.
 */
import type { Backend } from '../data/worker.ts';
import type { Verdict } from '../evaluate/verdict.ts';
import { compareNames } from '../lib/compare.ts';

/** The fields of a worker that are shown beside its verdict; workers.json has them. */
export interface NamedWorker {
  readonly id: string;
  readonly program: string;
  readonly name: string;
  readonly backend: Backend;
  readonly gate: boolean;
  readonly facts?: { readonly date: string };
}

/** The workers of one program that have equal verdicts. */
export interface VerdictGroup {
  readonly program: string;
  readonly name: string;
  /** True where it is one of the marketplace's own: some worker of the program is a gate worker. */
  readonly gate: boolean;
  /** The day of the facts about the program; undefined where it is not known. */
  readonly factsDate: string | undefined;
  /** The ids of the workers, sorted. */
  readonly workers: readonly string[];
  readonly verdict: Verdict;
}

const STATUSES = ['compatible', 'unknown', 'incompatible'];

/**
 * Returns the groups: the marketplace's own programs first; within these and the others, those that run it, then those
 * that may, then the rest.
 */
export function groupVerdicts(
  verdicts: ReadonlyMap<string, Verdict>,
  workers: readonly NamedWorker[],
): VerdictGroup[] {
  const byId = new Map(workers.map((worker) => [worker.id, worker]));
  const own = new Set(workers.filter(({ gate }) => gate).map(({ program }) => program));
  const groups = new Map<string, VerdictGroup & { workers: string[] }>();
  for (const [id, verdict] of [...verdicts].sort(([a], [b]) => compareNames(a, b))) {
    const { program, name, facts }: Partial<NamedWorker> & Pick<NamedWorker, 'program' | 'name'> = byId.get(
      id,
    ) ?? { program: id, name: id };
    const key = `${program} ${JSON.stringify(verdict)}`;
    const group = groups.get(key) ?? {
      program,
      name,
      gate: own.has(program),
      factsDate: facts?.date,
      workers: [],
      verdict,
    };
    group.workers.push(id);
    groups.set(key, group);
  }
  const rank = ({ gate, verdict }: VerdictGroup) => (gate ? 0 : 10) + STATUSES.indexOf(verdict.status);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

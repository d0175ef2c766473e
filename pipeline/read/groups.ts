/** The verdicts of a model, gathered for people: backends of one program usually answer alike and are told once. */
import type { Verdict } from '../evaluate/verdict.ts';
import { compareNames } from '../lib/compare.ts';

/** What of a worker is told beside its verdict; workers.json has it. */
export interface NamedWorker {
  readonly id: string;
  readonly program: string;
  readonly name: string;
  readonly gate: boolean;
  readonly facts?: { readonly date: string };
}

/** Workers of one program that answer alike. */
export interface VerdictGroup {
  readonly program: string;
  readonly name: string;
  /** Whether it is one of the marketplace's own: some worker of the program is a gate worker. */
  readonly gate: boolean;
  /** The day of the facts about the program; undefined where none is told. */
  readonly factsDate: string | undefined;
  /** Sorted. */
  readonly workers: readonly string[];
  readonly verdict: Verdict;
}

const STATUSES = ['compatible', 'unknown', 'incompatible'];

/** The marketplace's own programs first, then those that run it, then the doubtful, then the rest. */
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

/** Families x worker programs, as the matrix page and its exports show them. */
import type { Families, Report } from '../../pipeline/format/files.ts';
import { link, workerById, workers } from './matrix.ts';
import { BACKEND_WORDS } from './words.ts';

export interface Program {
  readonly program: string;
  readonly name: string;
  readonly gate: boolean;
  readonly workerIds: readonly string[];
}

export interface FamilyRow {
  readonly family: string;
  readonly models: number;
  readonly downloads: number;
  /** The models among them that have a page. */
  readonly allowed: number;
  /** Per program: models that its best backend runs. */
  readonly runs: readonly number[];
  /** Per program: the worker of that backend, to which a cell leads. */
  readonly workerIds: readonly string[];
}

/** The marketplace's own first. */
export const programs: readonly Program[] = [...new Set(workers.map(({ program }) => program))]
  .map((program) => {
    const own = workers.filter((worker) => worker.program === program);
    return {
      program,
      name: own[0]?.name ?? program,
      gate: own.some(({ gate }) => gate),
      workerIds: own.map(({ id }) => id),
    };
  })
  .sort((a, b) => Number(b.gate) - Number(a.gate));

export function familyRows({ workers: order, families }: Families): FamilyRow[] {
  const placeOf = new Map(order.map((id, at) => [id, at]));
  return families.map(({ family, models, downloads, allowed, runs }) => {
    const count = (id: string) => runs[placeOf.get(id) ?? -1] ?? 0;
    const best = programs.map(({ workerIds }) => workerIds.reduce((a, b) => (count(b) > count(a) ? b : a)));
    return { family, models, downloads, allowed, runs: best.map(count), workerIds: best };
  });
}

/** Links to the models that have a page: of a family, or that a worker runs. */
export function searchLink({
  family,
  workerId,
}: {
  readonly family?: string;
  readonly workerId?: string;
}): string {
  const worker = workerById.get(workerId ?? '');
  const asked = new URLSearchParams({
    ...(family === undefined ? {} : { family }),
    ...(worker === undefined ? {} : { program: worker.program, backend: worker.backend }),
  });
  return link(`/search/?${asked}`);
}

/** Returns the number of models that a worker runs, with whatever confidence. */
export function runsOf({ workers: counts }: Report, id: string): number {
  const { high = 0, medium = 0, low = 0 } = counts[id] ?? {};
  return high + medium + low;
}

/** Backends of one program together: `rbee LLM worker on CPU, CUDA`. */
export function workersInWords(ids: readonly string[]): string {
  const backends = new Map<string, string[]>();
  for (const id of ids) {
    const worker = workerById.get(id);
    const name = worker?.name ?? id;
    backends.set(name, [
      ...(backends.get(name) ?? []),
      ...(worker === undefined ? [] : [BACKEND_WORDS[worker.backend]]),
    ]);
  }
  return [...backends]
    .map(([name, on]) => (on.length === 0 ? name : `${name} on ${on.join(', ')}`))
    .join('; ');
}

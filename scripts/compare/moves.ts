/** What one worker runs in one out/ and not in another, or runs with other confidence. */
import { compareNames } from '../../pipeline/lib/compare.ts';
import type { Matrix, WorkerModels } from '../../pipeline/read/index.ts';

export interface Move {
  readonly id: string;
  /** Confidence before and after; none where the worker does not run it. */
  readonly from: string;
  readonly to: string;
}

export interface Moves {
  readonly worker: string;
  /** Models that it runs. */
  readonly before: number;
  readonly after: number;
  readonly added: readonly Move[];
  readonly removed: readonly Move[];
  readonly moved: readonly Move[];
}

/** Each list is sorted by repo id. A worker that one side does not know runs nothing there. */
export async function movesOf(worker: string, before: Matrix, after: Matrix): Promise<Moves> {
  const [was, is] = [await runBy(before, worker), await runBy(after, worker)];
  const moves = [...new Set([...was.keys(), ...is.keys()])]
    .map((id) => ({ id, from: was.get(id) ?? 'none', to: is.get(id) ?? 'none' }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => compareNames(a.id, b.id));
  return {
    worker,
    before: was.size,
    after: is.size,
    added: moves.filter(({ from }) => from === 'none'),
    removed: moves.filter(({ to }) => to === 'none'),
    moved: moves.filter(({ from, to }) => from !== 'none' && to !== 'none'),
  };
}

async function runBy(matrix: Matrix, worker: string): Promise<Map<string, string>> {
  const known = (await matrix.workers()).some(({ id }) => id === worker);
  const lists: Partial<WorkerModels> = known ? await matrix.worker(worker) : {};
  return new Map(Object.entries(lists).flatMap(([confidence, ids]) => ids.map((id) => [id, confidence])));
}

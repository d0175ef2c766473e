/** Compares two out/ for one worker: the models that it runs in only one of them, or with different confidence. */
import { compareNames } from '../../pipeline/lib/compare.ts';
import type { Matrix, RunningRow } from '../../pipeline/read/index.ts';

interface Move {
  readonly id: string;
  /** The confidence before, and in `to` after; none where the worker does not run it. */
  readonly from: string;
  readonly to: string;
}

export interface Moves {
  readonly worker: string;
  /** The number of models that it runs before, and in `after` after. */
  readonly before: number;
  readonly after: number;
  readonly added: Moved;
  readonly removed: Moved;
  readonly moved: Moved;
}

/** The models that moved one way: their number, and the first by repo id. */
export interface Moved {
  readonly models: number;
  readonly first: (most: number) => Move[];
}

type Confidences = RunningRow['confidences'];

/** The models with equal verdicts before, and with equal verdicts after. */
export interface Group {
  readonly from: Confidences;
  readonly to: Confidences;
  /** True where the confidence of some worker changed. */
  readonly moved: boolean;
  /** The ids of models that moved; the others are only counted. */
  readonly ids: string[];
  models: number;
}

const NONE: Confidences = new Map();

/** Groups all models that some worker runs on either side. Each side is read once, whatever the number of workers. */
export async function groupRunning(before: Matrix, after: Matrix): Promise<Group[]> {
  const was = new Map<string, Confidences>();
  for await (const { confidences, ids } of before.running()) for (const id of ids) was.set(id, confidences);
  const groups = new Map<Confidences, Map<Confidences, Group>>();
  const add = (id: string, from: Confidences, to: Confidences) => {
    const of = groups.get(from) ?? new Map<Confidences, Group>();
    const group = of.get(to) ?? { from, to, moved: !isSame(from, to), ids: [], models: 0 };
    groups.set(from, of.set(to, group));
    group.models += 1;
    if (group.moved) group.ids.push(id);
  };
  for await (const { confidences, ids } of after.running()) {
    for (const id of ids) {
      add(id, was.get(id) ?? NONE, confidences);
      was.delete(id);
    }
  }
  for (const [id, confidences] of was) add(id, confidences, NONE);
  return [...groups.values()].flatMap((of) => [...of.values()]);
}

function isSame(a: Confidences, b: Confidences): boolean {
  return a.size === b.size && [...a].every(([worker, confidence]) => b.get(worker) === confidence);
}

/** Returns the moves of a worker. A worker that one side does not know runs nothing there. */
export function movesOf(worker: string, groups: readonly Group[]): Moves {
  const judged = groups.map(({ from, to, ids, models }) => ({
    from: from.get(worker) ?? 'none',
    to: to.get(worker) ?? 'none',
    ids,
    models,
  }));
  const sum = (some: typeof judged) => some.reduce((all, { models }) => all + models, 0);
  const moved = (some: typeof judged): Moved => ({
    models: sum(some),
    first: (most) =>
      some
        .flatMap(({ from, to, ids }) => ids.map((id) => ({ id, from, to })))
        .sort((a, b) => compareNames(a.id, b.id))
        .slice(0, most),
  });
  const differ = judged.filter(({ from, to }) => from !== to);
  return {
    worker,
    before: sum(judged.filter(({ from }) => from !== 'none')),
    after: sum(judged.filter(({ to }) => to !== 'none')),
    added: moved(differ.filter(({ from }) => from === 'none')),
    removed: moved(differ.filter(({ to }) => to === 'none')),
    moved: moved(differ.filter(({ from, to }) => from !== 'none' && to !== 'none')),
  };
}

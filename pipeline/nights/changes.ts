/** Compares the allowlist with that of the last out/: the models that came and left, and the reasons. */
import type { Confidence, Verdict } from '../evaluate/verdict.ts';
import type { Changes } from '../format/files.ts';
import { allowlistFile, workerModelsFile } from '../format/schema.ts';
import { compareNames } from '../lib/compare.ts';
import type { Matrix, WorkerModels } from '../read/index.ts';

/** A night in an out/. The lists of its workers, each as long as the allowlist, are held one at a time. */
export interface ListedNight {
  allowlist(): Promise<readonly string[]>;
  /** Returns the models of a worker; undefined where it was no gate worker. */
  worker(id: string): Promise<WorkerModels | undefined>;
}

/** Returns the last night, or undefined when there is none or its files cannot be read. */
export function readNight(files: { readLast(path: string): string | undefined }): ListedNight | undefined {
  const allowlist = files.readLast('allowlist.json');
  if (allowlist === undefined) return undefined;
  return {
    allowlist: async () => allowlistFile.parse(JSON.parse(allowlist)),
    worker: async (id) => {
      const text = files.readLast(`workers/${id}.json`);
      return text === undefined ? undefined : workerModelsFile.parse(JSON.parse(text));
    },
  };
}

/** Compares a night with the one before. `gate` has the ids of the gate workers of `after`, which has lists of them. */
export async function compareNights(
  before: ListedNight | undefined,
  after: Pick<Matrix, 'allowlist' | 'worker' | 'find'>,
  gate: readonly string[],
): Promise<Changes> {
  if (before === undefined) return { first: true, added: [], removed: [], changed: [] };
  const [then, now] = [await before.allowlist(), await after.allowlist()];
  const added = new Map(without(now, then).map((id) => [id, [] as string[]]));
  /** The models that left, each with the first worker that ran it. */
  const removed = new Map<string, string | undefined>(without(then, now).map((id) => [id, undefined]));
  const changed: Changes['changed'][number][] = [];
  for (const worker of gate) {
    for (const { id, from, to } of confidenceChanges(
      await before.worker(worker),
      await after.worker(worker),
    )) {
      if (added.has(id)) added.get(id)?.push(worker);
      else if (!removed.has(id)) changed.push({ id, worker, from, to });
      else if (removed.get(id) === undefined) removed.set(id, worker);
    }
  }
  return {
    first: false,
    added: [...added].map(([id, workers]) => ({ id, workers })),
    removed: await explainRemovals(removed, after, gate),
    changed: changed.sort((a, b) => compareNames(a.id, b.id) || compareNames(a.worker, b.worker)),
  };
}

/** Returns the reason why each model left: the verdict of a worker that ran it, or that the Hub no longer lists it. */
async function explainRemovals(
  removed: ReadonlyMap<string, string | undefined>,
  after: Pick<Matrix, 'find'>,
  [anyWorker = '']: readonly string[],
): Promise<Changes['removed']> {
  const reasons = new Map<string, Pick<Verdict, 'reasons' | 'reasonCodes'>>();
  for await (const { id, verdicts } of after.find([...removed.keys()])) {
    const verdict = verdicts.get(removed.get(id) ?? anyWorker);
    if (verdict !== undefined) reasons.set(id, verdict);
  }
  return [...removed.keys()].map((id) => {
    const { reasons: said, reasonCodes } = reasons.get(id) ?? NOT_LISTED;
    return { id, reasons: [...said], reasonCodes: [...reasonCodes] };
  });
}

const NOT_LISTED = { reasons: ['The Hub no longer lists it.'], reasonCodes: ['gone'] } as const;

/** Returns the ids of a sorted list that are not in another sorted list, by walking both side by side. */
function without(ids: readonly string[], others: readonly string[]): string[] {
  let at = 0;
  return ids.filter((id) => {
    while (compareNames(others[at] ?? id, id) < 0) at += 1;
    return others[at] !== id;
  });
}

interface ConfidenceChange {
  readonly id: string;
  readonly from: Confidence;
  readonly to: Confidence;
}

/**
 * Returns the models whose confidence changed. A model is in at most one list of a worker: it left the list of its old
 * confidence, and came to that of its new one.
 */
function confidenceChanges(before: WorkerModels | undefined, after: WorkerModels): ConfidenceChange[] {
  const [from, to] = [new Map<string, Confidence>(), new Map<string, Confidence>()];
  for (const confidence of ['high', 'medium', 'low'] as const) {
    const [then, now] = [before?.[confidence] ?? [], after[confidence]];
    for (const id of without(then, now)) from.set(id, confidence);
    for (const id of without(now, then)) to.set(id, confidence);
  }
  const ids = new Set([...from.keys(), ...to.keys()]);
  return [...ids].map((id) => ({ id, from: from.get(id) ?? 'none', to: to.get(id) ?? 'none' }));
}

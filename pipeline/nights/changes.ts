/** What came and went on the allowlist since the last out/, and why. */
import type { Confidence } from '../evaluate/verdict.ts';
import type { TableVerdict } from '../format/encoding.ts';
import { allowlistFile, type Changes, workerModelsFile } from '../format/schema.ts';
import { compareNames } from '../lib/compare.ts';

export type WorkerModels = Readonly<Record<'high' | 'medium' | 'low', readonly string[]>>;

export interface Night {
  readonly allowlist: readonly string[];
  /** Gate worker id -> its models. */
  readonly workers: ReadonlyMap<string, WorkerModels>;
}

/** A night as it stands in an out/: of its workers' lists, each as long as the allowlist, one is held at a time. */
export interface LastNight {
  readonly allowlist: readonly string[];
  /** undefined where it was no gate worker. */
  readonly worker: (id: string) => WorkerModels | undefined;
}

/** Undefined when there is none or its files cannot be read. */
export function readNight(read: (path: string) => string | undefined): LastNight | undefined {
  const allowlist = read('allowlist.json');
  if (allowlist === undefined) return undefined;
  return {
    allowlist: allowlistFile.parse(JSON.parse(allowlist)),
    worker: (id) => {
      const text = read(`workers/${id}.json`);
      return text === undefined ? undefined : workerModelsFile.parse(JSON.parse(text));
    },
  };
}

/**
 * All lists are sorted. `gone` looks up why a model that was allowed is not any more, for a worker that ran it; undefined
 * when it is no longer listed.
 */
export function compareNights(
  before: LastNight | undefined,
  after: Night,
  gone: (id: string, worker: string | undefined) => TableVerdict | undefined,
): Changes {
  if (before === undefined) return { first: true, added: [], removed: [], changed: [] };
  const added = new Map(without(after.allowlist, before.allowlist).map((id) => [id, [] as string[]]));
  const removed = new Set(without(before.allowlist, after.allowlist));
  /** The first that ran it. */
  const ranBy = new Map<string, string>();
  const changed: Changes['changed'] = [];
  for (const [worker, now] of after.workers) {
    for (const { id, from, to } of confidenceChanges(before.worker(worker), now)) {
      if (added.has(id)) added.get(id)?.push(worker);
      else if (!removed.has(id)) changed.push({ id, worker, from, to });
      else if (!ranBy.has(id)) ranBy.set(id, worker);
    }
  }
  return {
    first: false,
    added: [...added].map(([id, workers]) => ({ id, workers })),
    removed: [...removed].map((id) => removal(id, gone(id, ranBy.get(id)))),
    changed: changed.sort((a, b) => compareNames(a.id, b.id) || compareNames(a.worker, b.worker)),
  };
}

/** Those of a sorted list that are not in another: the two are walked side by side. */
function without(ids: readonly string[], others: readonly string[]): string[] {
  let at = 0;
  return ids.filter((id) => {
    while (compareNames(others[at] ?? id, id) < 0) at += 1;
    return others[at] !== id;
  });
}

function removal(id: string, verdict: TableVerdict | undefined): Changes['removed'][number] {
  if (verdict === undefined) return { id, reasons: ['The Hub no longer lists it.'], reasonCodes: ['gone'] };
  return { id, reasons: [...verdict.reasons], reasonCodes: [...verdict.reasonCodes] };
}

interface ConfidenceChange {
  readonly id: string;
  readonly from: Confidence;
  readonly to: Confidence;
}

/** A model is in one of a worker's lists at the most: it left the list of what it had, and came to that of what it has. */
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

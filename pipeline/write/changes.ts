/** What came and went on the allowlist since the last out/, and why. */
import type { Confidence } from '../evaluate/verdict.ts';
import { compareNames } from '../lib/compare.ts';
import type { TableVerdict } from '../lib/encoding.ts';
import { allowlistFile, type Changes, workerModelsFile } from './schema.ts';

export type WorkerModels = Readonly<Record<'high' | 'medium' | 'low', readonly string[]>>;

export interface Night {
  readonly allowlist: readonly string[];
  /** Gate worker id -> its models. */
  readonly workers: ReadonlyMap<string, WorkerModels>;
}

/** A night as it stands in an out/. Undefined when there is none or its files cannot be read. */
export function readNight(
  read: (path: string) => string | undefined,
  gate: readonly string[],
): Night | undefined {
  const allowlist = read('allowlist.json');
  if (allowlist === undefined) return undefined;
  const workers = new Map<string, WorkerModels>();
  for (const id of gate) {
    const text = read(`workers/${id}.json`);
    if (text !== undefined) workers.set(id, workerModelsFile.parse(JSON.parse(text)));
  }
  return { allowlist: allowlistFile.parse(JSON.parse(allowlist)), workers };
}

/**
 * `gone` looks up why a model that was allowed is not any more, for a worker that ran it; undefined when it is no
 * longer listed.
 */
export function compareNights(
  before: Night | undefined,
  after: Night,
  gone: (id: string, worker: string | undefined) => TableVerdict | undefined,
): Changes {
  if (before === undefined) return { first: true, added: [], removed: [], changed: [] };
  const was = new Set(before.allowlist);
  const is = new Set(after.allowlist);
  const addedIds = after.allowlist.filter((id) => !was.has(id));
  return {
    first: false,
    added: withWorkers(addedIds, after),
    removed: removals(
      before.allowlist.filter((id) => !is.has(id)),
      before,
      gone,
    ),
    changed: confidenceChanges(before, after, new Set(after.allowlist.filter((id) => was.has(id)))),
  };
}

function withWorkers(ids: readonly string[], night: Night): Changes['added'] {
  if (ids.length === 0) return [];
  const sets = workerSets(night);
  return ids.map((id) => ({ id, workers: sets.filter(([, set]) => set.has(id)).map(([worker]) => worker) }));
}

function removals(
  ids: readonly string[],
  before: Night,
  gone: (id: string, worker: string | undefined) => TableVerdict | undefined,
): Changes['removed'] {
  if (ids.length === 0) return [];
  const sets = workerSets(before);
  return ids.map((id) => removal(id, gone(id, sets.find(([, set]) => set.has(id))?.[0])));
}

function workerSets({ workers }: Night): [string, ReadonlySet<string>][] {
  return [...workers].map(([worker, lists]) => [
    worker,
    new Set([...lists.high, ...lists.medium, ...lists.low]),
  ]);
}

function removal(id: string, verdict: TableVerdict | undefined): Changes['removed'][number] {
  if (verdict === undefined) return { id, reasons: ['The Hub no longer lists it.'], reasonCodes: ['gone'] };
  return { id, reasons: [...verdict.reasons], reasonCodes: [...verdict.reasonCodes] };
}

function confidenceChanges(before: Night, after: Night, stayed: ReadonlySet<string>): Changes['changed'] {
  const changed: Changes['changed'] = [];
  for (const [worker, lists] of after.workers) {
    const then = confidences(before.workers.get(worker), stayed);
    const now = confidences(lists, stayed);
    for (const id of new Set([...then.keys(), ...now.keys()])) {
      const from = then.get(id) ?? 'none';
      const to = now.get(id) ?? 'none';
      if (from !== to) changed.push({ id, worker, from, to });
    }
  }
  return changed.sort((a, b) => compareNames(a.id, b.id) || compareNames(a.worker, b.worker));
}

function confidences(lists: WorkerModels | undefined, stayed: ReadonlySet<string>): Map<string, Confidence> {
  const found = new Map<string, Confidence>();
  for (const confidence of ['high', 'medium', 'low'] as const) {
    for (const id of lists?.[confidence] ?? []) if (stayed.has(id)) found.set(id, confidence);
  }
  return found;
}

/** The facts a verdict depends on, as a key: models with equal keys get equal verdicts, so each is computed once. */
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import type { Worker } from '../workers/worker.ts';
import { checkCompatibility } from './index.ts';
import type { Verdict } from './verdict.ts';

/**
 * Everything of a model that `checkCompatibility` reads, and nothing else. The id counts only where a worker loads a
 * list of repositories that names it.
 */
function verdictKey(model: ModelMetadata, listedRepos: ReadonlySet<string>): string {
  return JSON.stringify([
    listedRepos.has(model.id) ? model.id : '',
    model.disabled,
    model.private,
    model.gated,
    factValue(model.kind),
    factValue(model.task),
    factValue(model.modelType),
    factValue(model.architectureClass),
    factValue(model.ggufArchitecture),
    factValue(model.architecture),
    factValue(model.contextLength),
    model.filesKnown,
    model.configUnreadable,
    model.companions,
    model.variants.map((v) => [
      v.id,
      v.layout,
      factValue(v.quantization),
      Math.min(v.weightShards, 2),
      v.missingShards > 0,
    ]),
  ]);
}

/** The verdicts of a model on all workers, in the workers' order. */
export type VerdictRow = readonly Verdict[];

/** `checkCompatibility` over a fixed set of workers, remembered by key: at most `capacity` keys, then it starts afresh. */
export function memoizeVerdicts(
  workers: readonly Worker[],
  capacity = 200_000,
): (model: ModelMetadata) => VerdictRow {
  const listed = new Set(
    workers.flatMap(({ accepts }) =>
      accepts.flatMap(({ match }) => (match.by === 'repo' ? match.names : [])),
    ),
  );
  const rows = new Map<string, VerdictRow>();
  return (model) => {
    const key = verdictKey(model, listed);
    const remembered = rows.get(key);
    if (remembered !== undefined) return remembered;
    const row = workers.map((worker) => checkCompatibility(model, worker));
    if (rows.size >= capacity) rows.clear();
    rows.set(key, row);
    return row;
  };
}

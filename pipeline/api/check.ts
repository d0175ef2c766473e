/** Answers callers' questions about models and workers that they hold. Pure: for Node and browsers alike. */

import type { Worker } from '../data/worker.ts';
import { checkCompatibility as evaluate } from '../evaluate/index.ts';
import { rememberRows, rememberVerdicts } from '../evaluate/memo.ts';
import type { Verdict } from '../evaluate/verdict.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { DataError } from '../lib/errors.ts';
import { type FlatModel, type FlatWorker, toModel, toWorker, withGaps } from './flat.ts';

export type AnyModel = ModelMetadata | FlatModel;
export type AnyWorker = Worker | FlatWorker;

/**
 * Tells whether `worker` runs `model`, how well that is supported, and why.
 *
 * @throws DataError naming the field of an object that is neither a model or worker of this package nor a
 * flat one.
 */
export function checkCompatibility(model: AnyModel, worker: AnyWorker): Verdict {
  return withGaps(evaluate(toModel(model), toWorker(worker)), worker);
}

/** Tells whether one of `workers` runs `model`. @throws DataError as `checkCompatibility`. */
export function runsOnAny(model: AnyModel, workers: readonly AnyWorker[]): boolean {
  return workers.some((worker) => checkCompatibility(model, worker).compatible);
}

/**
 * Returns the models that one of `workers` runs, in their order.
 *
 * @throws DataError as `checkCompatibility`.
 */
export function filterRunning<M extends AnyModel>(models: readonly M[], workers: readonly AnyWorker[]): M[] {
  const runs = rememberVerdicts(workers.map(toWorker), (row) =>
    row.some((verdict, at) => withGaps(verdict, workers[at] ?? {}).compatible),
  );
  return models.filter((model) => runs(toModel(model)).made);
}

/** Models x workers. A verdict is computed only when it is asked for. */
export interface CompatibilityMatrix extends Iterable<MatrixCell> {
  /** Ids of the models, in the order given. */
  readonly models: readonly string[];
  /** Ids of the workers, in the order given. */
  readonly workers: readonly string[];
  /** The verdict of a model on a worker, by their ids; undefined for an id that was not given. */
  get(modelId: string, workerId: string): Verdict | undefined;
  /** The verdicts of a model, in the order of the workers. */
  row(modelId: string): readonly Verdict[] | undefined;
}

export interface MatrixCell {
  readonly model: string;
  readonly worker: string;
  readonly verdict: Verdict;
}

/**
 * Builds the matrix of every model against every worker. Models with equal verdicts share them, so that a
 * hundred thousand models by a dozen workers fit into memory; iterating builds one cell at a time.
 *
 * @throws DataError as `checkCompatibility`, and naming an id that two models or two workers have.
 */
export function generateCompatibilityMatrix(
  models: readonly AnyModel[],
  workers: readonly AnyWorker[],
): CompatibilityMatrix {
  const known = models.map(toModel);
  const ids = workers.map(toWorker).map(({ id }) => id);
  const rowOf = rememberRows(workers.map(toWorker));
  refuseTwins(
    known.map(({ id }) => id),
    'model',
  );
  refuseTwins(ids, 'worker');
  const byId = new Map(known.map((model) => [model.id, model]));
  const rememberedRow = (modelId: string) => {
    const model = byId.get(modelId);
    return model === undefined ? undefined : rowOf(model);
  };
  const filled = (verdict: Verdict, at: number) => withGaps(verdict, workers[at] ?? {});
  return {
    models: known.map(({ id }) => id),
    workers: ids,
    row: (modelId) => rememberedRow(modelId)?.all().map(filled),
    get: (modelId, workerId) => {
      const at = ids.indexOf(workerId);
      const verdict = rememberedRow(modelId)?.at(at);
      return verdict === undefined ? undefined : filled(verdict, at);
    },
    *[Symbol.iterator]() {
      for (const model of known)
        for (const [at, verdict] of rowOf(model).all().entries())
          yield { model: model.id, worker: ids[at] ?? '', verdict: filled(verdict, at) };
    },
  };
}

function refuseTwins(ids: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new DataError(`Two ${what}s have the id ${id}; give each an id of its own.`);
    seen.add(id);
  }
}

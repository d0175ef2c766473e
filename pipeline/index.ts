/** The public API for Node. */

import { bundledTables, gateWorkers, getWorker } from './api/bundled.ts';
import type { AnyModel, AnyWorker } from './api/check.ts';
import { filterRunning, runsOnAny } from './api/check.ts';
import { parseRecord } from './crawl/record.ts';
import { extractMetadata as extract } from './extract/index.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import { DataError } from './lib/errors.ts';

export { getWorker, listWorkerBinaries } from './api/bundled.ts';
export { type CacheKey, type CacheOptions, type CacheStatistics, CompatibilityCache } from './api/cache.ts';
export {
  type AnyModel,
  type AnyWorker,
  type CompatibilityMatrix,
  checkCompatibility,
  checkCompatibility as checkModelWorkerCompatibility,
  generateCompatibilityMatrix,
  type MatrixCell,
} from './api/check.ts';
export type { FlatModel, FlatWorker } from './api/flat.ts';
export {
  extractMetadataFromHf,
  getCompatibleWorkersForModel,
  type ListedModel,
  type ListOptions,
  type LiveOptions,
  listHuggingFaceModels,
  searchHuggingFaceModels,
  type WorkerVerdict,
} from './api/live.ts';
export type { Sort } from './crawl/search.ts';
export type { Status, Verdict } from './evaluate/verdict.ts';
export type {
  Attention,
  BaseModels,
  Fact,
  Known,
  Layout,
  ModelMetadata,
  Source,
  Variant,
} from './extract/metadata.ts';
export { DataError, type Unavailable, UnavailableError, UsageError } from './lib/errors.ts';
export type { MatrixModel } from './read/decode.ts';
export type { Header, Matrix, MatrixOptions, WorkerModels } from './read/index.ts';
export { openMatrix } from './read/node.ts';
export type { Accept, Evidence, KnownIssue, MemoryRule, Worker } from './workers/worker.ts';

/**
 * The facts that a listing record of the Hub states; `config` is the repository's config.json, parsed or as text.
 *
 * @throws DataError when it is no record, or a field that could hide a refusal is malformed.
 */
export function extractMetadata(record: unknown, config?: unknown): ModelMetadata {
  const given = typeof record === 'object' && record !== null && config !== undefined;
  const parsed = parseRecord(given ? { ...record, configJson: config } : record);
  if (!parsed.ok) throw new DataError(`This is no listing record of the Hub: ${parsed.reason}.`);
  return extract(parsed.record, bundledTables());
}

/** Whether one of `workers` (default: the marketplace's own) runs `model`. @throws DataError as `checkCompatibility`. */
export function isModelCompatible(model: AnyModel, workers: readonly AnyWorker[] = gateWorkers()): boolean {
  return runsOnAny(model, workers);
}

/** Those that one of `workers` (default: the marketplace's own) runs. @throws DataError as `checkCompatibility`. */
export function filterCompatibleModels<M extends AnyModel>(
  models: readonly M[],
  workers: readonly AnyWorker[] = gateWorkers(),
): M[] {
  return filterRunning(models, workers);
}

/**
 * Those of `models` that the worker of this id runs.
 *
 * @throws DataError when no worker has this id, or as `checkCompatibility`.
 */
export function getCompatibleModelsForWorker<M extends AnyModel>(
  workerId: string,
  models: readonly M[],
): M[] {
  const worker = getWorker(workerId);
  if (worker === undefined)
    throw new DataError(`No worker is called ${workerId}; listWorkerBinaries() has them all.`);
  return filterRunning(models, [worker]);
}
export type { Manifest } from './write/schema.ts';

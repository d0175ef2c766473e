/** The public API for Node: all that browsers have, and the functions that need a disk or the Hub. */

import { gateWorkers, getWorker } from './api/bundled.ts';
import { bundledTables } from './api/bundled-tables.ts';
import { type AnyModel, type AnyWorker, filterRunning, runsOnAny } from './api/check.ts';
import { readGiven } from './api/given.ts';
import { readRecord } from './api/record.ts';
import { extractMetadata as extract } from './extract/index.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import { DataError } from './lib/errors.ts';

export { getWorker, listWorkerBinaries } from './api/bundled.ts';
export { type CacheKey, type CacheOptions, type CacheStatistics, CompatibilityCache } from './api/cache.ts';
export * from './api/common.ts';
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
export { openMatrix } from './api/open.ts';
export type { Sort } from './crawl/search.ts';
export { type Unavailable, UnavailableError } from './lib/errors.ts';

/**
 * Returns the facts that a listing record of the Hub states; `config` is the repository's config.json, parsed or as text.
 *
 * @throws DataError when it is no record, or a field that could hide a refusal is malformed.
 */
export function extractMetadata(record: unknown, config?: unknown): ModelMetadata {
  return extract(readGiven(readRecord, record, config), bundledTables());
}

/**
 * Tells whether one of `workers` (default: the marketplace's own) runs `model`.
 *
 * @throws DataError as `checkCompatibility`.
 */
export function isModelCompatible(model: AnyModel, workers: readonly AnyWorker[] = gateWorkers()): boolean {
  return runsOnAny(model, workers);
}

/**
 * Returns the models that one of `workers` (default: the marketplace's own) runs.
 *
 * @throws DataError as `checkCompatibility`.
 */
export function filterCompatibleModels<M extends AnyModel>(
  models: readonly M[],
  workers: readonly AnyWorker[] = gateWorkers(),
): M[] {
  return filterRunning(models, workers);
}

/**
 * Returns those of `models` that the worker of this id runs.
 *
 * @throws DataError when no worker has this id, or as `checkCompatibility`.
 */
export function getCompatibleModelsForWorker<M extends AnyModel>(
  workerId: string,
  models: readonly M[],
): M[] {
  const worker = getWorker(workerId);
  if (worker === undefined)
    throw new DataError(`There is no worker ${workerId}; listWorkerBinaries() lists all workers.`);
  return filterRunning(models, [worker]);
}

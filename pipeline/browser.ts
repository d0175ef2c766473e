/** The public API for browsers. It uses no disk and no zod; workers and tables are separate modules, loaded on demand. */
import { type AnyModel, type AnyWorker, filterRunning, runsOnAny } from './api/check.ts';
import { readGiven } from './api/given.ts';
import { withListedNames } from './data/listed.ts';
import type { Tables } from './data/tables.ts';
import type { Worker } from './data/worker.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import { DataError, UsageError } from './lib/errors.ts';
import { httpSource } from './read/http.ts';
import { type Matrix, type MatrixOptions, openSource } from './read/index.ts';

export * from './api/common.ts';

interface Loaded {
  readonly workers: readonly Worker[];
  readonly tables: Tables;
  readonly extraction: typeof import('./api/extraction.ts');
}

let loaded: Loaded | undefined;

/**
 * Loads the workers, the tables for extraction and the code that reads them, once. They are modules of this package,
 * which bundlers put into separate files.
 *
 * @throws DataError saying what to do where a host does not serve these files.
 */
export async function loadData(): Promise<void> {
  loaded ??= makeReady(await loadModules());
}

async function loadModules() {
  try {
    return await Promise.all([import('./api/extraction.ts'), import('./data/package-data.ts')]);
  } catch (cause) {
    throw new DataError(
      'The workers and tables cannot be loaded. Serve every file of dist/ of this package, or of your bundle.',
      { cause },
    );
  }
}

function makeReady([extraction, { packageData }]: Awaited<ReturnType<typeof loadModules>>): Loaded {
  const { workers, architectures, quantizations, configDefaults } = packageData();
  const { compileTables, JSON5 } = extraction;
  return {
    extraction,
    workers: withListedNames(workers),
    tables: compileTables(architectures, quantizations, configDefaults, JSON5.parse),
  };
}

function data(): Loaded {
  if (loaded === undefined) throw new UsageError('The tables are not loaded yet: await loadData() first.');
  return loaded;
}

/**
 * Returns every worker that this package knows, sorted by id.
 *
 * @throws UsageError before `loadData`.
 */
export function listWorkerBinaries(): readonly Worker[] {
  return data().workers;
}

/**
 * Returns the facts that a listing record of the Hub states; `config` is the repository's config.json, parsed or as text.
 *
 * @throws UsageError before `loadData`; DataError when it is no record.
 */
export function extractMetadata(record: unknown, config?: unknown): ModelMetadata {
  const { extraction, tables } = data();
  return extraction.extractMetadata(readGiven(extraction.readRecord, record, config), tables);
}

/**
 * Tells whether one of `workers` (default: the marketplace's own) runs `model`.
 *
 * @throws UsageError before `loadData`, without workers.
 */
export function isModelCompatible(model: AnyModel, workers: readonly AnyWorker[] = gateWorkers()): boolean {
  return runsOnAny(model, workers);
}

/**
 * Returns the models that one of `workers` (default: the marketplace's own) runs.
 *
 * @throws UsageError before `loadData`, without workers.
 */
export function filterCompatibleModels<M extends AnyModel>(
  models: readonly M[],
  workers: readonly AnyWorker[] = gateWorkers(),
): M[] {
  return filterRunning(models, workers);
}

function gateWorkers(): readonly Worker[] {
  return data().workers.filter(({ gate }) => gate);
}

/**
 * Opens an out/ behind an address.
 *
 * @throws UsageError when there is no manifest; DataError naming the file that is missing or damaged.
 */
export function openMatrix(url: string, options: MatrixOptions = {}): Promise<Matrix> {
  return openSource(httpSource(url), options);
}

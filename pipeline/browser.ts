/** The public API for browsers: no disk, no zod; workers and tables come in a file of their own, when they are asked for. */
import { type AnyModel, type AnyWorker, filterRunning, runsOnAny } from './api/check.ts';
import { readGiven } from './api/given.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import type { ArchitectureTable, QuantizationTable, Tables } from './extract/tables.ts';
import { DataError, UsageError } from './lib/errors.ts';
import { httpSource } from './read/http.ts';
import { type Matrix, type MatrixOptions, openSource } from './read/index.ts';
import { isGateWorker, type Worker } from './workers/worker.ts';

export * from './api/common.ts';

/** What data.json of this package holds. */
interface BundledData {
  readonly workers: readonly Worker[];
  readonly architectures: ArchitectureTable;
  readonly quantizations: QuantizationTable;
}

interface Loaded {
  readonly workers: readonly Worker[];
  readonly tables: Tables;
  readonly extraction: typeof import('./api/extraction.ts');
}

let loaded: Loaded | undefined;

/**
 * Fetches the workers and the tables of architectures and quantizations, once, from `data.json` beside this module or from
 * another address, and the code that reads them.
 *
 * @throws DataError when the file cannot be fetched.
 */
export async function loadData(url: string | URL = new URL('./data.json', import.meta.url)): Promise<void> {
  const [extraction, response] = await Promise.all([import('./api/extraction.ts'), fetch(url)]);
  if (!response.ok) throw new DataError(`${url} answers ${response.status}.`);
  const { workers, architectures, quantizations } = (await response.json()) as BundledData;
  const { compileTables, JSON5 } = extraction;
  loaded = { workers, extraction, tables: compileTables(architectures, quantizations, JSON5.parse) };
}

function data(): Loaded {
  if (loaded === undefined) throw new UsageError('The tables are not there yet: await loadData() first.');
  return loaded;
}

/** Every worker that this package knows, sorted by id. @throws UsageError before `loadData`. */
export function listWorkerBinaries(): readonly Worker[] {
  return data().workers;
}

/**
 * The facts that a listing record of the Hub states; `config` is the repository's config.json, parsed or as text.
 *
 * @throws UsageError before `loadData`; DataError when it is no record.
 */
export function extractMetadata(record: unknown, config?: unknown): ModelMetadata {
  const { extraction, tables } = data();
  return extraction.extractMetadata(readGiven(extraction.readRecord, record, config), tables);
}

/** Whether one of `workers` (default: the marketplace's own) runs `model`. @throws UsageError before `loadData`, without workers. */
export function isModelCompatible(model: AnyModel, workers: readonly AnyWorker[] = gateWorkers()): boolean {
  return runsOnAny(model, workers);
}

/** Those that one of `workers` (default: the marketplace's own) runs. @throws UsageError before `loadData`, without workers. */
export function filterCompatibleModels<M extends AnyModel>(
  models: readonly M[],
  workers: readonly AnyWorker[] = gateWorkers(),
): M[] {
  return filterRunning(models, workers);
}

function gateWorkers(): readonly Worker[] {
  return data().workers.filter(isGateWorker);
}

/**
 * Opens an out/ behind an address.
 *
 * @throws UsageError when there is no manifest; DataError naming the file that is missing or damaged.
 */
export function openMatrix(url: string, options: MatrixOptions = {}): Promise<Matrix> {
  return openSource(httpSource(url), options);
}

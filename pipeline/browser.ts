/** The public API for browsers: no disk, no zod; workers and tables come in a file of their own, when they are asked for. */
import { type AnyModel, type AnyWorker, filterRunning, runsOnAny } from './api/check.ts';
import { readGiven } from './api/given.ts';
import { withListedNames } from './data/listed.ts';
import type { ArchitectureTable, ConfigDefaultTable, QuantizationTable, Tables } from './data/tables.ts';
import type { Worker } from './data/worker.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import { DataError, UsageError } from './lib/errors.ts';
import { isObject, parseJson } from './lib/json.ts';
import { fetchText, httpSource } from './read/http.ts';
import { type Matrix, type MatrixOptions, openSource } from './read/index.ts';

export * from './api/common.ts';

/** What data.json of this package holds. */
interface BundledData {
  readonly workers: readonly Worker[];
  readonly architectures: ArchitectureTable;
  readonly quantizations: QuantizationTable;
  readonly configDefaults: ConfigDefaultTable;
}

interface Loaded {
  readonly workers: readonly Worker[];
  readonly tables: Tables;
  readonly extraction: typeof import('./api/extraction.ts');
}

let loaded: Loaded | undefined;

/**
 * Fetches the workers and the tables for extraction, once, from `data.json` beside this module or from
 * another address, and the code that reads them.
 *
 * @throws DataError naming the address that gives no data.json of this package, and what to do.
 */
export async function loadData(url: string | URL = new URL('./data.json', import.meta.url)): Promise<void> {
  const [extraction, { workers, architectures, quantizations, configDefaults }] = await Promise.all([
    loadExtraction(),
    fetchData(url),
  ]);
  const { compileTables, JSON5 } = extraction;
  loaded = {
    workers: withListedNames(workers),
    extraction,
    tables: compileTables(architectures, quantizations, configDefaults, JSON5.parse),
  };
}

async function loadExtraction(): Promise<Loaded['extraction']> {
  try {
    return await import('./api/extraction.ts');
  } catch (cause) {
    throw new DataError(
      'The code that reads the tables cannot be fetched. Serve every file of dist/ of this package, or of your bundle.',
      { cause },
    );
  }
}

async function fetchData(url: string | URL): Promise<BundledData> {
  const advice = 'Serve dist/data.json of this package there, or give loadData the address where it is.';
  try {
    const text = await fetchText(url);
    if (text === undefined) throw new DataError(`${url} is not there.`);
    const found = parseJson(text);
    if (!isBundledData(found)) throw new DataError(`${url} is no data.json of this package.`);
    return found;
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${error.message} ${advice}`, { cause: error });
    throw error;
  }
}

/** A host that answers all addresses with its first page is a usual case; the content of our own file is trusted. */
function isBundledData(value: unknown): value is BundledData {
  return (
    isObject(value) &&
    ['workers', 'architectures', 'quantizations', 'configDefaults'].every((name) => name in value)
  );
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

/**
 * Answers questions that need the Hub: one model by its id, or a listing of models that run. The client of
 * the Hub is loaded at the first question, so that callers who only read out/ or judge models they hold do
 * not load it.
 */
import type { HubOptions } from '../crawl/client.ts';
import type { Sort } from '../crawl/search.ts';
import type { Worker } from '../data/worker.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import type { Verdict } from '../evaluate/verdict.ts';
import { extractMetadata } from '../extract/index.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { DataError } from '../lib/errors.ts';
import { PUBLIC_HUB } from '../lib/hub.ts';
import { gateWorkers, listWorkerBinaries } from './bundled.ts';
import { bundledTables } from './bundled-tables.ts';
import { readRecord } from './record.ts';

/** The address of the Hub, and the token and settings of its client. */
export interface LiveOptions extends Partial<HubOptions> {
  /** The workers to judge by. Default: the workers of this package. */
  readonly workers?: readonly Worker[];
}

export interface WorkerVerdict {
  readonly worker: Worker;
  readonly verdict: Verdict;
}

export interface ListOptions extends LiveOptions {
  /** The most models to return. Default 20. */
  readonly limit?: number;
  /** The order of the listing. Default `downloads`. */
  readonly sort?: Sort;
  /**
   * True to return only models that one of the workers runs. Default true; the workers are the marketplace's
   * own.
   */
  readonly onlyCompatible?: boolean;
}

export interface ListedModel {
  readonly model: ModelMetadata;
  /** The workers that run it. */
  readonly workers: readonly WorkerVerdict[];
}

const DEFAULT_LIMIT = 20;

/**
 * Returns the facts about a repository, with its config.json and file sizes.
 *
 * @throws UnavailableError when it is missing, renamed or disabled; DataError when the Hub fails or sends
 * what is no model.
 */
export async function extractMetadataFromHf(
  modelId: string,
  options: LiveOptions = {},
): Promise<ModelMetadata> {
  const { fetchModel } = await import('../crawl/model.ts');
  const parsed = readRecord(await fetchModel(modelId, hubOf(options)));
  if (!parsed.ok) throw new DataError(`The Hub's answer for ${modelId} cannot be used: ${parsed.reason}.`);
  return extractMetadata(parsed.record, bundledTables());
}

/**
 * Returns the workers that run a repository of the Hub, the best supported first.
 *
 * @throws UnavailableError and DataError as `extractMetadataFromHf`.
 */
export async function getCompatibleWorkersForModel(
  modelId: string,
  options: LiveOptions = {},
): Promise<WorkerVerdict[]> {
  const model = await extractMetadataFromHf(modelId, options);
  return workersFor(model, options.workers ?? listWorkerBinaries());
}

/**
 * Lists models of the Hub in the order of `sort`. With `onlyCompatible` it reads pages until it has found
 * `limit` models that a worker runs, or the listing ends. It reads the listing alone, in which context
 * lengths of safetensors models are unknown.
 *
 * @throws DataError when the Hub fails.
 */
export function listHuggingFaceModels(options: ListOptions = {}): Promise<ListedModel[]> {
  return collect(undefined, options);
}

/**
 * Lists models as `listHuggingFaceModels` does, those whose id contains each word of `query`.
 *
 * @throws DataError when the Hub fails.
 */
export function searchHuggingFaceModels(query: string, options: ListOptions = {}): Promise<ListedModel[]> {
  return collect(query, options);
}

async function collect(search: string | undefined, options: ListOptions): Promise<ListedModel[]> {
  const {
    limit = DEFAULT_LIMIT,
    sort = 'downloads',
    onlyCompatible = true,
    workers = gateWorkers(),
  } = options;
  const found: ListedModel[] = [];
  if (limit <= 0) return found;
  const { browseHub } = await import('../crawl/search.ts');
  const browse = { ...hubOf(options), sort, ...(search === undefined ? {} : { search }) };
  for await (const record of browseHub(browse)) {
    const parsed = readRecord(record);
    if (!parsed.ok) continue;
    const model = extractMetadata(parsed.record, bundledTables());
    const running = workersFor(model, workers);
    if (running.length > 0 || !onlyCompatible) found.push({ model, workers: running });
    if (found.length >= limit) break;
  }
  return found;
}

const RANK = { high: 0, medium: 1, low: 2, none: 3 } as const;

function workersFor(model: ModelMetadata, workers: readonly Worker[]): WorkerVerdict[] {
  const verdicts = workers.map((worker) => ({ worker, verdict: checkCompatibility(model, worker) }));
  return verdicts.filter(({ verdict }) => verdict.compatible).sort((a, b) => rank(a) - rank(b));
}

/** Ranks by confidence; among equals the marketplace's own workers come first. */
function rank({ worker, verdict }: WorkerVerdict): number {
  return RANK[verdict.confidence] * 2 + (worker.gate ? 0 : 1);
}

function hubOf({ workers: _, ...hub }: LiveOptions): HubOptions {
  return { ...hub, endpoint: hub.endpoint ?? PUBLIC_HUB, token: hub.token };
}

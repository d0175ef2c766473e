/**
 * Estimates how much memory a variant of a model takes on a worker, and how sure that is. The estimate is
 * advice: it never refuses a model.
 */
import type { MemoryRule, Worker } from '../data/worker.ts';
import {
  type Attention,
  type Format,
  factValue,
  type ModelMetadata,
  type Variant,
} from '../extract/metadata.ts';
import { DataError } from '../lib/errors.ts';
import { cacheNumbers, cacheRuleFor } from './memory-cache.ts';
import { usableBytes } from './memory-device.ts';
import { type Weights, type WeightsFrom, weightsOf } from './memory-weights.ts';

/** The context for which memory is estimated where a caller names none, in tokens. */
const USUAL_CONTEXT = 8_192;
/**
 * The bytes of a cached number: keys and values are cached as 16-bit numbers unless an engine is configured
 * otherwise.
 */
const CACHE_BYTES = 2;

/**
 * The grade of an estimate. `exact`: the sizes of the files, or the count and width of the weights, and the
 * shape of the attention are known. `estimate`: one of them comes from a base model, the defaults of a config
 * class, models of the same size, an average of a label, or a pipeline class. `at least`: the weights and the
 * overhead are known, and the rest comes on top. `unknown`: not even the weights can be sized.
 */
export type MemoryGrade = 'exact' | 'estimate' | 'at least' | 'unknown';

/** The origin of the bytes of the cache; `no cache`: the model keeps none, `unknown`: it comes on top. */
export type CacheFrom = Attention['source'] | 'no cache' | 'unknown';

export interface MemoryFrom {
  readonly weights: WeightsFrom;
  readonly cache: CacheFrom;
  /**
   * `pipeline class` or `unknown` of diffusion pipelines: the worker's rule names a working memory for the
   * class, or does not. `other parts` of a part of a pipeline: the other parts come on top.
   */
  readonly working?: 'pipeline class' | 'unknown' | 'other parts';
}

export interface MemoryEstimate {
  /** The id of the variant; undefined where the model has none. */
  readonly variant: string | undefined;
  /** The number of tokens that the cache is for. */
  readonly contextLength: number;
  readonly weightBytes: number | 'unknown';
  /** The bytes of the cache; 0 of a model that keeps none. */
  readonly cacheBytes: number | 'unknown';
  readonly overheadBytes: number;
  /** The sum of the known parts; `unknown` where the weights are. */
  readonly totalBytes: number | 'unknown';
  readonly grade: MemoryGrade;
  readonly from: MemoryFrom;
  /**
   * Tells whether `totalBytes` fits into a device of so many GB as vendors print them, beside the part that
   * its system keeps. Of `at least` true says that the weights and the overhead fit; of `unknown` it is
   * false.
   */
  fits(deviceGb: number): boolean;
}

export interface MemoryOptions {
  /** The context in tokens; counted up to the model's own. 8,192 where it is left out. */
  readonly contextLength?: number;
  /** A variant or its id; the first of the model where it is left out. */
  readonly variant?: Variant | string;
  /** Average bits per weight of a GGUF label, for variants without sizes. */
  readonly bitsPerWeight?: ReadonlyMap<string, number>;
}

/** The facts about a model that its memory depends on. */
export type SizedModel = Pick<
  ModelMetadata,
  | 'kind'
  | 'architectureClass'
  | 'modelType'
  | 'ggufArchitecture'
  | 'parameters'
  | 'contextLength'
  | 'attention'
  | 'variants'
>;

/** The facts about a worker that the memory of a model depends on. */
export type SizingWorker = Pick<Worker, 'backend' | 'memory'>;

/**
 * Returns the bytes that a variant of a model takes on a worker: weights, key-value cache at a context, and overhead.
 * Mixtures count with all their experts: those are in memory whichever a token uses. docs/out-format.md has the formula.
 *
 * @throws DataError for a context that is no number above 0, and for a variant that the model lists none of.
 */
export function estimateMemory(
  model: SizedModel,
  worker: SizingWorker,
  options: MemoryOptions = {},
): MemoryEstimate {
  return estimateVariant(model, worker, chosenVariant(model, options.variant), options);
}

/** Returns the same for a variant that has been chosen. */
export function estimateVariant(
  model: Omit<SizedModel, 'variants'>,
  worker: SizingWorker,
  variant: SizedVariant | undefined,
  options: Omit<MemoryOptions, 'variant'>,
): MemoryEstimate {
  const weights = weightsOf(model, variant, worker.memory, options.bitsPerWeight);
  const contextLength = contextFor(model, options.contextLength);
  const cache = cacheOf(model, variant?.format, worker, contextLength);
  const overhead = overheadOf(model, variant?.format, worker);
  const from = {
    weights: weights.from,
    cache: cache.from,
    ...(overhead.working === undefined ? {} : { working: overhead.working }),
  };
  const totalBytes =
    weights.bytes === 'unknown'
      ? 'unknown'
      : weights.bytes + (cache.bytes === 'unknown' ? 0 : cache.bytes) + overhead.bytes;
  return {
    variant: variant?.id,
    contextLength,
    weightBytes: weights.bytes,
    cacheBytes: cache.bytes,
    overheadBytes: overhead.bytes,
    totalBytes,
    grade: gradeOf(weights, from),
    from,
    fits: (deviceGb) => totalBytes !== 'unknown' && totalBytes <= usableBytes(deviceGb, worker),
  };
}

/**
 * The facts about a variant that an estimate needs. An id alone gives format and label, as of models whose
 * files out/ does not list.
 */
export type SizedVariant = Pick<Variant, 'id' | 'format' | 'sizeBytes' | 'bitsPerWeight'> & {
  readonly label: string;
};

function chosenVariant(
  { variants }: SizedModel,
  wanted: Variant | string | undefined,
): SizedVariant | undefined {
  const id = typeof wanted === 'object' ? wanted.id : (wanted ?? variants[0]?.id);
  if (id === undefined) return undefined;
  const listed = typeof wanted === 'object' ? wanted : variants.find((variant) => variant.id === id);
  if (listed === undefined && variants.length > 0)
    throw new DataError(
      `options.variant: the model has no variant ${id}; it has ${variants.map((variant) => variant.id).join(', ')}.`,
    );
  // `#2` only tells variants apart that are called the same.
  const [format = '', label = ''] = id.replace(/#\d+$/, '').split(':');
  if (listed === undefined) return { id, format: format as Format, sizeBytes: 'unknown', label };
  return { ...listed, label };
}

function contextFor({ contextLength }: Pick<SizedModel, 'contextLength'>, wanted = USUAL_CONTEXT): number {
  if (!(wanted > 0 && Number.isSafeInteger(wanted)))
    throw new DataError(`options.contextLength: a whole number of tokens above 0, not ${wanted}.`);
  return Math.min(wanted, factValue(contextLength) ?? wanted);
}

/** Kinds that answer in one pass, and keep nothing for the next token. */
const WITHOUT_CACHE: ReadonlySet<string> = new Set([
  'diffusion-pipeline',
  'component',
  'embedding',
  'reranker',
  'classifier',
  'reward',
]);

interface Cache {
  readonly bytes: number | 'unknown';
  readonly from: CacheFrom;
}

function cacheOf(
  model: Omit<SizedModel, 'variants'>,
  format: Format | undefined,
  { memory }: SizingWorker,
  context: number,
): Cache {
  if (WITHOUT_CACHE.has(factValue(model.kind) ?? '')) return { bytes: 0, from: 'no cache' };
  const { attention } = model;
  if (attention === 'unknown') return { bytes: 'unknown', from: 'unknown' };
  const numbers = cacheNumbers(attention, context, cacheRuleFor(memory, model, format));
  return { bytes: numbers * bytesPerCachedNumber(memory), from: attention.source };
}

function bytesPerCachedNumber({ bytesPerCachedNumber: bytes }: MemoryRule): number {
  return bytes ?? CACHE_BYTES;
}

interface Overhead {
  readonly bytes: number;
  readonly working?: NonNullable<MemoryFrom['working']>;
}

function overheadOf(
  model: Omit<SizedModel, 'variants'>,
  format: Format | undefined,
  { memory }: SizingWorker,
): Overhead {
  const kind = factValue(model.kind);
  if (kind === 'component') return { bytes: memory.overheadBytes, working: 'other parts' };
  if (kind === 'diffusion-pipeline') {
    const name = factValue(model.architectureClass);
    const found = memory.pipelines?.find(({ classes }) => name !== undefined && classes.includes(name));
    return {
      bytes: memory.overheadBytes + (found?.bytes ?? 0),
      working: found === undefined ? 'unknown' : 'pipeline class',
    };
  }
  const name = factValue(format === 'gguf' ? model.ggufArchitecture : model.modelType);
  const more = memory.perLayer?.find(
    ({ architectures }) => name !== undefined && architectures.includes(name),
  );
  const layers =
    model.attention === 'unknown' ? 0 : model.attention.groups.reduce((sum, group) => sum + group.layers, 0);
  return { bytes: memory.overheadBytes + (more?.bytes ?? 0) * layers };
}

const EXACT_WEIGHTS: ReadonlySet<WeightsFrom> = new Set(['files', 'parameters']);
const EXACT_CACHES: ReadonlySet<CacheFrom> = new Set(['config', 'gguf', 'no cache']);

function gradeOf({ bytes, least }: Weights, from: MemoryFrom): MemoryGrade {
  if (bytes === 'unknown') return 'unknown';
  const known = from.working === undefined || from.working === 'pipeline class';
  if (least === true || from.cache === 'unknown' || !known) return 'at least';
  const exact = EXACT_WEIGHTS.has(from.weights) && EXACT_CACHES.has(from.cache) && from.working === undefined;
  return exact ? 'exact' : 'estimate';
}

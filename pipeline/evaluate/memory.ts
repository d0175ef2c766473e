/** How much memory a variant takes on a worker, with the inputs shown. Advice: it never refuses a model. */
import type { CacheRule, Worker } from '../data/worker.ts';
import {
  type Attention,
  factValue,
  type LayerGroup,
  type ModelMetadata,
  type Variant,
} from '../extract/metadata.ts';

export const DEVICE_GB = [8, 12, 16, 24, 32, 48, 64, 80, 96, 128, 192] as const;
/** The context at which devices are told, in tokens. */
export const USUAL_CONTEXT = 8_192;
const CONTEXTS = [4_096, USUAL_CONTEXT, 32_768] as const;
/** Keys and values are cached as 16-bit numbers unless an engine is told otherwise. */
const CACHE_BYTES = 2;
const GIB = 2 ** 30;

export interface MemoryEstimate {
  readonly weightBytes: number;
  /** How `weightBytes` was found: the files, parameters x what the worker keeps, or parameters x bits of the label. */
  readonly weightsFrom: 'files' | 'parameters in memory' | 'parameters and bits per weight';
  readonly overheadBytes: number;
  /** Context in tokens -> bytes of its key-value cache; empty when the attention's shape is not known. */
  readonly cacheBytes: ReadonlyMap<number, number>;
  /** The smallest usual device that holds all at the usual context (the model's own, if shorter), in GB; 'none' of them does. */
  readonly smallestDeviceGb: number | 'none' | 'unknown';
}

/**
 * `unknown` with the missing fact when the weights cannot be sized. Mixtures count with all their experts: those are in
 * memory whichever a token uses.
 */
export function estimateMemory(
  model: Pick<ModelMetadata, 'parameters' | 'contextLength' | 'attention' | 'modelType' | 'ggufArchitecture'>,
  variant: Variant,
  worker: Pick<Worker, 'memory'>,
  bitsPerWeight: number | undefined,
): MemoryEstimate | { readonly unknown: string } {
  const weights = sizeWeights(model, variant, worker, bitsPerWeight);
  if (weights === undefined)
    return { unknown: 'neither the sizes of the files nor the number of parameters is known' };
  const { overheadBytes } = worker.memory;
  const tokens = factValue(model.contextLength);
  const cacheBytes = new Map<number, number>();
  if (model.attention !== 'unknown') {
    const bytes = bytesPerCachedNumber(worker);
    const rule = cacheRuleFor(worker, model, variant.format);
    for (const context of contextsOf(tokens))
      cacheBytes.set(context, cacheNumbers(model.attention, context, rule) * bytes);
  }
  const cache = cacheBytes.get(Math.min(USUAL_CONTEXT, tokens ?? USUAL_CONTEXT));
  const needed = cache === undefined ? undefined : weights.weightBytes + cache + overheadBytes;
  return { ...weights, overheadBytes, cacheBytes, smallestDeviceGb: smallestDevice(needed) };
}

/** The part that does not grow with the context; undefined where neither sizes nor parameters tell it. */
export function sizeWeights(
  { parameters }: Pick<ModelMetadata, 'parameters'>,
  { format, sizeBytes }: Pick<Variant, 'format' | 'sizeBytes'>,
  { memory }: Pick<Worker, 'memory'>,
  bitsPerWeight: number | undefined,
): Pick<MemoryEstimate, 'weightBytes' | 'weightsFrom'> | undefined {
  const total = factValue(parameters.total);
  const kept = format === 'gguf' ? undefined : memory.bytesPerParameter;
  if (kept !== undefined && total !== undefined)
    return { weightBytes: total * kept, weightsFrom: 'parameters in memory' };
  if (kept === undefined && sizeBytes !== 'unknown') return { weightBytes: sizeBytes, weightsFrom: 'files' };
  if (kept !== undefined || total === undefined || bitsPerWeight === undefined) return undefined;
  return {
    weightBytes: Math.round((total * bitsPerWeight) / 8),
    weightsFrom: 'parameters and bits per weight',
  };
}

export function bytesPerCachedNumber({ memory }: Pick<Worker, 'memory'>): number {
  return memory.bytesPerCachedNumber ?? CACHE_BYTES;
}

/** Average bits per weight of a label, by the table of them; UD- marks only who chose the mix. */
export function bitsOf(label: string, bitsPerWeight: ReadonlyMap<string, number>): number | undefined {
  return bitsPerWeight.get(label.replace(/^UD-/, ''));
}

function contextsOf(tokens: number | undefined): number[] {
  if (tokens === undefined) return [...CONTEXTS];
  return [...new Set([...CONTEXTS.filter((context) => context < tokens), tokens])];
}

/** For an engine of which nothing is known: the most that a layer can need. */
const MOST: CacheRule = { window: 'full', latent: 'expanded', batchTokens: 0 };

/** The rule of the worker for this model: an exception names the key by which it finds the model's loader. */
export function cacheRuleFor(
  { memory: { cache } }: Pick<Worker, 'memory'>,
  model: Pick<ModelMetadata, 'modelType' | 'ggufArchitecture'>,
  format: Variant['format'],
): CacheRule {
  if (cache === undefined) return MOST;
  const name = factValue(format === 'gguf' ? model.ggufArchitecture : model.modelType);
  const { exceptions, ...rule } = cache;
  const { architectures: _, ...exception } =
    exceptions.find(({ architectures }) => name !== undefined && architectures.includes(name)) ?? {};
  return { ...rule, ...exception };
}

/** Caches of windows are rounded up to this many tokens: llama.cpp, src/llama-kv-cache-iswa.cpp. */
const ROUNDED_TO = 256;

/** How many elements of keys and values a context takes under the rule; layers with a window stop growing beyond it. */
export function cacheNumbers({ groups }: Attention, context: number, rule: CacheRule): number {
  return groups.reduce((sum, group) => sum + group.layers * elementsOfLayer(group, context, rule), 0);
}

function elementsOfLayer(
  { cache, elementsPerToken, expandedElementsPerToken, window = 0 }: LayerGroup,
  context: number,
  rule: CacheRule,
): number {
  switch (cache) {
    case 'none':
      return 0;
    case 'full':
      return context * elementsPerToken;
    case 'latent':
      return (
        context *
        (rule.latent === 'expanded' ? (expandedElementsPerToken ?? elementsPerToken) : elementsPerToken)
      );
    case 'window': {
      const kept = Math.ceil((window + rule.batchTokens) / ROUNDED_TO) * ROUNDED_TO;
      return elementsPerToken * (rule.window === 'full' ? context : Math.min(context, kept));
    }
    default:
      return cache satisfies never;
  }
}

/** The smallest usual device that holds so many bytes. A gibibyte of every device belongs to its system or driver. */
export function smallestDevice(needed: number | undefined): MemoryEstimate['smallestDeviceGb'] {
  if (needed === undefined) return 'unknown';
  return DEVICE_GB.find((gb) => needed <= (gb - 1) * GIB) ?? 'none';
}

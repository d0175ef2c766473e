/**
 * Counts the numbers in a key-value cache, by the shape of the attention and the part of it that an engine
 * keeps.
 */
import type { CacheRule, MemoryRule } from '../data/worker.ts';
import {
  type Attention,
  type Format,
  factValue,
  type LayerGroup,
  type ModelMetadata,
} from '../extract/metadata.ts';

/** The rule of an engine of which nothing is known: the most that a layer can need. */
const MOST: CacheRule = { window: 'full', latent: 'expanded', batchTokens: 0 };

/**
 * Returns the rule of the worker for this model: an exception names the key by which it finds the model's
 * loader.
 */
export function cacheRuleFor(
  { cache }: Pick<MemoryRule, 'cache'>,
  model: Pick<ModelMetadata, 'modelType' | 'ggufArchitecture'>,
  format: Format | undefined,
): CacheRule {
  if (cache === undefined) return MOST;
  const name = factValue(format === 'gguf' ? model.ggufArchitecture : model.modelType);
  const { exceptions, ...rule } = cache;
  const { architectures: _, ...exception } =
    exceptions.find(({ architectures }) => name !== undefined && architectures.includes(name)) ?? {};
  return { ...rule, ...exception };
}

/**
 * The number of tokens to a multiple of which caches of windows are rounded up: llama.cpp,
 * src/llama-kv-cache-iswa.cpp.
 */
const ROUNDED_TO = 256;

/**
 * Returns how many elements of keys and values a context takes under the rule; layers with a window stop
 * growing beyond it.
 */
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

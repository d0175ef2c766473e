/** Counts the weights of a plain decoder by the numbers in its config.json. */

import type { Tables } from '../data/tables.ts';
import { field, type JsonObject, stringField } from '../lib/json.ts';
import { EXPERT_COUNTS, textConfig, wholeNumber } from './config.ts';
import { type Defaults, defaultsOf } from './defaults.ts';

/**
 * Returns the weights of vocabulary, attention and gated feed-forward. Undefined for mixtures and where a
 * number is missing.
 */
export function shapeParameters(text: JsonObject, tied: boolean): number | undefined {
  const [hidden, layers, inner, vocabulary, heads] = [
    'hidden_size',
    'num_hidden_layers',
    'intermediate_size',
    'vocab_size',
    'num_attention_heads',
  ].map((key) => wholeNumber(field(text, key)));
  if (!isPositive(hidden) || !isPositive(layers) || !isPositive(inner)) return undefined;
  if (!isPositive(vocabulary) || !isPositive(heads)) return undefined;
  if (EXPERT_COUNTS.some((key) => field(text, key) !== undefined)) return undefined;
  const headDim = wholeNumber(field(text, 'head_dim')) ?? hidden / heads;
  const kvHeads = wholeNumber(field(text, 'num_key_value_heads')) ?? heads;
  if (!(headDim > 0) || !(kvHeads > 0)) return undefined;
  const attention = 2 * hidden * headDim * (heads + kvHeads);
  const embeddings = vocabulary * hidden * (tied ? 1 : 2);
  const weights = Math.round(embeddings + layers * (attention + 3 * hidden * inner));
  return Number.isSafeInteger(weights) ? weights : undefined;
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}

/**
 * Returns the weights for a config.json whose class is known to build exactly these matrices, in a model that
 * is nothing else: within 2 % of the true count.
 */
export function plainDecoderParameters(
  file: JsonObject | undefined,
  tables: Pick<Tables, 'configDefaults'>,
): number | undefined {
  if (file === undefined || textConfig(file) !== file) return undefined;
  if (stringField(file, 'model_type') === undefined) return undefined;
  const defaults = defaultsOf(file, file, tables);
  return defaults?.gatedDecoder === true ? shapeParameters(file, isTied(file, defaults)) : undefined;
}

function isTied(text: JsonObject, defaults: Defaults): boolean {
  const stated = field(text, 'tie_word_embeddings');
  return typeof stated === 'boolean' ? stated : defaults.tied === true;
}

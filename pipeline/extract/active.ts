/**
 * Counts the weights that a token uses: all of a dense model, and of a mixture all but the experts that it
 * skips.
 */

import type { BaseModel } from '../data/tables.ts';
import { field, isObject, type JsonObject } from '../lib/json.ts';
import { type Configs, EXPERT_COUNTS, textConfig, wholeNumber } from './config.ts';
import { type Fact, known } from './metadata.ts';

/**
 * Returns the experts in a layer of a mixture; unknown of a dense model and where no field gives the number.
 */
export function readExperts({ file }: Configs, base: BaseModel | undefined): Fact<number> {
  const stated = file === undefined ? undefined : firstWhole(textConfig(file), EXPERT_COUNTS);
  if (stated !== undefined && stated > 1) return known(stated, 'config');
  return base?.experts === undefined ? 'unknown' : known(base.experts, 'base-model');
}

/**
 * Returns the weights that a token uses. It needs config.json with the number of experts, how many a token
 * uses and their size; equals the total for dense models. Unknown where a field is missing, or where experts
 * are mentioned in a way that is not read.
 */
export function readActiveParameters(
  total: Fact<number>,
  { file }: Configs,
  base: BaseModel | undefined,
): Fact<number> {
  if (total === 'unknown') return 'unknown';
  if (file === undefined) {
    const active = base?.activeParameters;
    return active === undefined || active > total.value ? 'unknown' : known(active, 'base-model');
  }
  const text = textConfig(file);
  const experts = firstWhole(text, EXPERT_COUNTS);
  if (experts === undefined || experts <= 1) return speaksOfExperts(text) ? 'unknown' : total;
  const towers = towerParameters(file);
  return towers === undefined ? 'unknown' : activeOfMixture(total.value - towers, experts, text);
}

function activeOfMixture(total: number, experts: number, text: JsonObject): Fact<number> {
  const used = firstWhole(text, USED);
  const size = expertSize(text);
  const layers = expertLayers(text);
  if (used === undefined || size === undefined || layers === undefined || used > experts) return 'unknown';
  const active = total - (experts - used) * size * layers;
  return active > 0 ? known(active, 'config') : 'unknown';
}

/**
 * Returns the weights of the vision and audio towers beside the language model, which no token of text uses;
 * undefined where one is not sized. A layer of a vision transformer has 4 h^2 of attention and two matrices,
 * to four times its width unless stated.
 */
function towerParameters(file: JsonObject): number | undefined {
  let sum = 0;
  for (const key of ['vision_config', 'audio_config']) {
    const tower = field(file, key);
    if (!isObject(tower)) continue;
    const hidden = firstWhole(tower, ['hidden_size', 'embed_dim', 'd_model']);
    const layers = firstWhole(tower, ['num_hidden_layers', 'depth', 'encoder_layers']);
    if (hidden === undefined || layers === undefined) return undefined;
    const inner = firstWhole(tower, ['intermediate_size', 'encoder_ffn_dim']) ?? 4 * hidden;
    sum += layers * (4 * hidden * hidden + 2 * hidden * inner);
  }
  return sum;
}

/** The fields with the number of experts that a token uses. `top_k_experts`: Gemma 4. */
const USED = [
  'num_experts_per_tok',
  'num_experts_per_token',
  'moe_top_k',
  'moe_k',
  'top_k_experts',
  'experts_per_token',
] as const;

/** Matches keys that mention experts, in whatever form: DBRX has them in `ffn_config`, others in lists. */
const EXPERT_KEY = /expert|moe/i;

/**
 * Tells whether a config mentions experts: a number of 0 or 1, a flag that is off or an empty value says that
 * there are none.
 */
function speaksOfExperts(text: JsonObject): boolean {
  return Object.entries(text).some(([key, value]) => {
    if (EXPERT_KEY.test(key)) return !isNone(value);
    return (
      isObject(value) && key.startsWith('ffn') && Object.keys(value).some((inner) => EXPERT_KEY.test(inner))
    );
  });
}

function isNone(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === 1) return true;
  return typeof value === 'string' || (Array.isArray(value) && value.length === 0);
}

/** Returns the first field that is a whole number, which a list that differs from layer to layer is not. */
function firstWhole(config: JsonObject, keys: readonly string[]): number | undefined {
  return keys.map((key) => wholeNumber(field(config, key))).find((value) => value !== undefined);
}

/** Returns the weights of an expert: three matrices (gate, up, down) of hidden x intermediate. */
function expertSize(text: JsonObject): number | undefined {
  const hidden = wholeNumber(field(text, 'hidden_size'));
  const inner = firstWhole(text, ['moe_intermediate_size', 'expert_ffn_hidden_size', 'intermediate_size']);
  return hidden === undefined || inner === undefined ? undefined : 3 * hidden * inner;
}

/**
 * Fields of latent experts (Nemotron 3) and layers of several sorts: no single number gives their size or
 * count.
 */
const UNREAD = [
  'moe_latent_size',
  'hybrid_override_pattern',
  'layers_block_type',
  'mlp_only_layers',
] as const;

const PREDICTING = ['num_nextn_predict_layers', 'mtp_num_hidden_layers', 'num_mtp_modules'] as const;

/**
 * Returns the layers with experts: all but the first dense ones (DeepSeek-V3: `first_k_dense_replace`), every
 * n-th (`decoder_sparse_step`). Undefined with prediction layers: the config does not say whether their
 * experts are in the weights (DeepSeek-V3.2) or not (perplexity-ai/r1-1776).
 */
function expertLayers(text: JsonObject): number | undefined {
  const layers = wholeNumber(field(text, 'num_hidden_layers'));
  const predicting = firstWhole(text, PREDICTING) ?? 0;
  if (layers === undefined || predicting > 0) return undefined;
  if (UNREAD.some((key) => !isNone(field(text, key) ?? null))) return undefined;
  const dense = wholeNumber(field(text, 'first_k_dense_replace')) ?? 0;
  const frequency = field(text, 'moe_layer_freq');
  if (Array.isArray(frequency)) return frequency.slice(0, layers).filter((mark) => mark === 1).length;
  const step = firstWhole(text, ['decoder_sparse_step', 'moe_layer_freq', 'interleave_moe_layer_step']) ?? 1;
  return Math.max(0, Math.floor((layers - dense) / Math.max(1, step)));
}

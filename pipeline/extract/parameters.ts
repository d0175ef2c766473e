/** How many weights a model has: counted from what is stored, with packed quantizations unpacked. */

import { field, isObject, type JsonObject } from '../lib/json.ts';
import { type Configs, configField, EXPERT_COUNTS, textConfig, wholeNumber } from './config.ts';
import { type Fact, factValue, known } from './metadata.ts';
import { declaredQuantization, FLOATS } from './quantization.ts';
import type { HubRecord } from './record.ts';

type Counts = Readonly<Record<string, number>>;

const FLOATS_AND_FP8 = [...FLOATS, 'F8_E4M3', 'F8_E5M2', 'F8_E8M0'];

/**
 * The total from the `safetensors` object where the repository's weights are safetensors, else from the GGUF header;
 * never from a name. Packed integers are unpacked by the method's own layout; scales and zero points are left out.
 */
export function readTotalParameters(
  record: HubRecord,
  configs: Configs,
  method: Fact<string>,
  hasSafetensors: boolean,
): Fact<number> {
  const counts = record.safetensors?.parameters;
  if (hasSafetensors && counts !== undefined) {
    const total = countWeights(counts, configs, factValue(method));
    if (total > 0) return known(total, 'safetensors');
  }
  if (hasSafetensors && isPositive(record.safetensors?.total) && factValue(method) === 'none') {
    return known(record.safetensors.total, 'safetensors');
  }
  return isPositive(record.gguf?.total) ? known(record.gguf.total, 'gguf') : 'unknown';
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}

function countWeights(counts: Counts, configs: Configs, method: string | undefined): number {
  const declared = declaredQuantization(configs.file) ?? declaredQuantization(configs.listed);
  const bits = wholeNumber(field(declared, 'bits')) ?? 4;
  const group = wholeNumber(field(declared, 'group_size'));
  switch (method) {
    case 'gptq':
    case 'awq':
      return packedIntegers(counts, 'I32', { bits, group: group ?? 128, zeros: true, scales: 1 });
    case 'compressed-tensors':
      return compressedTensors(counts, declared);
    case 'mlx':
      return packedIntegers(counts, 'U32', { bits, group: group ?? 64, zeros: false, scales: 2 });
    case 'bitsandbytes':
      return bitsAndBytes(counts);
    case 'mxfp4':
      return mxfp4(counts);
    case 'modelopt':
    case 'nvfp4':
    case 'modelopt_fp4':
      return nvfp4(counts);
    case 'none':
      return sum(counts, FLOATS);
    default:
      return plainTotal(counts);
  }
}

const sum = (counts: Counts, types: readonly string[]) =>
  types.reduce((all, type) => all + (counts[type] ?? 0), 0);

/** Unpacked weights; BOOL and I64 hold masks, shapes and positions. */
function plainTotal(counts: Counts): number {
  return Object.entries(counts).reduce(
    (all, [type, n]) => (type === 'BOOL' || type === 'I64' ? all : all + n),
    0,
  );
}

/**
 * 32 / bits weights per integer. GPTQ and AWQ pack one zero point per group the same way; scales (MLX: and biases)
 * are floats, one per group: TheBloke/Llama-2-7B-Chat-GPTQ, mlx-community/Llama-3.2-1B-Instruct-4bit.
 */
function packedIntegers(
  counts: Counts,
  type: string,
  layout: { bits: number; group: number; zeros: boolean; scales: number },
): number {
  if (counts[type] === undefined || layout.bits <= 0) return plainTotal(counts);
  const perGroup = layout.group > 0 ? 1 / layout.group : 0;
  const weights = (counts[type] * 32) / layout.bits / (layout.zeros ? 1 + perGroup : 1);
  return Math.round(weights + Math.max(0, sum(counts, FLOATS) - weights * perGroup * layout.scales));
}

/** `pack-quantized` packs into I32; its other formats keep a weight per element. Asymmetric zero points are few. */
function compressedTensors(counts: Counts, declared: JsonObject | undefined): number {
  if (field(declared, 'format') === 'nvfp4-pack-quantized') return nvfp4(counts);
  if (counts.I32 === undefined) return plainTotal(counts);
  const weightsOf = firstGroupWeights(declared);
  const bits = wholeNumber(field(weightsOf, 'num_bits')) ?? 4;
  const group = wholeNumber(field(weightsOf, 'group_size')) ?? 128;
  return packedIntegers(counts, 'I32', { bits, group, zeros: false, scales: 1 });
}

function firstGroupWeights(declared: JsonObject | undefined): unknown {
  const groups = field(declared, 'config_groups');
  return isObject(groups) ? field(Object.values(groups)[0], 'weights') : undefined;
}

/** 4 bits: two weights a byte, and one byte of absmax for 64 weights (double quantization); 8 bits: one a byte. */
function bitsAndBytes(counts: Counts): number {
  const four = (counts.U8 ?? 0) / (1 / 2 + 1 / 64);
  return Math.round(four + (counts.I8 ?? 0) + sum(counts, ['F16', 'BF16']));
}

/** The Hub counts MXFP4 blocks unpacked already, and a scale byte for 32 weights: openai/gpt-oss-20b. */
function mxfp4(counts: Counts): number {
  return Math.round((counts.U8 ?? 0) / (1 + 1 / 32) + sum(counts, FLOATS));
}

/** NVFP4: two weights a byte and an FP8 scale for 16 weights. Without U8, ModelOpt stored FP8: one weight an element. */
function nvfp4(counts: Counts): number {
  const packed = counts.U8;
  if (packed === undefined) return plainTotal(counts);
  const weights = packed * 2;
  return Math.round(weights + Math.max(0, sum(counts, FLOATS_AND_FP8) - weights / 16));
}

/**
 * Active parameters per token: the total less the experts that a token skips. Needs config.json with the number of
 * experts, how many a token uses and their size; equals the total for dense models. Unknown where a field is missing.
 */
export function readActiveParameters(total: Fact<number>, configs: Configs): Fact<number> {
  if (total === 'unknown' || configs.file === undefined) return 'unknown';
  const text = textConfig(configs.file);
  const experts = firstWhole(text, EXPERT_COUNTS);
  if (experts === undefined || experts <= 1) {
    return configField(configs, 'num_experts') === undefined ? total : 'unknown';
  }
  const used = firstWhole(text, ['num_experts_per_tok', 'num_experts_per_token', 'moe_top_k', 'moe_k']);
  const expert = expertSize(text);
  const layers = expertLayers(text);
  if (used === undefined || expert === undefined || layers === undefined || used > experts) return 'unknown';
  const active = total.value - (experts - used) * expert * layers;
  return active > 0 ? known(active, 'config') : 'unknown';
}

function firstWhole(config: JsonObject, keys: readonly string[]): number | undefined {
  return keys.map((key) => wholeNumber(field(config, key))).find((value) => value !== undefined);
}

/** Three matrices (gate, up, down) of hidden x intermediate. */
function expertSize(text: JsonObject): number | undefined {
  const hidden = wholeNumber(field(text, 'hidden_size'));
  const inner = firstWhole(text, ['moe_intermediate_size', 'expert_ffn_hidden_size', 'intermediate_size']);
  return hidden === undefined || inner === undefined ? undefined : 3 * hidden * inner;
}

/**
 * All layers but the first dense ones (DeepSeek-V3: `first_k_dense_replace`), every n-th (`decoder_sparse_step`).
 * Undefined with prediction layers: whether their experts are in the weights (DeepSeek-V3.2) or not
 * (perplexity-ai/r1-1776) the config does not tell.
 */
function expertLayers(text: JsonObject): number | undefined {
  const layers = wholeNumber(field(text, 'num_hidden_layers'));
  if (layers === undefined || (wholeNumber(field(text, 'num_nextn_predict_layers')) ?? 0) > 0)
    return undefined;
  const dense = wholeNumber(field(text, 'first_k_dense_replace')) ?? 0;
  const step = firstWhole(text, ['decoder_sparse_step', 'moe_layer_freq', 'interleave_moe_layer_step']) ?? 1;
  return Math.max(0, Math.floor((layers - dense) / Math.max(1, step)));
}

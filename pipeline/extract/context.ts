/** Reads how many tokens a model takes, by one rule over its config, or from the GGUF header. */

import type { Tables } from '../data/tables.ts';
import { field, isObject, type JsonObject } from '../lib/json.ts';
import { type Configs, textConfig, wholeNumber } from './config.ts';
import { defaultsOf } from './defaults.ts';
import { type Fact, firstKnown, known, type Source } from './metadata.ts';
import type { HubRecord } from './record.ts';

/**
 * The fields that name a context length, as vLLM collects them (config/model.py, `_get_and_verify_max_len`): the
 * smallest counts. Qwen/Qwen-7B has seq_length 8192 beside max_position_embeddings 32768.
 */
const LENGTH_FIELDS = [
  'max_position_embeddings',
  'n_positions',
  'max_seq_len',
  'seq_length',
  'max_target_positions',
  'max_sequence_length',
  'max_seq_length',
  'seq_len',
  'n_ctx',
] as const;

/**
 * The field that wins over the others in engines, where it is present: c4ai-command-r-plus has 131,072 in it
 * beside 8,192.
 */
const DECIDING_FIELD = 'model_max_length';

/**
 * The longest context that is believed. Llama 4 Scout's 10,485,760 is the longest real one; tokenizers write
 * 1e30 for "no limit".
 */
const MAX_CONTEXT = 12_000_000;

export interface ContextFacts {
  readonly record: HubRecord;
  readonly configs: Configs;
  readonly tables: Pick<Tables, 'configDefaults'>;
  readonly ggufOnly: boolean;
  /** False where the listing's `gguf` object describes a helper. */
  readonly ggufIsModel: boolean;
}

export function readContextLength({
  record,
  configs,
  tables,
  ggufOnly,
  ggufIsModel,
}: ContextFacts): Fact<number> {
  const header = ggufIsModel ? plausible(record.gguf?.context_length, 'gguf') : 'unknown';
  const config = configs.file === undefined ? 'unknown' : contextOf(configs.file, tables);
  return ggufOnly ? firstKnown(header, config) : firstKnown(config, header);
}

function plausible(tokens: number | undefined, source: Source): Fact<number> {
  return tokens !== undefined && tokens > 0 && tokens <= MAX_CONTEXT ? known(tokens, source) : 'unknown';
}

/**
 * Returns the tokens that sliding-window attention looks back; `use_sliding_window: false` switches it off
 * (Qwen2.5).
 */
export function readSlidingWindow({ file }: Configs): Fact<number> {
  if (file === undefined) return 'unknown';
  const text = textConfig(file);
  if (field(text, 'use_sliding_window') === false) return 'unknown';
  return plausible(wholeNumber(field(text, 'sliding_window')), 'config');
}

function contextOf(config: JsonObject, tables: Pick<Tables, 'configDefaults'>): Fact<number> {
  const text = textConfig(config);
  const holder = lengthsOf(text).length === 0 ? config : text;
  const lengths = lengthsOf(holder);
  if (lengths.length > 0) return plausible(statedLength(holder, lengths), 'config');
  return plausible(defaultsOf(config, text, tables)?.context, 'config-default');
}

function statedLength(holder: JsonObject, lengths: readonly number[]): number {
  const deciding = positive(field(holder, DECIDING_FIELD));
  return deciding !== undefined && deciding <= MAX_CONTEXT ? deciding : scaled(lengths, holder);
}

function lengthsOf(config: JsonObject): number[] {
  const names = [...LENGTH_FIELDS, DECIDING_FIELD];
  return names.map((key) => positive(field(config, key))).filter((tokens) => tokens !== undefined);
}

function positive(value: unknown): number | undefined {
  const tokens = wholeNumber(value);
  return tokens !== undefined && tokens > 0 ? tokens : undefined;
}

/**
 * The types with which the stated length is the extended one: `deepseek_yarn` multiplied gave 33,554,432
 * (vllm#53634).
 */
const COUNTED = new Set<unknown>([
  'llama3',
  'longrope',
  'su',
  'mrope',
  'default',
  'proportional',
  'deepseek_yarn',
]);
/**
 * The pretraining length from which a linear factor is already in the stated length, and is not multiplied.
 * 26 configs with a known length show it: those that divide to 4,096 or more are extended already (deepseek-coder,
 * LLaMA-2-7B-32K); the others are not (vicuna-7b-v1.5-16k, longchat-7b-16k).
 */
const EXTENDED_FROM = 4_096;

function scaled(lengths: readonly number[], config: JsonObject): number {
  const length = Math.min(...lengths);
  const rope = ropeOf(config);
  const type = field(rope, 'rope_type') ?? field(rope, 'type');
  const factor = field(rope, 'factor');
  if (typeof factor !== 'number' || !(factor > 1) || type === undefined || COUNTED.has(type)) return length;
  const original = positive(field(rope, 'original_max_position_embeddings'));
  if (original !== undefined) return Math.max(length, Math.floor(original * factor));
  const product = Math.floor(length * factor);
  // A dynamic factor is how far engines stretch the model, not what its makers promise.
  if (type === 'yarn') return product;
  if (type !== 'linear') return length;
  return lengths.includes(product) || length / factor < EXTENDED_FROM ? product : length;
}

/**
 * Returns `rope_scaling`, or `rope_parameters` since transformers 5; one that is nested per layer type scales
 * nothing.
 */
function ropeOf(config: JsonObject): JsonObject | undefined {
  const rope = field(config, 'rope_scaling') ?? field(config, 'rope_parameters');
  if (!isObject(rope) || Object.values(rope).some(isObject)) return undefined;
  return rope;
}

/** How many tokens a model takes, by one rule over its config, or from the GGUF header. */

import { field, isObject, type JsonObject } from '../lib/json.ts';
import { type Configs, isGemma3, textConfig, wholeNumber } from './config.ts';
import { type Fact, firstKnown, known } from './metadata.ts';
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
  'model_max_length',
  'max_target_positions',
  'max_sequence_length',
  'max_seq_length',
  'seq_len',
  'n_ctx',
] as const;

/** Llama 4 Scout's 10,485,760 is the longest real context; tokenizers write 1e30 for "no limit". */
const MAX_CONTEXT = 12_000_000;
/** Only with these types does the factor come on top: llama3, longrope, su, mrope and default are counted already. */
const SCALED = new Set<unknown>(['linear', 'dynamic', 'yarn']);

export function readContextLength(record: HubRecord, configs: Configs, ggufOnly: boolean): Fact<number> {
  const header = plausible(record.gguf?.context_length, 'gguf');
  const config = configs.file === undefined ? 'unknown' : plausible(contextOf(configs.file), 'config');
  return ggufOnly ? firstKnown(header, config) : firstKnown(config, header);
}

function plausible(tokens: number | undefined, source: 'gguf' | 'config'): Fact<number> {
  return tokens !== undefined && tokens > 0 && tokens <= MAX_CONTEXT ? known(tokens, source) : 'unknown';
}

/** Sliding-window attention looks back this many tokens; `use_sliding_window: false` switches it off (Qwen2.5). */
export function readSlidingWindow({ file }: Configs): Fact<number> {
  if (file === undefined) return 'unknown';
  const text = textConfig(file);
  if (field(text, 'use_sliding_window') === false) return 'unknown';
  return plausible(wholeNumber(field(text, 'sliding_window')), 'config');
}

function contextOf(config: JsonObject): number | undefined {
  const text = textConfig(config);
  const holder = lengthOf(text) === undefined ? config : text;
  const length = lengthOf(holder);
  return length === undefined ? undefined : scaled(length, holder);
}

function lengthOf(config: JsonObject): number | undefined {
  const lengths = LENGTH_FIELDS.map((key) => wholeNumber(field(config, key))).filter(
    (n) => n !== undefined && n > 0,
  );
  return lengths.length === 0 ? undefined : Math.min(...(lengths as number[]));
}

function scaled(length: number, config: JsonObject): number {
  const rope = ropeOf(config);
  // Gemma 3 scales its full-attention layers alone and states the scaled length (google/gemma-3-27b-it: linear, 8).
  if (rope === undefined || isGemma3(config)) return length;
  const type = field(rope, 'rope_type') ?? field(rope, 'type');
  const factor = field(rope, 'factor');
  if (typeof factor !== 'number' || !(factor > 0) || !SCALED.has(type)) return length;
  const original = wholeNumber(field(rope, 'original_max_position_embeddings'));
  return Math.floor((type === 'yarn' && original !== undefined ? original : length) * factor);
}

/** `rope_scaling`, or `rope_parameters` since transformers 5; one that is nested per layer type scales nothing. */
function ropeOf(config: JsonObject): JsonObject | undefined {
  const rope = field(config, 'rope_scaling') ?? field(config, 'rope_parameters');
  if (!isObject(rope) || Object.values(rope).some(isObject)) return undefined;
  return rope;
}

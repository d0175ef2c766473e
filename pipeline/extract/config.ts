/**
 * Reads a model's config, the listing's short form and config.json alike, whatever strangers wrote into it.
 */
import type { LenientParser } from '../data/tables.ts';
import { field, isObject, type JsonObject, parseJson, stringField } from '../lib/json.ts';

/**
 * The most characters that are read. The longest real config.json lists per-layer quantization: about 1.5 MB.
 */
const MAX_CONFIG_CHARS = 4 * 1024 * 1024;
/**
 * The most characters for json5, which is slow (about 10 MB/s); configs with Infinity, NaN or comments are
 * small.
 */
const MAX_LENIENT_CHARS = 1024 * 1024;

export type ConfigText =
  | { readonly ok: true; readonly config: JsonObject }
  | { readonly ok: false; readonly problem: 'too large' | 'not JSON' | 'not an object' };

/**
 * Parses the text of a config.json. Python writes `Infinity` and `NaN` (nvidia/Nemotron-H-56B-Base-8K), people add
 * comments, trailing commas and byte order marks. Never throws.
 */
export function parseConfigText(text: string, parseLenient: LenientParser): ConfigText {
  if (text.length > MAX_CONFIG_CHARS) return { ok: false, problem: 'too large' };
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const value = parseJson(clean) ?? lenient(clean, parseLenient);
  if (value === undefined) return { ok: false, problem: 'not JSON' };
  return isObject(value) ? { ok: true, config: value } : { ok: false, problem: 'not an object' };
}

function lenient(text: string, parseLenient: LenientParser): unknown {
  if (text.length > MAX_LENIENT_CHARS) return undefined;
  try {
    return parseLenient(text);
  } catch {
    return undefined;
  }
}

/** The two places from which a config is read, each undefined where it is absent. */
export interface Configs {
  /** The listing's curated object: class, model_type, quantization method; never sizes or context. */
  readonly listed: JsonObject | undefined;
  /** The repository's config.json. */
  readonly file: JsonObject | undefined;
  /** The reason why a config.json that is there could not be used. */
  readonly problem: string | undefined;
}

export interface ConfigSources {
  /** The listing's object. */
  readonly listed: unknown;
  /** config.json, parsed or as text. */
  readonly configJson: unknown;
  /** The problem that the crawl met when it asked for config.json. */
  readonly problem?: string | undefined;
}

export function readConfigs(
  { listed, configJson, problem }: ConfigSources,
  parseLenient: LenientParser,
): Configs {
  const short = isObject(listed) ? listed : undefined;
  if (configJson === undefined || configJson === null) return { listed: short, file: undefined, problem };
  const parsed =
    typeof configJson === 'string' ? parseConfigText(configJson, parseLenient) : asConfig(configJson);
  if (parsed.ok) return { listed: short, file: parsed.config, problem: undefined };
  return { listed: short, file: undefined, problem: parsed.problem };
}

function asConfig(value: unknown): ConfigText {
  return isObject(value) ? { ok: true, config: value } : { ok: false, problem: 'not an object' };
}

/** Returns a string field, config.json first: it is the file that an engine loads. */
export function configString(configs: Configs, key: string): string | undefined {
  return stringField(configs.file, key) ?? stringField(configs.listed, key);
}

/** Returns a field of any type, config.json first. */
export function configField(configs: Configs, key: string): unknown {
  return field(configs.file, key) ?? field(configs.listed, key);
}

/** The fields in which families state the number of experts in a layer; a dense model has none of them. */
export const EXPERT_COUNTS = [
  'num_local_experts',
  'num_experts',
  'n_routed_experts',
  'moe_num_experts',
] as const;

const TEXT_CONFIGS = ['text_config', 'llm_config', 'language_config', 'language_model'] as const;

/** Returns the part of config.json that describes the language model: itself, or a nested text config. */
export function textConfig(config: JsonObject): JsonObject {
  const thinker = field(config, 'thinker_config');
  for (const holder of [config, ...(isObject(thinker) ? [thinker] : [])]) {
    for (const key of TEXT_CONFIGS) {
      const nested = field(holder, key);
      if (isObject(nested)) return nested;
    }
  }
  return config;
}

/**
 * Returns a number, also when written as a string of digits; undefined unless finite and whole within 2^53.
 */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

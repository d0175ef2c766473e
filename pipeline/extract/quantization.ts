/**
 * Reads how the weights beside a config are stored: by which quantization method, or as which type of plain
 * numbers.
 */

import { FLOATS } from '../data/vocabulary.ts';
import { field, isObject, type JsonObject, stringField } from '../lib/json.ts';
import { type Configs, textConfig } from './config.ts';
import { type Fact, type Known, known, type StoredGroup, UNCLEAR_STORAGE } from './metadata.ts';
import { readCounts } from './readings.ts';
import type { HubRecord } from './record.ts';
import { shapeParameters } from './shape.ts';
import { readStorage } from './storage.ts';

export interface QuantizationFacts {
  /** `none`, a method, or unknown when neither a config nor the stored types could be read. */
  readonly method: Fact<string>;
  /**
   * The label of variants without one of their own: a method, a stored number type, or `undeclared`: a config
   * that names no method, beside weights whose types were not read.
   */
  readonly label: Fact<string>;
  readonly storage: readonly StoredGroup[];
}

/** The facts about the files beside the config. */
export interface WeightFiles {
  readonly rootFiles: ReadonlySet<string>;
  /** Bytes of the safetensors at the root, else of the pickle weights there. */
  readonly bytes: number | 'unknown';
  /** True where there are weights that a config describes: safetensors or pickle. */
  readonly described: boolean;
}

const METHOD = /^[a-z0-9][a-z0-9_.-]{0,39}$/;
/** The names that config.json uses for number types, as safetensors spells them. */
const DTYPES: ReadonlyMap<string, string> = new Map([
  ['bfloat16', 'BF16'],
  ['float16', 'F16'],
  ['half', 'F16'],
  ['float32', 'F32'],
  ['float', 'F32'],
  ['float64', 'F64'],
]);
/** Types that hold positions, shapes and masks, whatever their share: GPT-NeoX stores attention masks as U8. */
const BOOKKEEPING = new Set(['I64', 'I16', 'BOOL']);
/**
 * The share of a checkpoint above which numbers are packed weights; masks of a 70 M GPT-NeoX are a quarter of
 * it as U8.
 */
const PACKED_SHARE = 0.01;
const PACKED_SHARE_U8 = 0.5;

/**
 * Returns the quantization from `quantization_config` in any of its forms, else from side files that only
 * quantizers write, else from the stored number types: nvidia/Llama-3.1-70B-Instruct-FP8 has none in
 * config.json, but hf_quant_config.json and F8_E4M3 tensors.
 */
export function readQuantization(record: HubRecord, configs: Configs, files: WeightFiles): QuantizationFacts {
  const method =
    declaredMethod(configs.file) ??
    declaredMethod(configs.listed) ??
    (files.described ? methodOfFiles(files.rootFiles) : undefined) ??
    storedMethod(record);
  if (method !== undefined) {
    const declared = declaredQuantization(configs.file) ?? declaredQuantization(configs.listed);
    return { method, label: method, storage: readStorage(declared, method.value) };
  }
  const type = storedFloat(record) ?? confirmedFloat(configs, files.bytes);
  if (type !== undefined) return { method: known('none', type.source), label: type, storage: [] };
  return { method: 'unknown', label: labelWithoutTypes(configs, files), storage: [] };
}

function labelWithoutTypes(configs: Configs, files: WeightFiles): Fact<string> {
  if (isContradicted(configs, files.bytes)) return known(UNCLEAR_STORAGE, 'config');
  // zai-org/chatglm2-6b-int4: its own code unpacks what only its config.json says is packed.
  if (configs.file === undefined && files.rootFiles.has('quantization.py'))
    return known(UNCLEAR_STORAGE, 'file-name');
  const described = configs.file !== undefined || hasNetwork(configs.listed);
  return described ? known('undeclared', 'config') : 'unknown';
}

/**
 * Tells whether the files have fewer bytes than halves of the weights that the shape gives: they are
 * quantized, in an unstated way.
 */
function isContradicted({ file }: Configs, bytes: number | 'unknown'): boolean {
  if (file === undefined || bytes === 'unknown' || bytes === 0) return false;
  const text = textConfig(file);
  const weights = shapeParameters(text, true);
  return weights !== undefined && bytes < weights * LEAST_BYTES_PER_WEIGHT;
}

const LEAST_BYTES_PER_WEIGHT = 1.5;

/**
 * Tells whether the listing's config describes a network and so counts as read: `{}` and tokenizer-only
 * objects do not.
 */
function hasNetwork(listed: JsonObject | undefined): boolean {
  return field(listed, 'model_type') !== undefined || field(listed, 'architectures') !== undefined;
}

/**
 * Returns the declaration of a config: `quantization_config` (transformers), `quantization` (MLX),
 * `compression_config` (llm-compressor until 2024), at the top or in the text config; undefined where it has
 * none, or `none`.
 */
export function declaredQuantization(config: JsonObject | undefined): JsonObject | undefined {
  if (config === undefined) return undefined;
  for (const holder of [config, textConfig(config)]) {
    for (const key of ['quantization_config', 'compression_config', 'quantization']) {
      const declared = field(holder, key);
      if (!isObject(declared) || Object.keys(declared).length === 0) continue;
      if (methodName(declared) !== 'none') return declared;
    }
  }
  return undefined;
}

function declaredMethod(config: JsonObject | undefined): Known<string> | undefined {
  const declared = declaredQuantization(config);
  if (declared !== undefined) return known(methodName(declared), 'config');
  // ChatGLM before quantization_config: a width at the top, 0 for none.
  const bits = field(config, 'quantization_bit');
  return typeof bits === 'number' && bits > 0 ? known('unnamed', 'config') : undefined;
}

function methodName(declared: JsonObject): string {
  const name =
    field(declared, 'quant_method') ?? field(declared, 'quant_algo') ?? field(declared, 'quant_type');
  if (typeof name === 'string') {
    const lower = name.toLowerCase();
    return METHOD.test(lower) ? lower : 'unnamed';
  }
  if (field(declared, 'load_in_4bit') === true || field(declared, 'load_in_8bit') === true)
    return 'bitsandbytes';
  // mlx-community/Llama-3.2-1B-Instruct-4bit: bits and group_size, and no method.
  if (field(declared, 'group_size') !== undefined || field(declared, 'bits') !== undefined) return 'mlx';
  return 'unnamed';
}

/**
 * Returns the method by side files; a quantize_config.json beside ONNX graphs may be that of transformers.js.
 */
function methodOfFiles(rootFiles: ReadonlySet<string>): Known<string> | undefined {
  if (rootFiles.has('hf_quant_config.json')) return known('modelopt', 'file-name');
  if (rootFiles.has('quantize_config.json')) return known('gptq', 'file-name');
  if (rootFiles.has('quant_config.json')) return known('awq', 'file-name');
  return undefined;
}

function storedMethod(record: HubRecord): Known<string> | undefined {
  const counts = readCounts(record);
  if (counts === undefined) return undefined;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const packed = Object.entries(counts).find(
    ([type, count]) =>
      !FLOATS.includes(type) &&
      !BOOKKEEPING.has(type) &&
      count > total * (type === 'U8' ? PACKED_SHARE_U8 : PACKED_SHARE),
  );
  if (packed === undefined) return undefined;
  return known(
    packed[0].startsWith('F8') ? 'fp8' : `packed-${packed[0].toLowerCase().slice(0, 20)}`,
    'safetensors',
  );
}

/** Returns the float type that holds the most weights. */
function storedFloat(record: HubRecord): { value: string; source: 'safetensors' } | undefined {
  const counts = Object.entries(readCounts(record) ?? {}).filter(([type]) => FLOATS.includes(type));
  const [first, ...others] = counts;
  if (first === undefined) return undefined;
  const most = others.reduce((best, entry) => (entry[1] > best[1] ? entry : best), first);
  return { value: most[0], source: 'safetensors' };
}

/**
 * Returns the number type that config.json names, where the files weigh what the model's shape weighs in it:
 * `torch_dtype` alone is how to load, not how it is stored (nvidia's NVFP4 repositories have bfloat16).
 */
function confirmedFloat(
  { file }: Configs,
  weightBytes: number | 'unknown',
): { value: string; source: 'config' } | undefined {
  if (file === undefined || weightBytes === 'unknown') return undefined;
  const text = textConfig(file);
  const names = [file, text].flatMap((config) => [
    stringField(config, 'torch_dtype'),
    stringField(config, 'dtype'),
  ]);
  const type = DTYPES.get(names.find((name) => name !== undefined)?.replace(/^torch\./, '') ?? '');
  const weights = shapeParameters(text, field(text, 'tie_word_embeddings') === true);
  if (type === undefined || weights === undefined) return undefined;
  const ratio = weightBytes / weights / (BYTES.get(type) ?? Number.NaN);
  return Math.abs(ratio - 1) <= SHAPE_TOLERANCE ? { value: type, source: 'config' } : undefined;
}

const BYTES: ReadonlyMap<string, number> = new Map([
  ['BF16', 2],
  ['F16', 2],
  ['F32', 4],
  ['F64', 8],
]);
/**
 * The share by which sizes may differ: half of the true size would be 8-bit weights; a tied or doubled
 * vocabulary stays well within.
 */
const SHAPE_TOLERANCE = 0.2;

/**
 * Reads the `safetensors` counts of a quantized repository in the ways that the layout of its method allows.
 */
import { FLOATS } from '../data/vocabulary.ts';
import { field, isObject, type JsonObject, stringField } from '../lib/json.ts';
import { compressedReadings } from './compressed.ts';
import { type Configs, textConfig, wholeNumber } from './config.ts';
import { declaredQuantization } from './quantization.ts';
import {
  byteReadings,
  bytesOf,
  type Counts,
  type IntegerLayout,
  integerReadings,
  nvfp4Readings,
  plainReading,
  plainTotal,
  type Reading,
  sum,
} from './readings.ts';

/** The share of all elements above which integers hold weights, not positions, shapes or masks. */
const BOOKKEEPING_SHARE = 0.01;
const INTEGERS = ['I8', 'U8', 'I16', 'U16', 'I32', 'U32', 'F4'];

/** Returns the readings; empty where no rule reads the layout. */
export function readingsOf(counts: Counts, configs: Configs, method: string | undefined): Reading[] {
  if (method === 'none') return plainReading(sum(counts, FLOATS), counts);
  if (!hasIntegers(counts)) return plainReading(plainTotal(counts), counts);
  const declared = declaredQuantization(configs.file) ?? declaredQuantization(configs.listed);
  return LAYOUTS[method ?? '']?.({ counts, configs, declared }) ?? [];
}

function hasIntegers(counts: Counts): boolean {
  return sum(counts, INTEGERS) > BOOKKEEPING_SHARE * plainTotal(counts);
}

interface Given {
  readonly counts: Counts;
  readonly configs: Configs;
  readonly declared: JsonObject | undefined;
}

const LAYOUTS: Readonly<Record<string, (given: Given) => Reading[]>> = {
  gptq: (given) => gptq(given, undefined),
  'auto-round': (given) => gptq(given, undefined),
  // AutoAWQ packs four bits only.
  awq: (given) => gptq(given, 4),
  mlx,
  exl3,
  bitnet: ({ counts }) => byteReadings(counts, { perByte: 4 }),
  bitsandbytes,
  mxfp4: ({ counts }) => byteReadings(counts, { perByte: 2, block: 32, only: true }),
  modelopt: ({ counts }) => nvfp4Readings(counts),
  modelopt_fp4: ({ counts }) => nvfp4Readings(counts),
  nvfp4: ({ counts }) => nvfp4Readings(counts),
  fp8: expertBytes,
  'compressed-tensors': ({ counts, declared }) => compressedReadings(counts, declared),
};

/**
 * Reads GPTQ. GPTQModel names other widths for some modules under `dynamic`: types do not show which are
 * packed how.
 */
function gptq({ counts, declared }: Given, usual: number | undefined): Reading[] {
  const bits = widthOf(declared) ?? usual;
  if (bits === undefined) return [];
  const stated = wholeNumber(field(declared, 'group_size'));
  const group = stated === -1 ? 0 : (stated ?? 128);
  const mixed = isObject(field(declared, 'dynamic'));
  return integerReadings(counts, {
    type: 'I32',
    bits,
    group: mixed ? undefined : group,
    groupStated: stated !== undefined,
    zeros: true,
    scales: 1,
  });
}

/** Returns bits per weight, whole or not; undefined where none is stated. */
function widthOf(declared: JsonObject | undefined): number | undefined {
  const bits = field(declared, 'bits') ?? field(declared, 'w_bit');
  return typeof bits === 'number' && bits >= 1 && bits <= 32 ? bits : undefined;
}

function mlx({ counts, declared }: Given): Reading[] {
  const bits = widthOf(declared);
  if (bits === undefined) return [];
  const stated = wholeNumber(field(declared, 'group_size'));
  const group = stated ?? 64;
  const modules = Object.values(declared ?? {}).filter(isObject);
  const others = modules.filter((module) => widthOf(module) !== undefined && widthOf(module) !== bits);
  const layout = {
    type: 'U32',
    bits,
    group,
    groupStated: stated !== undefined,
    zeros: false,
    scales: 2,
  } as const;
  if (others.length === 0) return integerReadings(counts, layout);
  if (others.every((module) => field(module, 'mode') === 'mxfp4')) return mxfp4InMlx(counts, layout);
  return integerReadings(counts, { ...layout, group: undefined });
}

const MXFP4_BLOCK = 32;

/**
 * Reads MLX with MXFP4, such as mlx-community/gpt-oss-20b-MXFP4-Q8: each U8 is the scale of 32 weights of
 * four bits, the other integers hold `bits`.
 */
function mxfp4InMlx(counts: Counts, layout: IntegerLayout & { readonly group: number }): Reading[] {
  const { bits, group } = layout;
  const small = (counts.U8 ?? 0) * MXFP4_BLOCK;
  const rest = (counts.U32 ?? 0) - small / 8;
  if (small === 0 || rest < 0) return [];
  const wide = (rest * 32) / bits;
  const floats = Math.max(0, sum(counts, FLOATS) - (2 * wide) / group);
  const bytes = bytesOf(counts);
  const stored = { weights: Math.round(small + wide + floats), leastBytes: bytes, mostBytes: bytes };
  return [stored, ...integerReadings(counts, { ...layout, bits: 4 }).slice(-1)];
}

/**
 * Reads EXL3: trellis codes in I16; the output layer has a width of its own, and its size is hidden x
 * vocabulary.
 */
function exl3({ counts, configs, declared }: Given): Reading[] {
  const bits = widthOf(declared);
  const headBits = field(declared, 'head_bits');
  const text = configs.file === undefined ? undefined : textConfig(configs.file);
  const head = (wholeNumber(field(text, 'hidden_size')) ?? 0) * (wholeNumber(field(text, 'vocab_size')) ?? 0);
  if (bits === undefined || typeof headBits !== 'number' || head === 0) return [];
  const packed = counts.I16 ?? 0;
  const body = ((packed - (head * headBits) / 16) * 16) / bits;
  if (body <= 0) return [];
  const bytes = bytesOf(counts);
  return [{ weights: Math.round(body + head + sum(counts, FLOATS)), leastBytes: bytes, mostBytes: bytes }];
}

/**
 * Reads bitsandbytes. Four bits: two weights a byte and a byte of absmax for 64 weights (double
 * quantization). Eight bits: I8, one a byte.
 */
function bitsandbytes({ counts, declared }: Given): Reading[] {
  if ((counts.U8 ?? 0) <= (counts.I8 ?? 0)) return plainReading(plainTotal(counts), counts);
  const block = field(declared, 'bnb_4bit_use_double_quant') === false ? undefined : 64;
  return byteReadings({ ...counts, F32: 0 }, { perByte: 2, ...(block === undefined ? {} : { block }) });
}

/** Reads `expert_dtype: fp4` (DeepSeek-V4): experts are packed two to a byte, beside weights in FP8. */
function expertBytes({ counts, configs }: Given): Reading[] {
  const type = stringField(configs.file, 'expert_dtype') ?? stringField(configs.listed, 'expert_dtype');
  if (type !== 'fp4' && type !== 'mxfp4') return [];
  const { I8 = 0, U8 = 0, F8_E8M0: _, ...others } = counts;
  return byteReadings({ ...others, U8: U8 + I8 }, { perByte: 2 });
}

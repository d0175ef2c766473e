/**
 * Reads the `safetensors` object of a listing in each possible way. The Hub lists what is stored (a packed
 * integer of several weights counts once) or, since 2025-09 for GPTQ and AWQ and since 2026 for other
 * layouts, the weights packed in it. hub.js, packages/hub/src/lib/parse-safetensors-metadata.ts, has the
 * counting.
 */

import { FLOATS } from '../data/vocabulary.ts';
import type { HubRecord } from './record.ts';

export type Counts = Readonly<Record<string, number>>;

/** Returns the counts of the listing; an own `__proto__` with any value passes the check of the record. */
export function readCounts({ safetensors }: Pick<HubRecord, 'safetensors'>): Counts | undefined {
  const counts: Readonly<Record<string, unknown>> | undefined = safetensors?.parameters;
  if (counts === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(counts).filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1])),
  );
}

/** One way to read the counts, as far as nothing in them contradicts it. */
export interface Reading {
  /** The number of weights; undefined: the layout does not give it. */
  readonly weights: number | undefined;
  /** The least and the most bytes of files with these weights. */
  readonly leastBytes: number;
  readonly mostBytes: number;
  /** True where the counts bear a mark of this reading that chance is unlikely to make. */
  readonly marked?: boolean;
}

export const FP8: readonly string[] = ['F8_E4M3', 'F8_E5M2', 'F8_E8M0'];

const BYTES: ReadonlyMap<string, number> = new Map([
  ['F64', 8],
  ['I64', 8],
  ['U64', 8],
  ['F32', 4],
  ['I32', 4],
  ['U32', 4],
  ['BF16', 2],
  ['F16', 2],
  ['I16', 2],
  ['U16', 2],
  ['F4', 0.5],
]);

export const sum = (counts: Counts, types: readonly string[]): number =>
  types.reduce((all, type) => all + (counts[type] ?? 0), 0);

export function bytesOf(counts: Counts, without?: string): number {
  return Object.entries(counts).reduce(
    (all, [type, count]) => (type === without ? all : all + count * (BYTES.get(type) ?? 1)),
    0,
  );
}

/** Returns the sum of the counts without BOOL and I64, which hold masks, shapes and positions. */
export function plainTotal(counts: Counts): number {
  return Object.entries(counts).reduce(
    (all, [type, count]) => (type === 'BOOL' || type === 'I64' ? all : all + count),
    0,
  );
}

/** The way in which weights are packed into integers of 32 or 16 bits. */
export interface IntegerLayout {
  readonly type: 'I32' | 'U32' | 'I16';
  readonly bits: number;
  /**
   * The number of weights that share a scale; undefined where widths are mixed, 0 where scales are too few to
   * count.
   */
  readonly group: number | undefined;
  /** False where the group is the method's usual one: the number of scales is not known then. */
  readonly groupStated: boolean;
  /** True where zero points are packed like weights, one for each group: GPTQ and AWQ. */
  readonly zeros: boolean;
  /** The float numbers for each group: a scale, in MLX also a bias. */
  readonly scales: number;
}

const SCALE_BYTES = 2;
/** The most weights that share a scale in any method in use, other than whole rows. */
const WIDEST_GROUP = 128;
/**
 * The share of the scales below which more are missing than by rounding: the counts cannot be of stored
 * tensors.
 */
const SCALES_SHARE = 0.9;

/**
 * Returns the readings of packed integers: TheBloke/Llama-2-7B-Chat-GPTQ,
 * mlx-community/Llama-3.2-1B-Instruct-4bit.
 */
export function integerReadings(counts: Counts, layout: IntegerLayout): Reading[] {
  const { type, bits, group, zeros, scales } = layout;
  const packed = counts[type] ?? 0;
  const width = type === 'I16' ? 16 : 32;
  const groups = (weights: number) => (group ? weights / group : 0);
  const stored = (packed * width) / bits / (zeros && group ? 1 + 1 / group : 1);
  const floats = sum(counts, FLOATS);
  const readings: Reading[] = [];
  const scaleCount = groups(stored) * scales;
  const needed = layout.groupStated ? scaleCount : (stored / WIDEST_GROUP) * scales;
  // U8 may be scales too, in a mode that the listing does not tell.
  if (floats >= needed * SCALES_SHARE || counts.U8) {
    const bytes = bytesOf(counts);
    const weights = group === undefined ? undefined : Math.round(stored + Math.max(0, floats - scaleCount));
    const marked = isMarked(packed, floats, scaleCount, layout);
    readings.push({ weights, leastBytes: bytes, mostBytes: bytes, marked });
  }
  const least = (packed * bits) / 8 + bytesOf(counts, type);
  const scaleBytes = groups(packed) * (scales * SCALE_BYTES + (zeros ? bits / 8 : 0));
  // Without a known group: none smaller than 32 is in use.
  const most = group === undefined ? packed * ((SCALE_BYTES * scales) / 32) : scaleBytes;
  readings.push({ weights: packed + floats, leastBytes: least, mostBytes: least + most });
  return readings;
}

/** The ratio of floats to scales and biases in MLX, which often leaves next to no other floats. */
const LITTLE_ELSE = 1.01;

/**
 * Tells whether the counts are marked. AWQ stores one row of packed zero points beside every `group` rows of
 * weights: a multiple of `group` + 1.
 */
function isMarked(packed: number, floats: number, scaleCount: number, layout: IntegerLayout): boolean {
  const { group, zeros } = layout;
  if (zeros) return group !== undefined && group >= 64 && packed % (group + 1) === 0;
  return scaleCount > 0 && floats >= scaleCount && floats <= scaleCount * LITTLE_ELSE;
}

/**
 * A layout of bytes: so many weights a byte, and block scales for every `block` weights among the same bytes.
 */
export interface ByteLayout {
  readonly perByte: number;
  /** The number of weights with a scale byte of their own in U8; undefined: the scales are elsewhere. */
  readonly block?: number;
  /**
   * True where U8 holds nothing but blocks and their scales, so that its count is a whole multiple of both.
   */
  readonly only?: boolean;
}

/**
 * Returns the readings of U8: as stored (scales among it), as once unpacked by the Hub (with the scales:
 * openai/gpt-oss-20b), and as counted since July 2026 (without).
 */
export function byteReadings(counts: Counts, { perByte, block, only }: ByteLayout): Reading[] {
  const packed = counts.U8 ?? 0;
  const rest = bytesOf(counts, 'U8');
  const others = sum(counts, [...FLOATS, ...FP8, 'I8']);
  const perWeight = 1 / perByte + (block === undefined ? 0 : 1 / block);
  const reading = (weights: number): Reading => {
    const bytes = rest + weights * perWeight;
    return { weights: Math.round(weights + others), leastBytes: bytes, mostBytes: bytes };
  };
  const weights = [packed / perWeight, packed, ...(block === undefined ? [] : [packed / (1 + 1 / block)])];
  const exact = only === true ? weights.filter(Number.isInteger) : weights;
  // A multiple of 33 or 17 by chance is rarer than one that scales make.
  return (exact.length > 1 && only === true ? exact.filter((count) => count !== packed) : exact).map(reading);
}

const NVFP4_BLOCK = 16;

/**
 * Returns the readings of NVFP4: two weights in a U8 and an F8_E4M3 scale for 16 of them; other F8 are
 * weights of their own.
 */
export function nvfp4Readings(counts: Counts): Reading[] {
  const packed = counts.U8 ?? 0;
  const fp8 = sum(counts, FP8);
  const floats = sum(counts, FLOATS) + (counts.I8 ?? 0);
  const rest = bytesOf(counts, 'U8');
  const scales = (packed * 2) / NVFP4_BLOCK;
  const readings: Reading[] = [];
  if (fp8 >= scales * SCALES_SHARE) {
    const bytes = rest + packed;
    const weights = Math.round(packed * 2 + Math.max(0, fp8 - scales) + floats);
    readings.push({ weights, leastBytes: bytes, mostBytes: bytes });
  }
  const logicalScales = packed / NVFP4_BLOCK;
  const counted = fp8 >= logicalScales * SCALES_SHARE ? logicalScales : 0;
  const least = rest + packed / 2;
  readings.push({
    weights: Math.round(packed + Math.max(0, fp8 - counted) + floats),
    leastBytes: least,
    mostBytes: least + logicalScales,
  });
  return readings;
}

/** Returns the reading of counts that mean the same stored or unpacked. */
export function plainReading(weights: number, counts: Counts): Reading[] {
  const bytes = bytesOf(counts);
  return [{ weights, leastBytes: bytes, mostBytes: bytes }];
}

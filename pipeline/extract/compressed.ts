/** Reads the groups of a compressed-tensors config, and the meaning of its counts under them. */
import { FLOATS } from '../data/vocabulary.ts';
import { field, isObject, type JsonObject, stringField } from '../lib/json.ts';
import { wholeNumber } from './config.ts';
import { bytesOf, type Counts, FP8, type Reading, sum } from './readings.ts';

/** The way in which one group of modules is stored. */
export interface CompressedGroup {
  readonly format: string;
  readonly bits: number;
  readonly type: string;
  /** The number of weights that share a scale; 0: a scale for a whole row or tensor. */
  readonly groupSize: number;
  readonly symmetric: boolean;
}

/** Returns the groups; undefined where one has no width or format; empty where there are no groups. */
export function compressedGroups(declared: JsonObject | undefined): readonly CompressedGroup[] | undefined {
  const listed = field(declared, 'config_groups');
  const whole = stringField(declared, 'format');
  const groups: CompressedGroup[] = [];
  for (const given of Object.values(isObject(listed) ? listed : {})) {
    const weights = field(given, 'weights');
    if (!isObject(weights)) continue;
    const own = isObject(given) ? stringField(given, 'format') : undefined;
    const format = own ?? (whole === 'mixed-precision' ? undefined : whole);
    const bits = wholeNumber(field(weights, 'num_bits'));
    if (format === undefined || bits === undefined || bits < 1 || bits > 16) return undefined;
    groups.push({
      format: format.slice(0, 40),
      bits,
      type: stringField(weights, 'type')?.slice(0, 10) ?? 'int',
      groupSize: Math.max(0, wholeNumber(field(weights, 'group_size')) ?? 0),
      symmetric: field(weights, 'symmetric') !== false,
    });
  }
  return groups;
}

type Container = 'I32' | 'nvfp4' | 'mxfp4' | 'one';

/**
 * The container of each format; one weight an element where not packed. Others (marlin-24, sparse) are not
 * read.
 */
const CONTAINERS: ReadonlyMap<string, Container> = new Map([
  ['pack-quantized', 'I32'],
  ['nvfp4-pack-quantized', 'nvfp4'],
  ['mxfp4-pack-quantized', 'mxfp4'],
  ['float-quantized', 'one'],
  ['int-quantized', 'one'],
  ['naive-quantized', 'one'],
  ['dense', 'one'],
]);

/**
 * Returns the readings: stored, and unpacked by the Hub (pack-quantized since February 2026, 4-bit floats
 * since July).
 */
export function compressedReadings(counts: Counts, declared: JsonObject | undefined): Reading[] {
  const groups = compressedGroups(declared) ?? [];
  const containers = new Set(groups.map(({ format }) => CONTAINERS.get(format)));
  if (groups.length === 0 || containers.has(undefined)) return [];
  const packed = groups.filter(({ format }) => CONTAINERS.get(format) === 'I32');
  const widths = new Set(packed.map(({ bits }) => bits));
  // Two widths in one type: which weights have which cannot be known.
  if (widths.size > 1 || (containers.has('nvfp4') && containers.has('mxfp4'))) return [];
  const layout = {
    integers: packed[0],
    bytes: containers.has('nvfp4') ? 'nvfp4' : containers.has('mxfp4') ? 'mxfp4' : undefined,
  } as const;
  return [storedReading(counts, layout), logicalReading(counts, layout)];
}

interface Layout {
  readonly integers: CompressedGroup | undefined;
  readonly bytes: 'nvfp4' | 'mxfp4' | undefined;
}

const SCALES = { nvfp4: 16, mxfp4: 32 } as const;

function storedReading(counts: Counts, { integers, bytes }: Layout): Reading {
  const { I32 = 0, U8 = 0, I8 = 0 } = counts;
  const group = integers?.groupSize ?? 0;
  const zeros = integers !== undefined && !integers.symmetric && group > 0 ? 1 + 1 / group : 1;
  const fromIntegers = integers === undefined ? 0 : (I32 * 32) / integers.bits / zeros;
  const fromBytes = bytes === undefined ? U8 : bytes === 'nvfp4' ? U8 * 2 : U8 / (1 / 2 + 1 / SCALES.mxfp4);
  const scalesInFp8 = bytes === 'nvfp4' ? fromBytes / SCALES.nvfp4 : 0;
  const fp8 = Math.max(0, sum(counts, FP8) - scalesInFp8);
  const floats = Math.max(0, sum(counts, FLOATS) - (group > 0 ? fromIntegers / group : 0));
  const size = bytesOf(counts);
  const weights = Math.round(fromIntegers + fromBytes + I8 + fp8 + floats);
  return { weights, leastBytes: size, mostBytes: size };
}

function logicalReading(counts: Counts, { integers, bytes }: Layout): Reading {
  const { I32 = 0, U8 = 0, I8 = 0 } = counts;
  const rest = bytesOf({ ...counts, I32: 0, U8: 0 });
  const byteBits = bytes === undefined ? 1 : 1 / 2;
  const least = rest + (I32 * (integers?.bits ?? 32)) / 8 + U8 * byteBits;
  const group = integers?.groupSize ?? 0;
  const scales = (group > 0 ? (I32 / group) * 2 : 0) + (bytes === undefined ? 0 : U8 / SCALES[bytes]);
  const fp8 = sum(counts, FP8);
  const scalesInFp8 = bytes === 'nvfp4' && fp8 >= (U8 / SCALES.nvfp4) * 0.9 ? U8 / SCALES.nvfp4 : 0;
  const weights = Math.round(
    (integers === undefined ? 0 : I32) + U8 + I8 + fp8 - scalesInFp8 + sum(counts, FLOATS),
  );
  return { weights, leastBytes: least, mostBytes: least + scales };
}

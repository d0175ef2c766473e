/**
 * Counts the bytes that the weights of a variant take in memory, by the way in which the worker keeps them.
 */
import { withoutUd } from '../data/vocabulary.ts';
import type { MemoryRule } from '../data/worker.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import type { SizedVariant } from './memory.ts';

/**
 * The origin of the bytes. `files`: the sizes of the files; `parameters`: the count of the weights and the
 * bytes that each takes; `bits of the label`: their count and the average width of the label; `files of
 * another width`: the sizes of files whose numbers are not stored as the worker keeps them.
 */
export type WeightsFrom = 'files' | 'parameters' | 'bits of the label' | 'files of another width' | 'unknown';

export interface Weights {
  readonly bytes: number | 'unknown';
  readonly from: WeightsFrom;
  /** True where the worker may take more. */
  readonly least?: true;
}

const UNKNOWN: Weights = { bytes: 'unknown', from: 'unknown' };

/** Bytes of a number that is not quantized. */
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ['F64', 8],
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
]);

/** Returns the bytes of the weights in memory; `unknown` where neither sizes nor parameters are known. */
export function weightsOf(
  { parameters }: Pick<ModelMetadata, 'parameters'>,
  variant: SizedVariant | undefined,
  memory: MemoryRule,
  bitsPerWeight: ReadonlyMap<string, number> | undefined,
): Weights {
  if (variant === undefined) return UNKNOWN;
  const { format, label, sizeBytes } = variant;
  const total = factValue(parameters.total);
  const stored = WIDTHS.get(label);
  const kept = format === 'gguf' ? stored : keptWidth(stored, memory);
  if (kept !== undefined && kept !== stored)
    return total === undefined ? resized(sizeBytes, stored, kept) : counted(total * kept);
  if (sizeBytes !== 'unknown') return { bytes: sizeBytes, from: 'files' };
  if (total === undefined) return UNKNOWN;
  if (stored !== undefined) return counted(total * stored);
  const bits =
    variant.bitsPerWeight ?? (bitsPerWeight === undefined ? undefined : bitsOf(label, bitsPerWeight));
  return bits === undefined ? UNKNOWN : { bytes: Math.round((total * bits) / 8), from: 'bits of the label' };
}

function counted(bytes: number): Weights {
  return { bytes, from: 'parameters' };
}

/** Returns the bytes that the worker keeps of each number of a width; undefined: as they are stored. */
function keptWidth(
  stored: number | undefined,
  { bytesPerParameter, mostBytesPerParameter }: MemoryRule,
): number | undefined {
  if (bytesPerParameter !== undefined) return bytesPerParameter;
  if (stored === undefined || mostBytesPerParameter === undefined) return stored;
  return Math.min(stored, mostBytesPerParameter);
}

/**
 * Returns the weights of files without a count, in proportion to the widths; where the stored width is
 * unknown, the size of the files, which may be too little.
 */
function resized(sizeBytes: number | 'unknown', stored: number | undefined, kept: number): Weights {
  if (sizeBytes === 'unknown') return UNKNOWN;
  if (stored !== undefined)
    return { bytes: Math.round((sizeBytes * kept) / stored), from: 'files of another width' };
  const mayGrow = kept > (WIDTHS.get('F16') ?? 0);
  return { bytes: sizeBytes, from: 'files of another width', ...(mayGrow ? { least: true } : {}) };
}

/**
 * The bits of a float that carry information: language models are trained in 16 bits, and a copy in 32 has no
 * more.
 */
export const USABLE_FLOAT_BITS = 16;

/**
 * Returns the bits of a stored weight by the label of its variant; undefined where the label gives no width.
 */
export function widthOf(label: string, bitsPerWeight: ReadonlyMap<string, number>): number | undefined {
  const width = WIDTHS.get(label);
  return width === undefined ? bitsOf(label, bitsPerWeight) : width * 8;
}

/** Returns the average bits per weight of a label, by the table of them. */
function bitsOf(label: string, bitsPerWeight: ReadonlyMap<string, number>): number | undefined {
  return bitsPerWeight.get(withoutUd(label));
}

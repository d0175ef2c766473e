/** Counts a model's weights by the listing, read as stored or as unpacked, whichever the bytes show. */
import type { Tables } from '../data/tables.ts';
import type { Configs } from './config.ts';
import { readingsOf } from './counts.ts';
import { type Fact, factValue, known } from './metadata.ts';
import { plainTotal, type Reading, readCounts } from './readings.ts';
import type { HubRecord } from './record.ts';
import { plainDecoderParameters } from './shape.ts';

/** The facts about a repository beside its counts. */
export interface CountFacts {
  readonly record: HubRecord;
  readonly configs: Configs;
  readonly method: Fact<string>;
  readonly tables: Pick<Tables, 'configDefaults'>;
  /** Bytes of the safetensors files at the root; undefined where the repository has none. */
  readonly safetensorsBytes: number | 'unknown' | undefined;
  /** Bytes of the GGUF files. */
  readonly ggufBytes: number | 'unknown';
  /** False where the listing's `gguf` object describes a helper and not the model. */
  readonly ggufIsModel: boolean;
}

/** The most weights in a byte: no weight takes less than a bit. */
const MOST_WEIGHTS_PER_BYTE = 8;

/**
 * Returns the total from the `safetensors` object where the repository's weights are safetensors, else from
 * the GGUF header; never from a name. Unknown where the counts can be read in two ways and neither sizes nor
 * shape decide.
 */
export function readTotalParameters(facts: CountFacts): Fact<number> {
  const { record, safetensorsBytes, ggufBytes, ggufIsModel } = facts;
  if (safetensorsBytes !== undefined) {
    const counted = countSafetensors(facts);
    if (counted !== 'none') return withinBytes(counted, safetensorsBytes, record);
  }
  const total = record.gguf?.total;
  if (!ggufIsModel || !isPositive(total)) return 'unknown';
  return withinBytes(known(total, 'gguf'), ggufBytes, record);
}

/** Returns the total by the counts; `none` where the listing has none. */
function countSafetensors(facts: CountFacts): Fact<number> | 'none' {
  const { record, configs, method, tables } = facts;
  const counts = readCounts(record);
  if (counts !== undefined && plainTotal(counts) > 0) {
    const weights = chooseReading(readingsOf(counts, configs, factValue(method)), facts);
    if (weights !== undefined && weights > 0) return known(weights, 'safetensors');
    const shape = plainDecoderParameters(configs.file, tables);
    return shape === undefined ? 'unknown' : known(shape, 'config');
  }
  const total = record.safetensors?.total;
  return isPositive(total) && factValue(method) === 'none' ? known(total, 'safetensors') : 'none';
}

/**
 * Returns the total if it fits the `bytes` of the weights. Where these are unknown, the bytes stored bound it
 * all the same.
 */
function withinBytes(total: Fact<number>, bytes: number | 'unknown', record: HubRecord): Fact<number> {
  if (total === 'unknown') return total;
  const most = bytes === 'unknown' ? (bytesOfFiles(record) ?? record.usedStorage) : bytes;
  return most === undefined || total.value <= most * MOST_WEIGHTS_PER_BYTE ? total : 'unknown';
}

/** Returns the bytes of all files; undefined where the size of one is not known. */
function bytesOfFiles({ siblings = [] }: HubRecord): number | undefined {
  let bytes = 0;
  for (const { size } of siblings) {
    if (size === undefined) return undefined;
    bytes += size;
  }
  return siblings.length === 0 ? undefined : bytes;
}

/** The share by which bytes may differ: sizes of files are exact; headers and rounding explain no more. */
const BYTES_TOLERANCE = 0.015;
/** The bytes of the largest header: that of a file with many tensors takes megabytes. */
const HEADER_BYTES = 32e6;
const SHAPE_TOLERANCE = 0.03;
/** The share below which different readings are one answer. */
const SAME = 0.01;

/**
 * Returns the weights by the one reading that bytes, the listing's total and the shape leave; undefined where
 * two differ.
 */
function chooseReading(readings: readonly Reading[], facts: CountFacts): number | undefined {
  if (readings.length === 0) return undefined;
  const { record, configs, tables, safetensorsBytes: bytes } = facts;
  let left = readings;
  if (typeof bytes === 'number') left = left.filter((reading) => weighs(reading, bytes));
  else if (record.usedStorage !== undefined) left = withinStorage(left, record.usedStorage);
  left = narrow(left, byTotal(record));
  left = narrow(left, ({ marked }) => marked === true);
  if (differ(left)) left = narrow(left, byShape(plainDecoderParameters(configs.file, tables)));
  return differ(left) ? undefined : left[0]?.weights;
}

function weighs({ leastBytes, mostBytes }: Reading, bytes: number): boolean {
  return (
    bytes >= leastBytes * (1 - BYTES_TOLERANCE) && bytes <= mostBytes * (1 + BYTES_TOLERANCE) + HEADER_BYTES
  );
}

/**
 * Returns the readings that fit the storage, which holds at least the files; where it holds no more than one
 * needs, that one.
 */
function withinStorage(readings: readonly Reading[], stored: number): readonly Reading[] {
  const possible = readings.filter(({ leastBytes }) => stored >= leastBytes * (1 - BYTES_TOLERANCE));
  return narrow(possible, (reading) => weighs(reading, stored));
}

/** Returns the readings that pass, or all where none does, since the test then says nothing of them. */
function narrow(readings: readonly Reading[], test: (reading: Reading) => boolean): readonly Reading[] {
  if (readings.length < 2) return readings;
  const passing = readings.filter(test);
  return passing.length === 0 ? readings : passing;
}

/**
 * Returns a test by the listing's total: one that is not the plain sum was read from the files' index, whose
 * author counted weights (Motif-3-Beta-MLX-8bit).
 */
function byTotal({ safetensors }: HubRecord): (reading: Reading) => boolean {
  const total = safetensors?.total;
  const counts = readCounts({ safetensors }) ?? {};
  if (total === undefined || close(total, plainTotal(counts), SAME)) return () => false;
  return ({ weights }) => weights !== undefined && close(weights, total, SAME);
}

function byShape(shape: number | undefined): (reading: Reading) => boolean {
  return ({ weights }) =>
    shape !== undefined && weights !== undefined && close(weights, shape, SHAPE_TOLERANCE);
}

function close(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= tolerance * b;
}

function differ(readings: readonly Reading[]): boolean {
  const [first, ...others] = readings.map(({ weights }) => weights);
  if (first === undefined) return true;
  return others.some((weights) => weights === undefined || !close(weights, first, SAME));
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}

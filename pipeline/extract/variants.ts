/** Groups a repository's weight files into variants: the files that a person would download as one choice. */

import type { Tables } from '../data/tables.ts';
import { compareNames } from '../lib/compare.ts';
import type { SizedFile } from './file-facts.ts';
import { countMissing, type Group, Grouper, isDefault, precisionMark } from './groups.ts';
import { withoutHelpers } from './helpers.ts';
import { ggufLabel } from './labels.ts';
import { withoutLoras } from './loras.ts';
import { type Fact, known, type StoredGroup, type Variant } from './metadata.ts';
import { type DataFiles, missingData, onnxPrecision } from './onnx.ts';

export interface VariantFacts {
  readonly tables: Tables;
  /** True for a diffusers pipeline: its folders are components of one model. */
  readonly diffusers: boolean;
  /**
   * True with a config.json at the root: all safetensors there are one model; without it each file may be
   * another.
   */
  readonly transformers: boolean;
  /** The quantization of the weights that the config describes, by it and the stored number types. */
  readonly configQuantization: Fact<string>;
  /** The storage of safetensors and pickle weights by its method. */
  readonly storage: readonly StoredGroup[];
  readonly dataFiles: DataFiles;
}

/**
 * The most variants. The repositories with most choices have a few hundred; more would only make every table
 * longer.
 */
export const MAX_VARIANTS = 1_000;

/**
 * Groups the files: each is in exactly one variant, or is a twin of one (`consolidated`), or is not a model.
 */
export function groupVariants(files: readonly SizedFile[], facts: VariantFacts): Variant[] {
  const weights = withoutHelpers(withoutTwins(files), facts.tables);
  if (weights.length === 0) return [];
  const { diffusers, transformers } = facts;
  const grouper = new Grouper({ diffusers, transformers, named: weights.some(isDefault) });
  const variants: Variant[] = [];
  for (const file of weights) {
    if (!diffusers && isAlone(file)) variants.push(aloneVariant(file, facts.tables));
    else grouper.add(file);
  }
  for (const group of grouper.groups()) variants.push(toVariant(group, facts));
  // Most repositories hold one choice.
  if (variants.length === 1) return withoutLoras(variants);
  const sorted = withoutLoras(variants).sort((a, b) => compareNames(a.files[0] ?? '', b.files[0] ?? ''));
  return withDistinctIds(sorted.length > MAX_VARIANTS ? sorted.slice(0, MAX_VARIANTS) : sorted);
}

/**
 * Removes weights that are in a repository twice: `consolidated*` beside shards (Mistral-7B-Instruct-v0.3),
 * `original/` beside the converted files (Llama-3.1-8B-Instruct).
 */
function withoutTwins(files: readonly SizedFile[]): SizedFile[] {
  const weights = files.filter(isWeights);
  const hasOwn = weights.some((file) => file.format === 'safetensors' && file.folder === '' && !isTwin(file));
  return hasOwn ? weights.filter((file) => !isTwin(file)) : weights;
}

function isTwin({ base, folder }: SizedFile): boolean {
  return /^consolidated[._-]/.test(base) || /^original(?:\/|$)/.test(folder);
}

function isWeights(file: SizedFile): boolean {
  return file.role === 'weights' && file.format !== undefined && !isPointer(file);
}

/** The most bytes of a Git LFS pointer, which weighs some 130; no weights are so small. */
const POINTER_MAX_BYTES = 512;

function isPointer({ sizeBytes }: SizedFile): boolean {
  return sizeBytes !== 'unknown' && sizeBytes < POINTER_MAX_BYTES;
}

/**
 * Tells whether a file is a choice of its own, as a whole GGUF file is: no other file has its folder and
 * name.
 */
function isAlone({ format, part }: SizedFile): boolean {
  return format === 'gguf' && part.total === undefined;
}

/** Returns the variant of a whole GGUF file. */
function aloneVariant(file: SizedFile, tables: Tables): Variant {
  const { path, folder, sizeBytes } = file;
  const { id, quantization, bitsPerWeight } = ggufLabel(file, tables);
  return {
    id,
    format: 'gguf',
    layout: folder === '' ? 'root' : 'folder',
    quantization,
    files: [path],
    sizeBytes,
    weightShards: 1,
    missingShards: 0,
    bitsPerWeight,
    storage: undefined,
  };
}

function toVariant(group: Group, facts: VariantFacts): Variant {
  const files = group.files.map((file) => file.path);
  if (files.length > 1) files.sort(compareNames);
  const quantization = quantizationOf(group, facts);
  const missingShards =
    group.format === 'onnx' ? missingData(group.files, facts.dataFiles) : countMissing(group);
  const { format, layout } = group;
  return {
    id: `${format}:${quantization === 'unknown' ? 'unknown' : quantization.value}`,
    format,
    layout,
    quantization,
    files,
    sizeBytes: sumSizes(group.files),
    weightShards: files.length + (missingShards === 'unknown' ? 0 : missingShards),
    missingShards,
    bitsPerWeight: quantization === 'unknown' ? undefined : facts.tables.bitsOf(quantization.value),
    storage: storageOf(group, facts),
  };
}

function quantizationOf(group: Group, facts: VariantFacts): Fact<string> {
  const [first] = group.files;
  if (first !== undefined && group.format === 'gguf') return ggufLabel(first, facts.tables).quantization;
  if (first !== undefined && group.format === 'onnx') return onnxPrecision(first);
  if (first !== undefined && group.layout === 'diffusers') return diffusersPrecision(first);
  return group.format === 'safetensors' || group.format === 'pytorch' ? facts.configQuantization : 'unknown';
}

/** Returns the storage by the method of weights that the config describes; undefined of others. */
function storageOf({ format, layout }: Group, { storage }: VariantFacts): readonly StoredGroup[] | undefined {
  const described = (format === 'safetensors' || format === 'pytorch') && layout === 'root';
  return described && storage.length > 0 ? storage : undefined;
}

const PRECISIONS: ReadonlyMap<string, string> = new Map([
  ['fp16', 'F16'],
  ['bf16', 'BF16'],
  ['fp32', 'F32'],
]);

function diffusersPrecision({ part }: SizedFile): Fact<string> {
  return known(PRECISIONS.get(precisionMark(part.stem)) ?? 'float', 'file-name');
}

export function sumSizes(files: readonly Pick<SizedFile, 'sizeBytes'>[]): number | 'unknown' {
  let sum = 0;
  for (const { sizeBytes } of files) {
    if (sizeBytes === 'unknown') return 'unknown';
    sum += sizeBytes;
  }
  return sum;
}

/**
 * Makes ids unique: two files of one label (`a.Q4_K_M.gguf`, `b.Q4_K_M.gguf`) become `gguf:Q4_K_M` and
 * `gguf:Q4_K_M#2`.
 */
function withDistinctIds(variants: Variant[]): Variant[] {
  const ids = new Set<string>();
  for (const { id } of variants) ids.add(id);
  if (ids.size === variants.length) return variants;
  const seen = new Map<string, number>();
  return variants.map((variant) => {
    const times = (seen.get(variant.id) ?? 0) + 1;
    seen.set(variant.id, times);
    return times === 1 ? variant : { ...variant, id: `${variant.id}#${times}` };
  });
}

/** Groups a repository's weight files into variants: the files that a person would download as one choice. */

import type { Tables } from '../data/tables.ts';
import { compareNames } from '../lib/compare.ts';
import type { SizedFile } from './files.ts';
import { withoutHelpers } from './helpers.ts';
import { readLabel, UNCLEAR } from './labels.ts';
import { withoutLoras } from './loras.ts';
import { type Fact, type Format, known, type Layout, type StoredGroup, type Variant } from './metadata.ts';
import { type DataFiles, graphOf, missingData, onnxPrecision } from './onnx.ts';
import type { Part } from './parts.ts';

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

interface Group {
  readonly format: Format;
  readonly layout: Layout;
  readonly stem: string;
  readonly files: SizedFile[];
  /** The part numbers seen and the number of parts that the names promise, per common name. */
  readonly parts: Map<string, { readonly numbers: Set<number>; total: number }>;
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
  const groups = new Map<string, Group>();
  const weights = withoutHelpers(withoutTwins(files), facts.tables);
  if (weights.length === 0) return [];
  const named = weights.some(isDefault);
  const variants: Variant[] = [];
  for (const file of weights) {
    if (!facts.diffusers && isAlone(file)) variants.push(aloneVariant(file, facts.tables));
    else addToGroup(groups, file, { facts, named });
  }
  for (const group of groups.values()) variants.push(toVariant(group, facts));
  // Most repositories hold one choice.
  if (variants.length === 1) return withoutLoras(variants);
  const sorted = withoutLoras(variants).sort((a, b) => compareNames(a.files[0] ?? '', b.files[0] ?? ''));
  return distinctIds(sorted.slice(0, MAX_VARIANTS));
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
function aloneVariant({ path, folder, part, sizeBytes }: SizedFile, tables: Tables): Variant {
  const quantization = ggufLabel(part.stem, folder, tables);
  const variant = {
    id: quantization === 'unknown' ? 'gguf:unknown' : `gguf:${quantization.value}`,
    format: 'gguf',
    layout: folder === '' ? 'root' : 'folder',
    quantization,
    files: [path],
    sizeBytes,
    weightShards: 1,
    missingShards: 0,
  } as const;
  return withBits(variant, tables);
}

function addToGroup(groups: Map<string, Group>, file: SizedFile, named: Named): void {
  const format = file.format as Format;
  const layout = layoutOf(file, named.facts.diffusers);
  const { part } = file;
  const stem = layout === 'diffusers' ? precisionMark(part.stem) : part.stem;
  const key = `${format}|${layout}|${choiceOf(file, layout, named)}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = { format, layout, stem, files: [], parts: new Map() };
    groups.set(key, group);
  }
  group.files.push(file);
  if (layout !== 'diffusers') notePart(group, part);
}

interface Named {
  readonly facts: VariantFacts;
  /** True where some root file has the name that transformers loads by default. */
  readonly named: boolean;
}

const DEFAULT_STEM = /^(?:model|pytorch_model)(?:\.safetensors)?(?:\.(?:fp16|bf16|fp32|ema|non_ema))?$/;
/**
 * Matches files that belong to a default-named one: prediction and vision layers, weights cut by layer or by
 * rank.
 */
const JOINED_STEM =
  /mtp|visual|nextn|extra|time_series|shard|layer|pp\d|^consolidated\.\d|^(?:model[-_]?|weights\.)?\d+$/;

function isDefault({ part, folder, format }: SizedFile): boolean {
  return folder === '' && (format === 'safetensors' || format === 'pytorch') && DEFAULT_STEM.test(part.stem);
}

/**
 * Returns a key that separates choices among files of one format and layout. A file and its cut twin are two
 * choices (Qwen/Qwen2.5-Coder-14B-Instruct-GGUF); beside `model.safetensors` another name is another model
 * (`open_clip_model`, `mlx_model`) unless it is named as a part. Other formats are one choice a repository.
 */
function choiceOf(file: SizedFile, layout: Layout, { facts, named }: Named): string {
  const { format, folder } = file;
  const { stem, total } = file.part;
  if (layout === 'diffusers') return precisionMark(stem);
  if (format === 'gguf') return `${folder}|${stem}|${total ?? ''}`;
  if (format === 'onnx') return `${folder}|${precisionOf(file)}`;
  if (format !== 'safetensors' && format !== 'pytorch') return '';
  if (!facts.transformers || layout !== 'root') return `${folder}|${stem}`;
  const part = !named || DEFAULT_STEM.test(stem) || JOINED_STEM.test(stem);
  return part ? precisionMark(stem) : `|${stem}`;
}

function precisionOf(file: SizedFile): string {
  const precision = onnxPrecision(file);
  return precision === 'unknown' ? graphOf(file.base) : precision.value;
}

function notePart(group: Group, { stem, number, total }: Part): void {
  if (number === undefined) return;
  const seen = group.parts.get(stem) ?? { numbers: new Set(), total: 0 };
  seen.numbers.add(number);
  seen.total = Math.max(seen.total, total ?? number);
  group.parts.set(stem, seen);
}

function layoutOf(file: SizedFile, diffusers: boolean): Layout {
  if (file.folder === '') return 'root';
  return diffusers ? 'diffusers' : 'folder';
}

/**
 * Returns the precision of a pipeline's file: `model.fp16.safetensors` and
 * `diffusion_pytorch_model.fp16-00001-of-...` are fp16.
 */
function precisionMark(stem: string): string {
  return /\.(?:fp16|bf16|fp32|ema|non_ema)$/.exec(stem)?.[0].slice(1) ?? '';
}

function toVariant(group: Group, facts: VariantFacts): Variant {
  const files = group.files.map((file) => file.path);
  if (files.length > 1) files.sort(compareNames);
  const quantization = quantizationOf(group, facts);
  const missingShards =
    group.format === 'onnx' ? missingData(group.files, facts.dataFiles) : countMissing(group);
  const { format, layout } = group;
  const variant = {
    id: `${format}:${quantization === 'unknown' ? 'unknown' : quantization.value}`,
    format,
    layout,
    quantization,
    files,
    sizeBytes: sumSizes(group.files),
    weightShards: files.length + (missingShards === 'unknown' ? 0 : missingShards),
    missingShards,
  };
  return withStorage(withBits(variant, facts.tables), facts.storage);
}

/** Adds the bits of a weight where the label tells them. Written out: a spread takes longer than all the rest. */
function withBits(variant: Omit<Variant, 'bitsPerWeight' | 'storage'>, tables: Tables): Variant {
  const { id, format, layout, quantization, files, sizeBytes, weightShards, missingShards } = variant;
  const bits = quantization === 'unknown' ? undefined : tables.bitsOf(quantization.value);
  if (bits === undefined) return variant;
  return {
    id,
    format,
    layout,
    quantization,
    files,
    sizeBytes,
    weightShards,
    missingShards,
    bitsPerWeight: bits,
  };
}

function quantizationOf(group: Group, facts: VariantFacts): Fact<string> {
  if (group.format === 'gguf') return ggufLabel(group.stem, group.files[0]?.folder ?? '', facts.tables);
  if (group.format === 'onnx' && group.files[0] !== undefined) return onnxPrecision(group.files[0]);
  if (group.layout === 'diffusers') return diffusersPrecision(group);
  return group.format === 'safetensors' || group.format === 'pytorch' ? facts.configQuantization : 'unknown';
}

/** Adds the storage by the method to variants that the config describes. */
function withStorage(variant: Variant, storage: readonly StoredGroup[]): Variant {
  const { format, layout } = variant;
  const described = (format === 'safetensors' || format === 'pytorch') && layout === 'root';
  return described && storage.length > 0 ? { ...variant, storage } : variant;
}

const PRECISIONS: ReadonlyMap<string, string> = new Map([
  ['fp16', 'F16'],
  ['bf16', 'BF16'],
  ['fp32', 'F32'],
]);

function diffusersPrecision(group: Group): Fact<string> {
  return known(PRECISIONS.get(group.stem) ?? 'float', 'file-name');
}

/**
 * Returns the label from the name; a file without one takes its folder's
 * (`UD-Q2_K_XL/model-00001-of-00003.gguf`).
 */
function ggufLabel(stem: string, folder: string, { labels }: Tables): Fact<string> {
  const label =
    readLabel(stem, labels) ??
    (folder === '' ? undefined : readLabel(folder.slice(folder.lastIndexOf('/') + 1), labels));
  return label === undefined || label === UNCLEAR ? 'unknown' : known(label, 'file-name');
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
 * Counts missing parts. They are numbered 1 to N "of N", or 0 to N "of N" (openai/gpt-oss-20b:
 * `model-00000-of-00002` to `-00002-of-00002`), or 0 to N - 1; numbers outside are ignored.
 */
function countMissing({ parts }: Group): number {
  let missing = 0;
  for (const { numbers, total } of parts.values()) {
    const inRange = [...numbers].filter((number) => number <= total).length;
    const promised = numbers.has(0) && numbers.has(total) ? total + 1 : total;
    missing += Math.max(0, promised - inRange);
  }
  return missing;
}

/**
 * Makes ids unique: two files of one label (`a.Q4_K_M.gguf`, `b.Q4_K_M.gguf`) become `gguf:Q4_K_M` and
 * `gguf:Q4_K_M#2`.
 */
function distinctIds(variants: readonly Variant[]): Variant[] {
  const seen = new Map<string, number>();
  return variants.map((variant) => {
    const times = (seen.get(variant.id) ?? 0) + 1;
    seen.set(variant.id, times);
    return times === 1 ? variant : { ...variant, id: `${variant.id}#${times}` };
  });
}

/** Groups the weight files of a repository that a person would download as one choice. */
import type { SizedFile } from './file-facts.ts';
import type { Format, Layout } from './metadata.ts';
import { graphOf, onnxPrecision } from './onnx.ts';
import type { Part } from './parts.ts';

export interface Group {
  readonly format: Format;
  readonly layout: Layout;
  readonly files: SizedFile[];
  /** The part numbers seen and the number of parts that the names promise, per common name. */
  readonly parts: Map<string, { readonly numbers: Set<number>; total: number }>;
}

/** The facts about a repository by which its files are grouped. */
interface GroupingFacts {
  /** True for a diffusers pipeline: its folders are components of one model. */
  readonly diffusers: boolean;
  /** True with a config.json at the root. */
  readonly transformers: boolean;
  /** True where some root file has the name that transformers loads by default. */
  readonly named: boolean;
}

export class Grouper {
  readonly #facts: GroupingFacts;
  readonly #groups = new Map<string, Group>();
  /** The file that was added last, and its group: the parts of a model follow each other in a listing. */
  #last: { readonly file: SizedFile; readonly group: Group } | undefined;

  constructor(facts: GroupingFacts) {
    this.#facts = facts;
  }

  add(file: SizedFile): void {
    const last = this.#last;
    const isNext = last !== undefined && areParts(file, last.file);
    const group = isNext ? last.group : this.#groupOf(file);
    group.files.push(file);
    if (group.layout !== 'diffusers') notePart(group, file.part);
    this.#last = { file, group };
  }

  groups(): Iterable<Group> {
    return this.#groups.values();
  }

  #groupOf(file: SizedFile): Group {
    const format = file.format as Format;
    const layout = layoutOf(file, this.#facts.diffusers);
    const key = `${format}|${layout}|${choiceOf(file, layout, this.#facts)}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { format, layout, files: [], parts: new Map() };
      this.#groups.set(key, group);
    }
    return group;
  }
}

/** Tells whether two files are parts of one model: they have one name but for the number. */
function areParts(a: SizedFile, b: SizedFile): boolean {
  return (
    a.part.number !== undefined &&
    a.part.total === b.part.total &&
    a.format === b.format &&
    a.format !== 'onnx' &&
    a.folder === b.folder &&
    a.part.stem === b.part.stem
  );
}

const DEFAULT_STEM = /^(?:model|pytorch_model)(?:\.safetensors)?(?:\.(?:fp16|bf16|fp32|ema|non_ema))?$/;
/**
 * Matches files that belong to a default-named one: prediction and vision layers, weights cut by layer or by
 * rank.
 */
const JOINED_STEM =
  /mtp|visual|nextn|extra|time_series|shard|layer|pp\d|^consolidated\.\d|^(?:model[-_]?|weights\.)?\d+$/;

export function isDefault({ part, folder, format }: SizedFile): boolean {
  return folder === '' && (format === 'safetensors' || format === 'pytorch') && DEFAULT_STEM.test(part.stem);
}

/**
 * Returns a key that separates choices among files of one format and layout. A file and its cut twin are two
 * choices (Qwen/Qwen2.5-Coder-14B-Instruct-GGUF); beside `model.safetensors` another name is another model
 * (`open_clip_model`, `mlx_model`) unless it is named as a part. Other formats are one choice a repository.
 */
function choiceOf(file: SizedFile, layout: Layout, { transformers, named }: GroupingFacts): string {
  const { format, folder } = file;
  const { stem, total } = file.part;
  if (layout === 'diffusers') return precisionMark(stem);
  if (format === 'gguf') return `${folder}|${stem}|${total ?? ''}`;
  if (format === 'onnx') return `${folder}|${precisionOf(file)}`;
  if (format !== 'safetensors' && format !== 'pytorch') return '';
  if (!transformers || layout !== 'root') return `${folder}|${stem}`;
  const part = !named || DEFAULT_STEM.test(stem) || JOINED_STEM.test(stem);
  return part ? precisionMark(stem) : `|${stem}`;
}

function precisionOf(file: SizedFile): string {
  const precision = onnxPrecision(file);
  return precision === 'unknown' ? graphOf(file.base) : precision.value;
}

function notePart(group: Group, { stem, number, total }: Part): void {
  if (number === undefined) return;
  let seen = group.parts.get(stem);
  if (seen === undefined) {
    seen = { numbers: new Set(), total: 0 };
    group.parts.set(stem, seen);
  }
  seen.numbers.add(number);
  seen.total = Math.max(seen.total, total ?? number);
}

function layoutOf(file: SizedFile, diffusers: boolean): Layout {
  if (file.folder === '') return 'root';
  return diffusers ? 'diffusers' : 'folder';
}

/**
 * Returns the precision of a pipeline's file: `model.fp16.safetensors` and
 * `diffusion_pytorch_model.fp16-00001-of-...` are fp16.
 */
export function precisionMark(stem: string): string {
  return /\.(?:fp16|bf16|fp32|ema|non_ema)$/.exec(stem)?.[0].slice(1) ?? '';
}

/**
 * Counts missing parts. They are numbered 1 to N "of N", or 0 to N "of N" (openai/gpt-oss-20b:
 * `model-00000-of-00002` to `-00002-of-00002`), or 0 to N - 1; numbers outside are ignored.
 */
export function countMissing({ parts }: Group): number {
  let missing = 0;
  for (const { numbers, total } of parts.values()) {
    const inRange = [...numbers].filter((number) => number <= total).length;
    const promised = numbers.has(0) && numbers.has(total) ? total + 1 : total;
    missing += Math.max(0, promised - inRange);
  }
  return missing;
}

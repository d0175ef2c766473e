/** Finds weight files that are helpers by a look at the files beside them: drafters, heads and projectors. */

import type { Tables } from '../data/tables.ts';
import type { SizedFile } from './file-facts.ts';
import { readLabel, UNCLEAR } from './labels.ts';

/** Matches folders of drafters: unsloth/gemma-4-12B-it-qat-GGUF keeps its own in MTP/. */
const DRAFT_FOLDER = /(?:^|\/)(?:mtp|draft|drafters?|eagle[23]?|dflash|dspark|medusa|speculators?)$/i;
/**
 * Matches the mark of a companion at the end; inside a name it may also be a whole model with its prediction
 * layer.
 */
const DRAFT_END = /[._-](?:mtp|eagle3?|dflash|assistant)\.gguf$/i;
const DRAFT_INSIDE = /[._-](?:mtp|draft|eagle3?|assistant)[._-]/i;
/** Matches the words of both patterns: most names have none. */
const DRAFT_WORD = /mtp|draft|eagle|dflash|assistant/i;
/** The ratio by which a drafter is smaller than its model, at least. */
const DRAFT_SHARE = 4;

/**
 * Matches `colbert_linear.pt` (BAAI/bge-m3), `value_head.bin` (TRL), `mm_projector.bin` (LLaVA),
 * `classifier.bin`.
 */
const HEAD =
  /^(?:(?:colbert|sparse)_linear|v(?:alue)?_head|(?:mm|vision|multi_modal|audio)_projector|projector|classifier|classification_head|score|reward_head|pooler)(?:[._-]|$)/i;
/** The ratio by which a head is smaller than the weights beside it, at least. */
const HEAD_SHARE = 100;

/** Returns the files without helpers; all of them where nothing else would be left. */
export function withoutHelpers(
  weights: readonly SizedFile[],
  tables: Pick<Tables, 'labels'>,
): readonly SizedFile[] {
  if (weights.length < 2) return weights;
  const beside = new FilesBeside(weights, tables);
  const models = weights.filter((file) => !isHead(file, beside) && !isDrafter(file, beside));
  return models.length === 0 ? weights : models;
}

/**
 * Facts about all weight files together, found once for all: a hostile repository has a hundred thousand
 * files.
 */
class FilesBeside {
  readonly #weights: readonly SizedFile[];
  readonly #labels: Tables['labels'];
  #largest: Map<string, number> | undefined;
  #models: readonly SizedFile[] | undefined;
  #smallest: Map<string, number> | undefined;
  #hasOtherFolders: boolean | undefined;

  constructor(weights: readonly SizedFile[], { labels }: Pick<Tables, 'labels'>) {
    this.#weights = weights;
    this.#labels = labels;
  }

  /** Returns the bytes of the largest file in a folder, of those whose size is known. */
  largestIn(folder: string): number {
    if (this.#largest === undefined) {
      this.#largest = new Map();
      for (const file of this.#weights)
        if (file.sizeBytes !== 'unknown' && file.sizeBytes > (this.#largest.get(file.folder) ?? 0))
          this.#largest.set(file.folder, file.sizeBytes);
    }
    return this.#largest.get(folder) ?? 0;
  }

  /** Tells whether some file is outside folders of drafters. */
  hasOtherFolders(): boolean {
    this.#hasOtherFolders ??= this.#weights.some(({ folder }) => folder === '' || !DRAFT_FOLDER.test(folder));
    return this.#hasOtherFolders;
  }

  /** Returns the GGUF files that neither name nor folder calls drafters. */
  ggufModels(): readonly SizedFile[] {
    this.#models ??= this.#weights.filter(
      ({ format, base, folder }) => format === 'gguf' && !isNamedDraft(base) && !DRAFT_FOLDER.test(folder),
    );
    return this.#models;
  }

  /**
   * Returns the bytes of the smallest GGUF model with the label of a drafter, else of the smallest of all; 0:
   * a size is unknown.
   */
  modelBytes({ part }: SizedFile): number {
    this.#smallest ??= this.#smallestByLabel();
    return this.#smallest.get(this.#labelOf(part.stem)) ?? this.#smallest.get('') ?? 0;
  }

  #smallestByLabel(): Map<string, number> {
    const smallest = new Map<string, number>();
    for (const { part, sizeBytes } of this.ggufModels()) {
      const bytes = sizeBytes === 'unknown' ? 0 : sizeBytes;
      for (const label of new Set(['', this.#labelOf(part.stem)]))
        smallest.set(label, Math.min(bytes, smallest.get(label) ?? Number.POSITIVE_INFINITY));
    }
    return smallest;
  }

  /** Returns the label of a file name; '' where there is none. */
  #labelOf(stem: string): string {
    const label = readLabel(stem, this.#labels);
    return label === undefined || label === UNCLEAR ? '' : label;
  }
}

function isHead(file: SizedFile, beside: FilesBeside): boolean {
  const { format, base, folder, sizeBytes } = file;
  if (format !== 'pytorch' && format !== 'safetensors') return false;
  if (HEAD.test(base)) return true;
  if (format !== 'pytorch' || sizeBytes === 'unknown' || file.part.number !== undefined) return false;
  return beside.largestIn(folder) > sizeBytes * HEAD_SHARE;
}

function isDrafter(file: SizedFile, beside: FilesBeside): boolean {
  const { format, folder, base, sizeBytes } = file;
  if (folder !== '' && DRAFT_FOLDER.test(folder)) return beside.hasOtherFolders();
  // An ordinary name has no word of drafters.
  if (format !== 'gguf' || file.ending !== undefined) return false;
  if (!DRAFT_WORD.test(base)) return false;
  const atEnd = DRAFT_END.test(base);
  if (!atEnd && !DRAFT_INSIDE.test(base)) return false;
  if (beside.ggufModels().length === 0) return false;
  if (sizeBytes === 'unknown') return atEnd;
  return sizeBytes * DRAFT_SHARE < beside.modelBytes(file);
}

const isNamedDraft = (base: string) =>
  DRAFT_WORD.test(base) && (DRAFT_END.test(base) || DRAFT_INSIDE.test(base));

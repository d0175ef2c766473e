/** Weight files that only a look at the files beside them shows to be helpers: drafters, heads and projectors. */

import type { Tables } from '../data/tables.ts';
import { readLabel, UNCLEAR } from './labels.ts';
import type { SizedFile } from './variants.ts';

/** unsloth/gemma-4-12B-it-qat-GGUF keeps its drafters in MTP/. */
const DRAFT_FOLDER = /(?:^|\/)(?:mtp|draft|drafters?|eagle[23]?|dflash|dspark|medusa|speculators?)$/i;
/** At the end a companion's mark; inside a name also that of a whole model with its prediction layer. */
const DRAFT_END = /[._-](?:mtp|eagle3?|dflash|assistant)\.gguf$/i;
const DRAFT_INSIDE = /[._-](?:mtp|draft|eagle3?|assistant)[._-]/i;
/** So many times smaller than the model that it is to draft for. */
const DRAFT_SHARE = 4;

/** `colbert_linear.pt` (BAAI/bge-m3), `value_head.bin` (TRL), `mm_projector.bin` (LLaVA), `classifier.bin`. */
const HEAD =
  /^(?:(?:colbert|sparse)_linear|v(?:alue)?_head|(?:mm|vision|multi_modal|audio)_projector|projector|classifier|classification_head|score|reward_head|pooler)(?:[._-]|$)/i;
/** So many times smaller than the weights beside it. */
const HEAD_SHARE = 100;

/** The files without helpers; all of them where nothing else would be left. */
export function withoutHelpers(
  weights: readonly SizedFile[],
  tables: Pick<Tables, 'labels'>,
): readonly SizedFile[] {
  if (weights.length < 2) return weights;
  const models = weights.filter((file) => !isHead(file, weights) && !isDrafter(file, weights, tables));
  return models.length === 0 ? weights : models;
}

function isHead(file: SizedFile, all: readonly SizedFile[]): boolean {
  const { format, base, sizeBytes } = file;
  if (format !== 'pytorch' && format !== 'safetensors') return false;
  if (HEAD.test(base)) return true;
  if (format !== 'pytorch' || sizeBytes === 'unknown' || file.part.number !== undefined) return false;
  return all.some(
    (other) =>
      other.folder === file.folder &&
      other.sizeBytes !== 'unknown' &&
      other.sizeBytes > sizeBytes * HEAD_SHARE,
  );
}

function isDrafter(file: SizedFile, all: readonly SizedFile[], tables: Pick<Tables, 'labels'>): boolean {
  if (file.folder !== '' && DRAFT_FOLDER.test(file.folder))
    return all.some((other) => !hasDraftFolder(other));
  if (file.format !== 'gguf') return false;
  const atEnd = DRAFT_END.test(file.base);
  if (!atEnd && !DRAFT_INSIDE.test(file.base)) return false;
  const models = all.filter(
    ({ format, base, folder }) => format === 'gguf' && !isNamedDraft(base) && !DRAFT_FOLDER.test(folder),
  );
  if (models.length === 0) return false;
  if (file.sizeBytes === 'unknown') return atEnd;
  return file.sizeBytes * DRAFT_SHARE < sizeBeside(file, models, tables);
}

const hasDraftFolder = ({ folder }: SizedFile) => folder !== '' && DRAFT_FOLDER.test(folder);
const isNamedDraft = (base: string) => DRAFT_END.test(base) || DRAFT_INSIDE.test(base);

/** Of the model with the same label, where there is one, else of the smallest. */
function sizeBeside(
  file: SizedFile,
  models: readonly SizedFile[],
  { labels }: Pick<Tables, 'labels'>,
): number {
  const label = readLabel(file.part.stem, labels);
  const alike =
    label === undefined || label === UNCLEAR
      ? []
      : models.filter((other) => readLabel(other.part.stem, labels) === label);
  const sizes = (alike.length > 0 ? alike : models).map(({ sizeBytes }) =>
    sizeBytes === 'unknown' ? 0 : sizeBytes,
  );
  return Math.min(...sizes);
}

/** Reads the quantization label of a GGUF file from its name, by table. */
import type { Tables } from '../data/tables.ts';
import { withoutUd } from '../data/vocabulary.ts';
import type { FileFacts } from './file-facts.ts';
import { type Fact, known } from './metadata.ts';

type Labels = ReadonlyMap<string, string>;

/**
 * Matches words like a label (`q4`, `Q4_X`) that no table knows: reading further to the left would be a
 * guess.
 */
const LABEL_LIKE = /^[IT]?Q\d/;
const WIDTH_ALONE = /^Q\d$/;
/**
 * The result for a label that is there but not known: no other may be read in its place, such as the
 * folder's.
 */
export const UNCLEAR = 'unclear';
/**
 * Matches suffixes that make another mix of a label: sizes and repackings (`Q4_K_Gv2`, `IQ1_M_XL`,
 * `Q2_K_MIXED`).
 */
const MIX_MARK = /^(?:X*[SL]|M|NL|P|R\d+|KS+|KT|MIXED|GV\d|HB\d+)$/;
/**
 * The floats that, beside a quantized label, name what it was made from, or the type of a few tensors:
 * `Q2_K.f32`, `Q8_0-embd-bf16`.
 */
const FLOATS = new Set(['F16', 'BF16', 'F32']);

/** The label of a GGUF file, with what follows from it. */
export interface GgufLabel {
  /** The id of a variant with this label. */
  readonly id: string;
  readonly quantization: Fact<string>;
  readonly bitsPerWeight: number | undefined;
}

/** The labels that endings of names tell: most files end in one of a few dozen words. */
const endLabels = new WeakMap<Tables, Map<string, GgufLabel | undefined>>();
const MOST_LABELS = 20_000;

/**
 * Returns the label of a GGUF file from the end of its name, else from all of it; a file without one takes its folder's
 * (`UD-Q2_K_XL/model-00001-of-00003.gguf`).
 */
export function ggufLabel({ part, folder, ending }: FileFacts, tables: Tables): GgufLabel {
  if (ending === undefined) return labelOfName(part.stem, folder, tables);
  let labels = endLabels.get(tables);
  if (labels === undefined || labels.size > MOST_LABELS) {
    labels = new Map();
    endLabels.set(tables, labels);
  }
  let label = labels.get(ending);
  if (label === undefined && !labels.has(ending)) {
    label = labelOfEnding(ending, tables);
    labels.set(ending, label);
  }
  return label ?? labelOfName(part.stem, folder, tables);
}

/** Returns the label that the end of a name tells; undefined where the words before it count too. */
function labelOfEnding(ending: string, tables: Tables): GgufLabel | undefined {
  const label = readLabel(ending, tables.labels);
  const mayBeOther = label === undefined || FLOATS.has(withoutUd(label));
  return mayBeOther ? undefined : makeLabel(label, tables);
}

function labelOfName(stem: string, folder: string, tables: Tables): GgufLabel {
  const { labels } = tables;
  const label =
    readLabel(stem, labels) ??
    (folder === '' ? undefined : readLabel(folder.slice(folder.lastIndexOf('/') + 1), labels));
  return makeLabel(label, tables);
}

function makeLabel(label: string | undefined, tables: Tables): GgufLabel {
  if (label === undefined || label === UNCLEAR)
    return { id: 'gguf:unknown', quantization: 'unknown', bitsPerWeight: undefined };
  return {
    id: `gguf:${label}`,
    quantization: known(label, 'file-name'),
    bitsPerWeight: tables.bitsOf(label),
  };
}

/**
 * Returns the label in a GGUF file's base name, without folder, extension and part number. The last quantized
 * label wins (`Fimbulvetr-fp16.Q4_K_M`, `MXFP4_MOE_BF16`), then a float; it must be a whole word
 * (`Sparse-2of4.Q8_0` has one, `Qwen_Qwen3` has none); `i1-` only says how the file was made, `UD-` names
 * another mix and stays part of the label.
 */
export function readLabel(baseName: string, labels: Labels): string | undefined {
  let float: string | undefined;
  let word = lastWord(baseName, baseName.length);
  for (; word !== undefined; word = lastWord(baseName, word.start)) {
    const { start, end, hasDigit } = word;
    const found = hasDigit
      ? labelOfWord(baseName.slice(start, end), end === baseName.length, labels)
      : undefined;
    if (found === UNCLEAR) return UNCLEAR;
    if (found === undefined) continue;
    const label = followsUd(baseName, word.start) ? `UD-${found}` : found;
    if (!FLOATS.has(found)) return label;
    float ??= label;
  }
  return float;
}

interface Word {
  readonly start: number;
  readonly end: number;
  /** True where the word has a digit, which every label has. */
  readonly hasDigit: boolean;
}

/** Returns the last word of letters, digits and `_` that ends before `end`. */
function lastWord(text: string, end: number): Word | undefined {
  let stop = end;
  while (stop > 0 && classOf(text.charCodeAt(stop - 1)) === SEPARATOR) stop -= 1;
  if (stop === 0) return undefined;
  let start = stop;
  let hasDigit = false;
  for (; start > 0; start -= 1) {
    const found = classOf(text.charCodeAt(start - 1));
    if (found === SEPARATOR) break;
    if (found === DIGIT) hasDigit = true;
  }
  return { start, end: stop, hasDigit };
}

const SEPARATOR = 0;
const LETTER = 1;
const DIGIT = 2;

function classOf(code: number): number {
  if (code >= 48 && code <= 57) return DIGIT;
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 ? LETTER : SEPARATOR;
}

/** Tells whether the last word before `start` is `UD`. */
export function followsUd(text: string, start: number): boolean {
  const word = lastWord(text, start);
  return word !== undefined && /^ud$/i.test(text.slice(word.start, word.end));
}

/** The labels of words: the words of file names are few, and each is looked up once. */
const knownWords = new WeakMap<Labels, Map<string, string | undefined>>();
const MOST_WORDS = 10_000;
const LONGEST_WORD = 32;

/** Returns the label of a word. `last`: whether the word ends the name. */
function labelOfWord(word: string, last: boolean, labels: Labels): string | undefined {
  if (word.length > LONGEST_WORD) return labelInWord(partsOf(word), labels, last);
  let words = knownWords.get(labels);
  if (words === undefined || words.size > MOST_WORDS) {
    words = new Map();
    knownWords.set(labels, words);
  }
  const key = last ? word : `${word}-`;
  const known = words.get(key);
  if (known !== undefined || words.has(key)) return known;
  const label = labelInWord(partsOf(word), labels, last);
  words.set(key, label);
  return label;
}

function partsOf(word: string): string[] {
  return word.toUpperCase().split('_').slice(-MOST_WORD_PARTS);
}

/**
 * Returns the last quantized label among the `_`-joined parts of a word, else a float; the longest that
 * begins at its place.
 */
function labelInWord(parts: readonly string[], labels: Labels, last: boolean): string | undefined {
  const found: string[] = [];
  for (let start = 0; start < parts.length; start += 1) {
    const here = labelAt(parts, start, labels, last);
    if (here === UNCLEAR) return UNCLEAR;
    if (here === undefined) continue;
    found.push(here.label);
    start = here.end - 1;
  }
  return found.findLast((label) => !FLOATS.has(label)) ?? found.at(-1);
}

function labelAt(
  parts: readonly string[],
  start: number,
  labels: Labels,
  last: boolean,
): { readonly label: string; readonly end: number } | typeof UNCLEAR | undefined {
  const part = parts[start] ?? '';
  const end = endOfLabel(parts, start, labels);
  if (end === undefined) return LABEL_LIKE.test(part) && part.length <= 3 ? UNCLEAR : undefined;
  if (MIX_MARK.test(parts[end] ?? '')) return UNCLEAR;
  if (end === start + 1 && WIDTH_ALONE.test(part)) {
    // `Q4` is a width at the end of a name; `Q4_X` is a mix that nobody knows; `Q3.5-9B` is neither.
    if (end < parts.length) return UNCLEAR;
    if (!last) return undefined;
  }
  return { label: labels.get(parts.slice(start, end).join('_')) ?? '', end };
}

/**
 * The most parts that are read, at the end of a word, where labels are; a hostile name may have thousands.
 */
const MOST_WORD_PARTS = 12;
/** The most parts of a label, four: `Q4_0_4_4`, `Q4_1_SOME_F16`. */
const MOST_PARTS = 4;

function endOfLabel(parts: readonly string[], start: number, labels: Labels): number | undefined {
  for (let end = Math.min(parts.length, start + MOST_PARTS); end > start; end -= 1) {
    if (labels.has(parts.slice(start, end).join('_'))) return end;
  }
  return undefined;
}

/** Reads from the name of a weight file which part of a model it is. */

export interface Part {
  /** The name that all parts share. */
  readonly stem: string;
  /** The number of the part, from 1; 0 for `model-00000-of-00002` numbering. Undefined for a single file. */
  readonly number: number | undefined;
  /** The number of parts that there should be; undefined where the names do not say. */
  readonly total: number | undefined;
}

/**
 * Matches `-00001-of-00003`, `_00001-of-000002`, `model.safetensors-00001-of-00003`, `-00001-of-252`
 * (unsloth/r1-1776).
 */
const NUMBERED = /(\d{1,6})-of-(\d{1,6})$/i;
/** Matches `X.part1of2.gguf`, which is `X.gguf.part1of2` with the extension at the end. */
const INNER_PART = /\.part(\d{1,4})of(\d{1,4})$/i;
/** Matches `.gguf.part1of2`, `.gguf-part-b`, `.gguf-split-aa`. */
const CUT = /^(.*)\.gguf[.-](?:part|split)[-_.]?(\w{1,8})$/i;
/**
 * Matches the end of names of both kinds: most files are whole, and testing the last character is quickest.
 */
export const OF_NUMBER = /of-?\d{1,6}$/i;
const ONE_OF_TWO = /^(\d{1,4})of(\d{1,4})$/i;

export const NO_PART: Part = { stem: '', number: undefined, total: undefined };

/** Splits a weight file's base name into the name that its parts share and its place among them. */
export function readPart(base: string): Part {
  // Most names are whole files: two look-ups by text spare them both expressions.
  const cut = base.endsWith('.gguf') ? null : CUT.exec(base);
  if (cut !== null) return readCut(cut[1] ?? '', cut[2] ?? '');
  const stem = base.slice(0, base.lastIndexOf('.'));
  if (!endsWithDigit(stem) || !OF_NUMBER.test(stem)) return { stem, number: undefined, total: undefined };
  const numbered = NUMBERED.exec(stem) ?? INNER_PART.exec(stem);
  if (numbered === null) return { stem, number: undefined, total: undefined };
  // Trimmed by hand: an expression with two open ends takes a second on a hostile name.
  let end = numbered.index;
  while (end > 0 && (stem[end - 1] === '-' || stem[end - 1] === '_')) end -= 1;
  return { stem: stem.slice(0, end), number: Number(numbered[1]), total: Number(numbered[2]) };
}

function endsWithDigit(text: string): boolean {
  const code = text.charCodeAt(text.length - 1);
  return code >= 48 && code <= 57;
}

function readCut(stem: string, mark: string): Part {
  const counted = ONE_OF_TWO.exec(mark);
  if (counted !== null) return { stem, number: Number(counted[1]), total: Math.max(2, Number(counted[2])) };
  // A cut file has at least two parts, however many there are.
  const number = lettersToNumber(mark.toLowerCase());
  return { stem, number, total: Math.max(2, number) };
}

/** Returns the number of a, b, ... or aa, ab, ... or 1, 2, ... as split(1) and people number parts. */
function lettersToNumber(mark: string): number {
  if (/^\d+$/.test(mark)) return Number(mark);
  return [...mark].reduce((sum, letter) => sum * 26 + (letter.charCodeAt(0) - 97), 0) + 1;
}

/**
 * Reads the ordinary GGUF files of a repository, which are named alike but for the label at the end: of each only what
 * differs from the file before.
 */
import { isPath, MAY_BE_HELPER, NO_WEIGHTS_FOLDER, type SizedFile } from './file-facts.ts';
import { followsUd } from './labels.ts';
import { OF_NUMBER } from './parts.ts';

const EXTENSION = '.gguf';
/** The part number as llama.cpp writes it (src/llama.cpp, llama_split_path). */
const SPLIT = /^-(\d{5})-of-(\d{5})$/;
const SPLIT_LENGTH = '-00001-of-00002'.length;

/** The facts about names that begin alike, up to the sign before the last word. */
interface Beginning {
  readonly text: string;
  readonly folder: string;
  /** False where the name may be that of a helper, or is in a folder without weights. */
  readonly isOrdinary: boolean;
  /** True where the last word is `UD`, which is part of the label after it. */
  readonly isUd: boolean;
}

/** A word at the end of a name, as it is and after `UD`. */
interface Ending {
  readonly word: string;
  readonly afterUd: string;
}

/** The last beginning, which the next file most often shares. */
let beginning: Beginning = { text: '', folder: '', isOrdinary: false, isUd: false };
/** The last words of names, with the sign before each; undefined where a name that ends so is not ordinary. */
const endings = new Map<string, Ending | undefined>();
const MOST_ENDINGS = 20_000;
const LONGEST_ENDING = 48;

/** Returns a GGUF file of unknown size; undefined where its name is not ordinary, and must be read as a whole. */
export function readOrdinaryGguf(path: string): SizedFile | undefined {
  const end = path.length - EXTENSION.length;
  const split = endsInDigits(path, end) ? SPLIT.exec(path.slice(Math.max(0, end - SPLIT_LENGTH), end)) : null;
  const stop = split === null ? end : end - SPLIT_LENGTH;
  const cut = lastSign(path, stop);
  if (cut <= 0) return undefined;
  const ending = endingOf(path.slice(cut, stop));
  if (ending === undefined) return undefined;
  if (cut !== beginning.text.length || !path.startsWith(beginning.text))
    beginning = readBeginning(path.slice(0, cut));
  const { folder, isOrdinary, isUd } = beginning;
  if (!isOrdinary) return undefined;
  const start = folder === '' ? 0 : folder.length + 1;
  return {
    path,
    folder,
    base: path.slice(start),
    role: 'weights',
    format: 'gguf',
    part: {
      stem: path.slice(start, stop),
      number: split === null ? undefined : Number(split[1]),
      total: split === null ? undefined : Number(split[2]),
    },
    companion: undefined,
    ending: isUd ? ending.afterUd : ending.word,
    sizeBytes: 'unknown',
  };
}

function endsInDigits(path: string, end: number): boolean {
  return isDigit(path.charCodeAt(end - 1)) && isDigit(path.charCodeAt(end - 5));
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Returns the place of the last `.` or `-` before `end`; -1 where there is none. */
function lastSign(path: string, end: number): number {
  let at = end - 1;
  for (; at >= 0; at -= 1) {
    const code = path.charCodeAt(at);
    if (code === 45 || code === 46) return at;
  }
  return at;
}

function readBeginning(text: string): Beginning {
  const slash = text.lastIndexOf('/');
  const folder = slash < 0 ? '' : text.slice(0, slash);
  const base = text.slice(slash + 1);
  return {
    text,
    folder,
    isOrdinary: isPath(text) && !NO_WEIGHTS_FOLDER.test(folder) && !MAY_BE_HELPER.test(text.toLowerCase()),
    isUd: followsUd(base, base.length),
  };
}

/** Returns the last word of a name, which follows a sign; undefined where it is long, or marks a helper or a part. */
function endingOf(text: string): Ending | undefined {
  if (text.length > LONGEST_ENDING) return undefined;
  const known = endings.get(text);
  if (known !== undefined || endings.has(text)) return known;
  const isOrdinary =
    /^[.-]\w*[A-Za-z0-9]$/.test(text) &&
    !/^.\d{1,6}$/.test(text) &&
    !OF_NUMBER.test(text) &&
    !MAY_BE_HELPER.test(text.toLowerCase());
  const word = text.slice(1);
  const ending = isOrdinary ? { word, afterUd: `UD-${word}` } : undefined;
  if (endings.size >= MOST_ENDINGS) endings.clear();
  endings.set(text, ending);
  return ending;
}

/** Finds words in repo ids: at the beginning of a part of the name, and never across the middle of another. */

/** The most characters of a query. More is no search: a pasted text would be looked for for minutes. */
const MOST_CHARS = 200;

/** Letters, digits and dots of the Latin script, whatever their width and accents; ids have no others. */
const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '');

/** A name as it is searched: its letters, digits and the dots of its numbers, and where its parts begin. */
export interface Name {
  readonly text: string;
  /** The number of each character: 2 where a sign or the beginning comes before it, 1 where letters and digits meet, else 0. */
  readonly starts: Uint8Array;
}

/** The kinds of character, by their code: ids have no letters but those of ASCII. */
const [SIGN, POINT, DIGIT, LOWER, UPPER] = [0, 1, 2, 3, 4];
function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 48 && code <= 57) return DIGIT;
  if (code >= 65 && code <= 90) return UPPER;
  return code === 46 ? POINT : SIGN;
}

/** Returns an id, or a word of a query, without its signs. */
export function readName(raw: string): Name {
  const starts = new Uint8Array(raw.length);
  let text = '';
  let before = SIGN;
  let kept = 0;
  for (let at = 0, from = 0; at <= raw.length; at += 1) {
    const kind = at < raw.length ? kindOf(raw.charCodeAt(at)) : SIGN;
    // A point counts between digits: 2.5 is a number.
    const isPoint = kind === POINT && before === DIGIT && kindOf(raw.charCodeAt(at + 1)) === DIGIT;
    if (kind <= POINT && !isPoint) {
      text += raw.slice(from, at);
      from = at + 1;
      before = SIGN;
    } else {
      starts[kept] = isPoint ? 0 : startOf(before, kind);
      kept += 1;
      before = kind;
    }
  }
  return { text: text.toLowerCase(), starts: starts.subarray(0, kept) };
}

function startOf(before: number, kind: number): 0 | 1 | 2 {
  if (before === SIGN) return 2;
  if (before === POINT) return 0;
  if ((before === DIGIT) !== (kind === DIGIT)) return 1;
  return before === LOWER && kind === UPPER ? 1 : 0;
}

/** Matches characters that mean nothing, between words and as words of their own. */
const SEPARATORS = /^[!-/:-@[-`{-~]+$/;

/** Returns the words of a query; undefined where one is of another script, so that nothing can be called so. */
export function wordsOf(query: string): string[] | undefined {
  const said = fold(query.slice(0, MOST_CHARS))
    .split(/\s+/)
    .filter((word) => word !== '' && !SEPARATORS.test(word));
  return said.some((word) => readName(word).text === '') ? undefined : said;
}

/** 2: the word is some parts of the name, whole. 1: it begins one. 0: it is not in it. */
export type Match = 0 | 1 | 2;

/** Returns how well a word, without its signs, matches a name. */
export function matchWord(word: string, name: Name): Match {
  let best: Match = 0;
  for (let at = name.text.indexOf(word); at >= 0; at = name.text.indexOf(word, at + 1)) {
    const found = matchAt(word, name, at);
    if (found === 2) return 2;
    if (found > best) best = found;
  }
  return best;
}

const isDigit = (char: string) => char >= '0' && char <= '9';

function matchAt(word: string, { text, starts }: Name, at: number): Match {
  const end = at + word.length;
  // "2.5" does not begin at its 5, nor "13b" at its 3.
  if (starts[at] === 0) return 0;
  if (end === text.length || starts[end] === 2) return 2;
  const [last = '', next = ''] = [text[end - 1], text[end]];
  if (isDigit(last)) {
    if (isDigit(next)) return 0;
    return next === '.' ? 1 : 2;
  }
  if (starts[end] === 1) return 2;
  // The beginning of one part: "metal" is not meta-llama.
  for (let inside = at + 1; inside < end; inside += 1) if (starts[inside] === 2) return 0;
  return 1;
}

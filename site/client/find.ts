/** Finds models in the search index: pure, quick, forgiving of separators, order and one wrong letter a word. */
import type { SearchIndex } from '../../pipeline/format/schema.ts';

/** The index as the site serves it. */
export interface SiteIndex extends SearchIndex {
  /** Ids whose page does not lie at the id itself. */
  readonly paths: Readonly<Record<string, string>>;
}

export interface Filters {
  readonly worker?: string;
  readonly family?: string;
  readonly format?: string;
  readonly license?: string;
  /** In GB. */
  readonly device?: number;
}

export interface Finder {
  readonly index: SiteIndex;
  /** Of each id its letters and digits. */
  readonly names: readonly string[];
  /** Of each name which signs stand in it: most names lack one that the query has, and need no closer look. */
  readonly signs: Int32Array;
}

export interface Found {
  /** Places of ids in the index, the most downloaded first. */
  readonly places: readonly number[];
  /** Whether a letter had to be overlooked. */
  readonly fuzzy: boolean;
}

/** Letters and digits of the Latin script, whatever their width and accents; ids have no others. */
const squeeze = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** More is no search: a pasted text would be looked for for minutes. */
const MOST_CHARS = 200;
/** Between words, and as words of their own, these mean nothing. */
const SEPARATORS = /^[!-/:-@[-`{-~]+$/;

/** The words of a query; undefined where nothing can be called so: one is of another script. */
function wordsOf(query: string): string[] | undefined {
  const said = query
    .slice(0, MOST_CHARS)
    .split(/\s+/)
    .filter((word) => word !== '' && !SEPARATORS.test(word));
  const words = said.map(squeeze);
  return words.includes('') ? undefined : words;
}

export function makeFinder(index: SiteIndex): Finder {
  const names = index.ids.map(squeeze);
  return { index, names, signs: Int32Array.from(names, signsOf) };
}

/** A bit for each letter, and six for the digits. */
function signsOf(name: string): number {
  let bits = 0;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    bits |= 1 << (code < CODE_OF_A ? LETTERS + (code % 6) : code - CODE_OF_A);
  }
  return bits;
}

const CODE_OF_A = 97;
const LETTERS = 26;

/** Those whose name holds every word of the query, whatever their order; with one wrong letter a word where none does. */
export function find({ index, names, signs }: Finder, query: string, filters: Filters = {}): Found {
  const passes = filterOf(index, filters);
  const words = wordsOf(query);
  if (words === undefined) return { places: [], fuzzy: false };
  const all = (tests: readonly WordTest[]) => {
    const places: number[] = [];
    names.forEach((name, at) => {
      const has = signs[at] ?? 0;
      if (tests.every((fits) => fits(name, has)) && passes(at)) places.push(at);
    });
    return places;
  };
  const exact = all(words.map(exactly));
  if (exact.length > 0) return { places: exact, fuzzy: false };
  return { places: all(words.map(nearly)), fuzzy: true };
}

/** Whether a word stands in a name, of which the signs are given too. */
type WordTest = (name: string, signs: number) => boolean;

function exactly(word: string): WordTest {
  const needed = signsOf(word);
  return (name, has) => (needed & ~has) === 0 && name.includes(word);
}

function filterOf(index: SiteIndex, { worker, family, format, license, device }: Filters) {
  const place = worker === undefined ? -1 : index.workers.indexOf(worker);
  const groups = index.groups.map(
    ([ofFamily, formats, ofLicense, running]) =>
      (family === undefined || ofFamily === family) &&
      (license === undefined || ofLicense === license) &&
      (format === undefined || formats.some((one) => one === format)) &&
      (worker === undefined || running.includes(place)),
  );
  return (at: number) => {
    const needed = device === undefined ? null : needAt(index, at, worker);
    const fits = device === undefined || (needed !== null && needed !== 0 && Math.abs(needed) <= device);
    return fits && groups[index.group[at] ?? -1] === true;
  };
}

/**
 * The smallest usual device that a model needs on a worker, in GB; on some of the marketplace's own where none is named.
 * Below 0: what its weights need, 0: more than the usual ones have, null: unknown.
 */
export function needAt(index: SearchIndex, at: number, worker: string | undefined): number | null {
  if (worker !== undefined) {
    const group = index.memoryGroups[index.workers.indexOf(worker)] ?? -1;
    return index.needs[index.need[at] ?? -1]?.[group] ?? null;
  }
  const device = index.device[at] ?? -1;
  return device < 0 ? null : device;
}

/** Shorter words with a wrong letter are other words. */
const SHORTEST_FUZZY = 4;
/** No part of a repo id is longer. */
const LONGEST_FUZZY = 96;

/**
 * With one letter wrong, missing, too many, or two swapped. One half of the word is then right, and is looked for first;
 * unless the two are swapped over the middle: that one word is looked for as well.
 */
function nearly(word: string): WordTest {
  if (word.length < SHORTEST_FUZZY || word.length > LONGEST_FUZZY) return exactly(word);
  const needed = signsOf(word);
  const half = Math.floor(word.length / 2);
  const [head, tail] = [word.slice(0, half), word.slice(half)];
  const swapped = `${head.slice(0, -1)}${tail[0]}${head.at(-1)}${tail.slice(1)}`;
  const wrongTail = new RegExp(`${head}(?:${misspellings(tail).join('|')})`);
  const wrongHead = new RegExp(`(?:${misspellings(head).join('|')})${tail}`);
  return (name, has) =>
    atMostOne(needed & ~has) &&
    ((name.includes(head) && wrongTail.test(name)) ||
      (name.includes(tail) && wrongHead.test(name)) ||
      name.includes(swapped));
}

const atMostOne = (bits: number) => (bits & (bits - 1)) === 0;

/** `word` holds letters and digits alone. */
function misspellings(word: string): string[] {
  const all: string[] = [];
  for (let at = 0; at < word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at + 1)];
    all.push(`${before}.?${after}`, `${before}.${word.slice(at)}`);
    if (at + 1 < word.length) all.push(`${before}${word[at + 1]}${word[at]}${word.slice(at + 2)}`);
  }
  return all;
}

/** Models with names like that of one that has no page, by the first words of its name, as many as find one. */
export function findNear(finder: Finder, id: string, most: number): readonly number[] {
  const words = (id.split('/').at(-1) ?? id).split(/[^A-Za-z0-9]+/).filter((word) => word.length > 1);
  for (let kept = words.length; kept > 0; kept -= 1) {
    const { places } = find(finder, words.slice(0, kept).join(' '));
    if (places.length > 0) return places.slice(0, most);
  }
  return [];
}

/** Downloads of each place, from the runs of the index. */
export function downloadsOf({ downloads }: Pick<SearchIndex, 'downloads'>): number[] {
  return downloads.flatMap(([value, times]) => Array.from({ length: times }, () => value));
}

/** Finds models in the search index: pure and quick. Each word of a query is a part of a name, or a fact. */
import UFuzzy from '@leeoniya/ufuzzy';
import type { SearchIndex } from '../../pipeline/format/files.ts';
import type { WorkerChoice } from '../lib/chosen-workers.ts';
import type { RefusedIndex, SiteIndex } from '../lib/site-index.ts';
import { dropNoise, kindOf, type Meaning, meaningOf, usesOf } from './meaning.ts';
import { type Match, matchWord, readName, wordsOf } from './names.ts';
import { fitsIn, needsOn, placesOf } from './needs.ts';

export interface Filters extends WorkerChoice {
  readonly family?: string;
  readonly format?: string;
  readonly license?: string;
  /** The memory of the device in GB. */
  readonly device?: number;
}

/** Names that are searched. */
interface Names {
  readonly ids: readonly string[];
  /** The letters and digits of each id, as `readName` gives them. */
  readonly texts: readonly string[];
}

export interface Finder extends Names {
  readonly index: SiteIndex;
}

export interface Found {
  /** Places of ids in the index: those that have each word whole first, then the most downloaded. */
  readonly places: readonly number[];
  /** Places of ids that a filter of memory neither takes nor excludes: theirs is not known. */
  readonly unsure: readonly number[];
  /** Tells whether these are close spellings: nothing is called as was asked. */
  readonly close: boolean;
}

export const NOTHING: Found = { places: [], unsure: [], close: false };

export const makeNames = (ids: readonly string[]): Names => ({
  ids,
  texts: ids.map((id) => readName(id).text),
});

/** The facts that an index may leave out: then a word is looked for in names alone. */
const NO_FACTS = {
  sets: [],
  set: [],
  kinds: [],
  kind: [],
  millions: [],
  thousands: [],
  smallest: [],
  names: [],
};

type AtLeast = Omit<SiteIndex, keyof typeof NO_FACTS> & Partial<SiteIndex>;

export const makeFinder = (index: AtLeast): Finder => ({
  index: { ...NO_FACTS, ...index },
  ...makeNames(index.ids),
});

/** The id that an address of the Hub names. */
const HUB_ADDRESS = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/([\w.-]+(?:\/[\w.-]+)?)/i;

/** Returns the words of a query, numbers and their units in one; an address of the Hub is the id in it. */
export function readQuery(query: string): readonly string[] | undefined {
  const id = HUB_ADDRESS.exec(query.trim())?.[1];
  const joined = (id ?? query)
    .replace(/\b(?:rtx|gtx)\s*\d{3,4}(?:\s*(?:ti|super))*\b/gi, 'nvidia')
    .replace(/(\d)\s*gi?b\b/gi, '$1gb')
    .replace(/(\d)[\s-]*bits?\b/gi, '$1bit')
    .replace(/(\d)\s*(?:billion|b)\b/gi, '$1b')
    .replace(/\b(apache|bsd|gpl)[\s-]+v?(\d)/gi, '$1-$2')
    .replace(/\btext[\s-]to[\s-]image\b/gi, 'image')
    .replace(/\bimage generation\b/gi, 'image');
  const words = wordsOf(joined);
  return words === undefined ? undefined : dropNoise(words);
}

/** A word that says what memory there is: a filter as good as the one beside the box. */
const MEMORY = /^(\d+)gb$/i;
const memoryOf = (word: string) => {
  const [, gigabytes] = MEMORY.exec(word) ?? [];
  return gigabytes === undefined ? [] : [Number(gigabytes)];
};

/** A word of a query: how well a model has it. */
type Test = (at: number) => Match;

/** Returns the models that have every word of the query, whatever their order; close spellings where none does. */
export function find(finder: Finder, query: string, filters: Filters = {}): Found {
  const said = readQuery(query);
  if (said === undefined) return NOTHING;
  const words = said.filter((word) => !MEMORY.test(word));
  const device = Math.min(...[...said.flatMap(memoryOf), filters.device ?? Infinity]);
  const passes = filterOf(finder.index, device < Infinity ? { ...filters, device } : filters);
  const meanings = words.map((word) => meaningOf(word, finder.index));
  const exact = gather(
    finder,
    words.map((word, at) => testOf(finder, word, meanings[at])),
    passes,
  );
  if (exact.places.length + exact.unsure.length > 0 || words.length === 0) return exact;
  // A word that means a fact is spelt right.
  const near = nearNames(
    finder,
    words.filter((_, at) => meanings[at] === undefined),
  );
  const rest = meanings.flatMap((meaning): Test[] =>
    meaning === undefined ? [] : [(at) => (meaning(at) ? 2 : 0)],
  );
  const found = gather(finder, [(at) => (near.has(at) ? 2 : 0), ...rest], passes);
  return { ...found, close: true };
}

function testOf(names: Names, word: string, meaning: Meaning | undefined): Test {
  const spelt = [word, ...usesOf(word.toLowerCase())].map((one) => readName(one).text);
  // Most names lack the word: the parts of a name are read of the others alone.
  const named = (at: number): Match => {
    const text = names.texts[at] ?? '';
    let best: Match = 0;
    for (const one of spelt)
      if (best < 2 && text.includes(one)) best = max(best, matchWord(one, readName(names.ids[at] ?? '')));
    return best;
  };
  return meaning === undefined ? named : (at) => (meaning(at) ? 2 : named(at));
}

const max = (a: Match, b: Match): Match => (a > b ? a : b);

/** Tells whether a filter lets the model at a place of the index through: undefined where a fact is missing. */
type Passes = (at: number) => boolean | undefined;

function gather({ ids }: Names, tests: readonly Test[], passes: Passes): Found {
  const [whole, begun, unsure]: [number[], number[], number[]] = [[], [], []];
  for (let at = 0; at < ids.length; at += 1) {
    const passed = passes(at);
    const match = passed === false ? 0 : leastMatch(tests, at);
    if (match > 0) (passed === undefined ? unsure : match === 2 ? whole : begun).push(at);
  }
  return { places: whole.concat(begun), unsure, close: false };
}

function leastMatch(tests: readonly Test[], at: number): Match {
  let least: Match = 2;
  for (const test of tests) {
    const match = test(at);
    if (match < least) least = match;
    if (least === 0) return 0;
  }
  return least;
}

function filterOf(index: SiteIndex, filters: Filters): Passes {
  const { family, format, license, device } = filters;
  const places = placesOf(index, filters);
  const groups = index.groups.map(
    ([ofFamily, formats, ofLicense, running]) =>
      (family === undefined || ofFamily === family) &&
      (license === undefined || ofLicense === license) &&
      (format === undefined || formats.some((one) => one === format)) &&
      running.some((place) => places.has(place)),
  );
  const needsOf = needsOn(index, places);
  return (at) => {
    if (groups[index.group[at] ?? -1] !== true) return false;
    return device === undefined ? true : fitsIn(needsOf(at), device);
  };
}

/** One letter of a word may be wrong, missing, too many, or swapped with the next; not in short words, and not the first. */
const fuzzy = new UFuzzy({ intraMode: 1, intraIns: 1, intraSub: 1, intraTrn: 1, intraDel: 1 });

/**
 * The places of ids that have every word in such a spelling. A digit is never overlooked: "qwen3" is neither Qwen2 nor
 * Qwen2.5-3B.
 */
function nearNames(names: Names, words: readonly string[]): ReadonlySet<number> {
  let places = [...names.ids.keys()];
  for (const word of words) {
    for (const [, letters = '', number = ''] of readName(word).text.matchAll(/([a-z]*)([\d.]*)/g)) {
      if (letters !== '') places = fuzzy.filter([...names.ids], letters, places) ?? [];
      const isIn = (at: number) => matchWord(number, readName(names.ids[at] ?? ''), letters !== '') === 2;
      if (number !== '') places = places.filter(isIn);
    }
  }
  return new Set(places);
}

/** The result of a search for one thing less. */
export interface Relaxed {
  /** The filter or the word that is left out. */
  readonly without: keyof Filters | { readonly word: string };
  readonly found: number;
}

/** Returns which single filter or word empties a search, the one that hides the most first. */
export function relax(finder: Finder, query: string, filters: Filters): Relaxed[] {
  const words = readQuery(query) ?? [];
  const count = (said: readonly string[], left: Filters) => {
    const { places, unsure, close } = find(finder, said.join(' '), left);
    return close ? 0 : places.length + unsure.length;
  };
  const names = Object.keys(filters) as (keyof Filters)[];
  const without = (name: keyof Filters) =>
    Object.fromEntries(Object.entries(filters).filter(([other]) => other !== name)) as Filters;
  return [
    ...names.map((name) => ({ without: name, found: count(words, without(name)) })),
    ...(words.length < 2 ? [] : words).map((word) => ({
      without: { word },
      found: count(
        words.filter((other) => other !== word),
        filters,
      ),
    })),
  ]
    .filter(({ found }) => found > 0)
    .sort((a, b) => b.found - a.found);
}

/** Returns the places in `refused` of models without a page that have every word of the query. */
export function findRefused(names: Names, refused: RefusedIndex, query: string, most: number): number[] {
  const words = (readQuery(query) ?? []).filter((word) => !MEMORY.test(word));
  if (words.length === 0) return [];
  const tests = words.map((word) => {
    const wanted = refused.kinds.indexOf(kindOf(word.toLowerCase()) ?? '');
    return testOf(names, word, wanted < 0 ? undefined : (at) => refused.kind[at] === wanted);
  });
  return gather(names, tests, () => true).places.slice(0, most);
}

/**
 * Returns models with names like that of one that has no page: by the first words of its name, as many as find one, and
 * at last by the letters with which it begins.
 */
export function findNear(finder: Finder, id: string, most: number): readonly number[] {
  const words = (id.split('/').at(-1) ?? id).split(/[^A-Za-z0-9.]+/).filter((word) => word.length > 1);
  const [family = ''] = /^[A-Za-z]{3,}/.exec(words[0] ?? '') ?? [];
  const tries = [...words.keys()].map((left) => words.slice(0, words.length - left).join(' '));
  for (const query of [...tries, family].filter((one) => one !== '')) {
    const { places } = find(finder, query);
    if (places.length > 0) return places.slice(0, most);
  }
  return [];
}

/** Downloads of each place, from the runs of the index. */
export function downloadsOf({ downloads }: Pick<SearchIndex, 'downloads'>): number[] {
  return downloads.flatMap(([value, times]) => Array.from({ length: times }, () => value));
}

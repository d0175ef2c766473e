/** Finds models in the search index: pure, quick, forgiving of separators, order and one wrong letter a word. */
import type { SearchIndex } from '../../pipeline/write/schema.ts';

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
}

export interface Found {
  /** Places of ids in the index, the most downloaded first. */
  readonly places: readonly number[];
  /** Whether a letter had to be overlooked. */
  readonly fuzzy: boolean;
}

const squeeze = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

export function makeFinder(index: SiteIndex): Finder {
  return { index, names: index.ids.map(squeeze) };
}

/** Those whose name holds every word of the query, whatever their order; with one wrong letter a word where none does. */
export function find({ index, names }: Finder, query: string, filters: Filters = {}): Found {
  const passes = filterOf(index, filters);
  const words = query
    .split(/\s+/)
    .map(squeeze)
    .filter((word) => word !== '');
  const all = (fits: (name: string) => boolean) =>
    names.flatMap((name, at) => (passes(at) && fits(name) ? [at] : []));
  const exact = all((name) => words.every((word) => name.includes(word)));
  if (exact.length > 0) return { places: exact, fuzzy: false };
  const near = words.map(nearly);
  return { places: all((name) => near.every((fits) => fits(name))), fuzzy: true };
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
    const needed = index.device[at] ?? -1;
    const fits = device === undefined || (needed > 0 && needed <= device);
    return fits && groups[index.group[at] ?? -1] === true;
  };
}

/** Shorter words with a wrong letter are other words. */
const SHORTEST_FUZZY = 4;
/** No part of a repo id is longer. */
const LONGEST_FUZZY = 96;

/** With one letter wrong, missing, too many, or two swapped. Of two halves one is then right: that is looked for first. */
function nearly(word: string): (name: string) => boolean {
  if (word.length < SHORTEST_FUZZY || word.length > LONGEST_FUZZY) return (name) => name.includes(word);
  const half = Math.floor(word.length / 2);
  const [head, tail] = [word.slice(0, half), word.slice(half)];
  const [shortHead, shortTail] = [head.slice(0, -1), tail.slice(1)];
  const pattern = new RegExp(misspellings(word).join('|'));
  // Two letters swapped over the middle leave the halves right but for a letter each.
  const hopeful = (name: string) =>
    name.includes(head) || name.includes(tail) || name.includes(shortHead) || name.includes(shortTail);
  return (name) => hopeful(name) && pattern.test(name);
}

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

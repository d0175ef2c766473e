/** The files of the search, loaded on first use; links and rows of results. Strings of the Hub become text nodes only. */

import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import { once } from '../../pipeline/lib/once.ts';
import type { RefusedIndex, SiteIndex } from '../lib/site-index.ts';
import { downloadsOf, type Finder, makeFinder, makeNames, needAt } from './find.ts';

/** The address where the site begins, taken from the address of the script itself: hosts may serve it below a folder. */
export const root = new URL('./', (document.currentScript as HTMLScriptElement).src);

export interface Loaded extends Finder {
  readonly downloads: readonly number[];
}

async function load<T>(file: string): Promise<T> {
  const response = await fetch(new URL(file, root));
  if (!response.ok) throw new TypeError(`${file}: ${response.status}`);
  return (await response.json()) as T;
}

/** Loads the index of the search. @throws TypeError when the network fails; the next call tries again. */
export const loadIndex = once(async (): Promise<Loaded> => {
  const index = await load<SiteIndex>('search.json');
  return { ...makeFinder(index), downloads: downloadsOf(index) };
});

/** Models without a page, as names to search and with their reasons. @throws TypeError when the network fails. */
export const loadRefused = once(async () => {
  const refused = await load<RefusedIndex>('refused.json');
  return { refused, names: makeNames(refused.ids) };
});

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  ...children: readonly (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** An id that may be broken after its owner. */
export function idNodes(id: string): (string | Node)[] {
  const cut = id.indexOf('/') + 1;
  return [id.slice(0, cut), element('wbr'), id.slice(cut)];
}

export function modelLink(id: string, { paths }: SiteIndex): HTMLAnchorElement {
  const path = Object.hasOwn(paths, id) ? paths[id] : id;
  const link = element('a', ...idNodes(id));
  link.href = new URL(`models/${path}/`, root).href;
  return link;
}

const short = new Intl.NumberFormat('en', { notation: 'compact' });

/** Returns the facts of a model that its row shows, with the memory that it takes on `worker`; what else is unknown is left out. */
function factsOf({ index, downloads }: Loaded, at: number, worker: string | undefined): string[] {
  const [, formats, license] = index.groups[index.group[at] ?? -1] ?? ['', [], ''];
  const known = (n: number | undefined, words: (n: number) => string) =>
    n === undefined || n < 0 ? [] : [words(n)];
  return [
    ...known(index.millions[at], (n) => `${short.format(n * 1e6)} parameters`),
    ...known(index.thousands[at], (n) => `${n}k context`),
    formats.map((format) => (format === 'gguf' ? 'GGUF' : format)).join(', '),
    ...known(index.smallest[at], (n) => `from ${n < 1 ? `${Math.round(n * 1000)} MB` : `${n} GB`}`),
    deviceWords(needAt(index, at, worker)),
    ...(license === 'unknown' ? [] : [license]),
    `${short.format(downloads[at] ?? 0)} downloads`,
  ];
}

function deviceWords(need: number | null): string {
  if (need === null) return 'memory not known';
  if (need === 0) return `needs more than ${DEVICE_GB.at(-1)} GB`;
  return need > 0 ? `fits ${need} GB` : `needs at least ${-need} GB`;
}

/** Returns a row of results. `worker`: the one that is asked for, whose memory is shown; without one, the marketplace's own. */
export function resultRow(loaded: Loaded, at: number, worker?: string): HTMLLIElement {
  const id = loaded.index.ids[at] ?? '';
  const facts = factsOf(loaded, at, worker).flatMap((fact) => [element('span', fact), ' ']);
  return element('li', modelLink(id, loaded.index), ' ', element('small', ...facts));
}

/** The search index, loaded on first use; links and rows of results. Strings of the Hub become text nodes only. */
import { DEVICE_GB } from '../../pipeline/evaluate/memory.ts';
import { downloadsOf, type Finder, makeFinder, type SiteIndex } from './find.ts';

/** Where the site begins, told by the address of the script itself: hosts may serve it below a folder. */
export const root = new URL('./', (document.currentScript as HTMLScriptElement).src);

export interface Loaded extends Finder {
  readonly downloads: readonly number[];
}

let loading: Promise<Loaded> | undefined;

/** @throws TypeError when the network fails; the next call tries again. */
export function loadIndex(): Promise<Loaded> {
  loading ??= fetchIndex().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchIndex(): Promise<Loaded> {
  const response = await fetch(new URL('search.json', root));
  if (!response.ok) throw new TypeError(`search.json: ${response.status}`);
  const index = (await response.json()) as SiteIndex;
  return { ...makeFinder(index), downloads: downloadsOf(index) };
}

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  ...children: readonly (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

export function modelLink(id: string, { paths }: SiteIndex): HTMLAnchorElement {
  const path = Object.hasOwn(paths, id) ? paths[id] : id;
  const cut = id.indexOf('/') + 1;
  const link = element('a', id.slice(0, cut), element('wbr'), id.slice(cut));
  link.href = new URL(`models/${path}/`, root).href;
  return link;
}

const short = new Intl.NumberFormat('en', { notation: 'compact' });

export function resultRow({ index, downloads }: Loaded, at: number): HTMLLIElement {
  const id = index.ids[at] ?? '';
  const [family, formats] = index.groups[index.group[at] ?? -1] ?? ['unknown', []];
  const device = index.device[at] ?? -1;
  const facts = [
    family,
    formats.join(', '),
    device > 0 ? `${device} GB` : device === 0 ? `more than ${DEVICE_GB.at(-1)} GB` : 'memory unknown',
    `${short.format(downloads[at] ?? 0)} downloads`,
  ];
  return element('li', modelLink(id, index), ' ', element('small', facts.join(' · ')));
}

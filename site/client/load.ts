/** The search index, loaded on first use; links and rows of results. Strings of the Hub become text nodes only. */
import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import { downloadsOf, type Finder, makeFinder, needAt, type SiteIndex } from './find.ts';

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

function deviceWords(need: number | null): string {
  if (need === null) return 'memory unknown';
  if (need === 0) return `more than ${DEVICE_GB.at(-1)} GB`;
  return need > 0 ? `${need} GB` : `at least ${-need} GB`;
}

const short = new Intl.NumberFormat('en', { notation: 'compact' });

/** `worker`: the one that is asked for, whose memory is told; the marketplace's own where none is. */
export function resultRow({ index, downloads }: Loaded, at: number, worker?: string): HTMLLIElement {
  const id = index.ids[at] ?? '';
  const [family, formats] = index.groups[index.group[at] ?? -1] ?? ['unknown', []];
  const facts = [
    family,
    formats.join(', '),
    deviceWords(needAt(index, at, worker)),
    `${short.format(downloads[at] ?? 0)} downloads`,
  ];
  return element('li', modelLink(id, index), ' ', element('small', facts.join(' · ')));
}

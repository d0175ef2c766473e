/** The files that machines follow: the web feed of changes (Atom, RFC 4287) and the sitemaps (sitemaps.org/protocol.html). */
import type { Changes } from '../../pipeline/format/files.ts';
import { address, hasPage, matrix, modelPath } from '../lib/matrix.ts';
import { SITE_NAME } from '../lib/settings.ts';
import type { XmlElement } from '../lib/xml.ts';

/** Readers of feeds keep what they have seen: the first of a long night will do. */
const MOST_ENTRIES = 100;

/** Returns the web feed. `day`: of the night that the changes are of; where it is not known, they are as old as the build. */
export function feed({ added, removed }: Changes, day: string | undefined) {
  const updated = day === undefined ? matrix.header.date : `${day}T00:00:00Z`;
  const entry = (id: string, what: string, why: string, href: string): XmlElement => ({
    // A model that comes, goes and comes again is news each time.
    id: `${address(modelPath(id))}#${what}-${updated.slice(0, 10)}`,
    title: `${id} ${what}`,
    link: { '@href': href },
    updated,
    summary: why,
  });
  const came = added
    .filter(({ id }) => hasPage(id))
    .map(({ id, workers }) => entry(id, 'came', `Runs on ${workers.join(', ')}.`, address(modelPath(id))));
  const went = removed.map(({ id, reasons }) => entry(id, 'went', reasons.join(' '), address('/changes/')));
  return {
    feed: {
      '@xmlns': 'http://www.w3.org/2005/Atom',
      title: `${SITE_NAME}: changes`,
      id: address('/feed.xml'),
      link: [
        { '@rel': 'self', '@href': address('/feed.xml') },
        { '@rel': 'alternate', '@href': address('/changes/') },
      ],
      updated,
      author: { name: SITE_NAME },
      entry: [...came, ...went].slice(0, MOST_ENTRIES),
    },
  };
}

const SITEMAP = { '@xmlns': 'http://www.sitemaps.org/schemas/sitemap/0.9' };
/** The most addresses that the protocol allows in one file. */
export const MOST_ADDRESSES = 50_000;

export const sitemapIndex = (parts: number) => ({
  sitemapindex: {
    ...SITEMAP,
    sitemap: Array.from({ length: parts }, (_, part) => ({ loc: address(`/sitemap/${part}.xml`) })),
  },
});

export const sitemap = (paths: readonly string[]) => ({
  urlset: { ...SITEMAP, url: paths.map((path) => ({ loc: address(path) })) },
});

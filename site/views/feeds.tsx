/** XML for machines: the web feed of changes, and the sitemap. React escapes here as it does in pages. */
import { createElement, type ReactNode } from 'react';
import type { Changes } from '../../pipeline/format/schema.ts';
import { address, hasPage, matrix, segmentsOf } from '../lib/matrix.ts';

/** An element that HTML does not have. */
const el = (name: string, attributes: Readonly<Record<string, string>> | null, ...children: ReactNode[]) =>
  createElement(name, attributes, ...children);

/** Readers of feeds keep what they have seen: the first of a long night will do. */
const MOST_ENTRIES = 100;

/** `day`: of the night that the changes are of; where it is not known, they are as old as the build. */
export function feed({ added, removed }: Changes, day: string | undefined) {
  const updated = day === undefined ? matrix.header.date : `${day}T00:00:00Z`;
  const entry = (id: string, what: string, why: string, href: string) =>
    el(
      'entry',
      { key: `${what} ${id}` },
      el('id', null, `${address(`/models/${segmentsOf(id).join('/')}/`)}#${what}`),
      el('title', null, `${id} ${what}`),
      el('link', { href }),
      el('updated', null, updated),
      el('summary', null, why),
    );
  const came = added
    .filter(({ id }) => hasPage(id))
    .map(({ id, workers }) =>
      entry(id, 'came', `Runs on ${workers.join(', ')}.`, address(`/models/${segmentsOf(id).join('/')}/`)),
    );
  const went = removed.map(({ id, reasons }) => entry(id, 'went', reasons.join(' '), address('/changes/')));
  return el(
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom' },
    el('title', null, 'rbee models: changes'),
    el('id', null, address('/feed.xml')),
    el('link', { rel: 'self', href: address('/feed.xml') }),
    el('link', { href: address('/changes/') }),
    el('updated', null, updated),
    el('author', null, el('name', null, 'rbee models')),
    ...[...came, ...went].slice(0, MOST_ENTRIES),
  );
}

const SITEMAP = { xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9' };
/** As the protocol allows in one file: sitemaps.org/protocol.html. */
export const MOST_ADDRESSES = 50_000;

export const sitemapIndex = (parts: number) =>
  el(
    'sitemapindex',
    SITEMAP,
    ...Array.from({ length: parts }, (_, part) =>
      el('sitemap', { key: String(part) }, el('loc', null, address(`/sitemap/${part}.xml`))),
    ),
  );

export const sitemap = (paths: readonly string[]) =>
  el('urlset', SITEMAP, ...paths.map((path) => el('url', { key: path }, el('loc', null, address(path)))));

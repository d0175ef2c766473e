/** The facts that search engines read of a page: JSON-LD in the words of schema.org. */
import type { MatrixModel } from '../../pipeline/format/decode.ts';
import { address, matrix, modelPath } from './matrix.ts';
import { SITE_NAME } from './settings.ts';

export type JsonLd = Readonly<Record<string, unknown>>;

const CONTEXT = { '@context': 'https://schema.org' };

/** Returns the site itself, with the address that searches it. */
export function describeSite(description: string): JsonLd {
  return {
    ...CONTEXT,
    '@type': 'WebSite',
    name: SITE_NAME,
    url: address('/'),
    description,
    potentialAction: {
      '@type': 'SearchAction',
      target: { '@type': 'EntryPoint', urlTemplate: `${address('/search/')}?q={search_term_string}` },
      'query-input': 'required name=search_term_string',
    },
  };
}

/** Returns a model as software, of the commit that its facts are of. Facts that are unknown are left out. */
export function describeModel({ id, facts }: MatrixModel, description: string): JsonLd {
  const { sha, license, createdAt, lastModified } = facts;
  const owner = id.includes('/') ? id.slice(0, id.indexOf('/')) : undefined;
  return {
    ...CONTEXT,
    '@type': 'SoftwareApplication',
    name: id,
    description,
    url: address(modelPath(id)),
    sameAs: `https://huggingface.co/${id}`,
    applicationCategory: 'AI model',
    ...(owner === undefined ? {} : { author: { '@type': 'Organization', name: owner } }),
    ...known('softwareVersion', sha),
    ...known('license', license),
    ...known('dateCreated', createdAt),
    ...known('dateModified', lastModified),
    sdDatePublished: matrix.header.date,
  };
}

const known = (name: string, value: string) => (value === 'unknown' ? {} : { [name]: value });

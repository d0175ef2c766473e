/**
 * Lists models for a caller who browses: in an order of interest, by words, a hundred at a time, from the
 * listing alone.
 */
import { parseJson } from '../lib/json.ts';
import { HubClient, type HubOptions } from './client.ts';
import { headerText } from './headers.ts';
import { EXPAND, ListingRefused, nextPath } from './page.ts';
import * as say from './sentences.ts';

/** The orders of the Hub's listing, each with the highest or the newest first. */
export type Sort = 'trendingScore' | 'downloads' | 'likes' | 'createdAt' | 'lastModified';

export interface BrowseOptions extends HubOptions {
  readonly sort: Sort;
  /** The words that the id must contain, each of them. */
  readonly search?: string;
}

const PAGE_SIZE = 100;

/**
 * Yields records as the Hub lists them, page after page, for as long as the caller wants more.
 *
 * @throws DataError when the Hub fails or refuses.
 */
export async function* browseHub({ sort, search, ...hub }: BrowseOptions): AsyncGenerator<unknown> {
  const client = new HubClient(hub);
  try {
    let path: string | undefined = firstPath(sort, search);
    const visited = new Set<string>();
    while (path !== undefined && !visited.has(path)) {
      visited.add(path);
      const answer = await client.get(path, {
        check: ({ text }) => (Array.isArray(parseJson(text)) ? undefined : say.NO_JSON_LIST),
      });
      if (answer.status !== 200) throw new ListingRefused(answer);
      yield* parseJson(answer.text) as unknown[];
      path = nextPath(headerText(answer.headers, 'link'));
    }
  } finally {
    await client.close();
  }
}

function firstPath(sort: Sort, search: string | undefined): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), sort });
  for (const word of search?.split(/\s+/).filter((part) => part !== '') ?? []) query.append('search', word);
  for (const name of EXPAND) query.append('expand', name);
  return `/api/models?${query}`;
}

/**
 * Walks through the Hub's listing page by page; each page is safe on the disk before the next is asked for.
 */
import type { PageEntry, WalkOrder, WalkStore } from './cache/walk-store.ts';
import type { HubClient } from './client.ts';
import { type FetchedPage, fetchPage, firstPage, healedExpand, idOf, ListingRefused } from './page.ts';

export interface WalkOptions {
  readonly client: HubClient;
  /** Creates a folder for a walk of this order, which began at this time by the Hub's clock. */
  readonly create: (order: WalkOrder, startedAt: Date) => WalkStore;
  /** The walk to continue, if any. */
  readonly resumed: WalkStore | undefined;
  /** The number of records after which it stops, without an end. */
  readonly limit: number | undefined;
  readonly now: () => Date;
  readonly onPage: (store: WalkStore) => void;
}

/** The number of short pages after which short pages are no longer doubted. */
const SHORT_PAGES_DOUBTED = 3;

/**
 * Walks to the end, or to `limit` records.
 *
 * @throws DataError when the Hub fails; the pages read until then are in the store.
 */
export async function walk(options: WalkOptions): Promise<WalkStore> {
  const { client, limit, onPage } = options;
  let store = options.resumed;
  if (store !== undefined) await refetchDamaged(client, store);
  const wanted = limit ?? Number.POSITIVE_INFINITY;
  while (store === undefined || (!store.ended && store.records < wanted)) {
    const page: FetchedPage =
      store === undefined
        ? await askFirst(client)
        : await fetchPage(
            client,
            store.entries.at(-1)?.next ?? firstPage(store.head.order),
            contextOf(store),
          );
    store ??= options.create(orderOf(page), startOf(page, options.now()));
    store.put(withoutRecords(page));
    if (page.next === null) store.end();
    onPage(store);
  }
  return store;
}

/**
 * Returns the start by the Hub's clock, unless that is ahead of ours: a time in the future would hide changes
 * until then.
 */
function startOf({ answeredAt }: FetchedPage, now: Date): Date {
  return answeredAt !== undefined && answeredAt < now ? answeredAt : now;
}

/** Fetches pages again whose files are missing or damaged. */
async function refetchDamaged(client: HubClient, store: WalkStore): Promise<void> {
  for (const { asked, page } of store.damaged()) {
    store.put(withoutRecords(await fetchPage(client, asked, contextOf(store, page - 1))), page);
  }
}

/** Fetches the first page; a field that the Hub no longer knows is left out, if no verdict needs it. */
async function askFirst(client: HubClient): Promise<FetchedPage> {
  const order: WalkOrder = 'oldest-first';
  const context = { asked: new Set<string>(), reached: undefined, order, doubtShort: true };
  try {
    return await fetchPage(client, firstPage(order), context);
  } catch (error) {
    const refused = error instanceof ListingRefused && error.answer.status === 400;
    const expand = refused ? healedExpand(error.answer.text) : undefined;
    if (expand === undefined) throw error;
    return await fetchPage(client, firstPage(order, expand), context);
  }
}

/**
 * Returns the order of the records. Oldest first is asked for; a server that ignores it gives the newest
 * first.
 */
function orderOf({ records }: FetchedPage): WalkOrder {
  const [first, last] = [idOf(records[0]), idOf(records.at(-1))];
  return first !== undefined && last !== undefined && first > last ? 'newest-first' : 'oldest-first';
}

function contextOf(store: WalkStore, pages = store.entries.length) {
  const { order } = store.head;
  const before = store.entries.slice(0, pages);
  return {
    order,
    asked: new Set(before.map(({ asked }) => asked)),
    reached: reachedBy(before, order),
    doubtShort: before.filter(({ short }) => short).length < SHORT_PAGES_DOUBTED,
  };
}

/** Returns the `_id` up to which (oldest first) or down to which (newest first) pages have come. */
export function reachedBy(entries: readonly PageEntry[], order: WalkOrder): string | undefined {
  const ids = entries.map(({ first, last }) => (order === 'oldest-first' ? last : first)).filter((id) => id);
  return ids.reduce<string | undefined>((a, b) => {
    if (a === undefined) return b;
    return a < b === (order === 'oldest-first') ? b : a;
  }, undefined);
}

function withoutRecords({ records: _, answeredAt: __, ...page }: FetchedPage) {
  return page;
}

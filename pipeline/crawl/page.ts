/** Fetches one page of the Hub's listing, and checks whether the answer is a page that can be believed. */
import { fieldsWith } from '../extract/hub-fields.ts';
import { DataError } from '../lib/errors.ts';
import { field, isObject, type JsonObject, parseJson, stringField } from '../lib/json.ts';
import type { Page, WalkOrder } from './cache/walk-store.ts';
import type { HubAnswer, HubClient } from './client.ts';
import { headerText, readLink } from './headers.ts';
import * as say from './sentences.ts';

/** The listing fields this project reads; the Hub sends only these. */
export const EXPAND: readonly string[] = fieldsWith('asked');
const NEEDED: readonly string[] = fieldsWith('needed');

const PAGE_SIZE = 1_000;
/** The base of relative links; it is never asked. */
const BASE = 'https://hub.invalid';

const SORTS: Readonly<Record<WalkOrder, Readonly<Record<string, string>>>> = {
  'oldest-first': { sort: 'createdAt', direction: '1' },
  'newest-first': { sort: 'createdAt' },
};

/** Returns path and query of the first page of a walk. */
export function firstPage(order: WalkOrder, expand: readonly string[] = EXPAND): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...SORTS[order] });
  for (const name of expand) query.append('expand', name);
  return `/api/models?${query}`;
}

/**
 * Returns the fields that the Hub gives, by its own answer to a field that it does not know; undefined where
 * the answer names no fields.
 *
 * @throws DataError when one that every verdict needs is not among them.
 */
export function healedExpand(errorText: string): string[] | undefined {
  const message = stringField(parseJson(errorText), 'error') ?? '';
  const offered = new Set([...message.matchAll(/"(\w+)"/g)].map(([, name]) => name));
  const expand = EXPAND.filter((name) => offered.has(name));
  if (expand.length === 0) return undefined;
  const missing = NEEDED.filter((name) => !offered.has(name));
  if (missing.length > 0) throw new DataError(say.fieldsMissing(missing, errorText));
  return expand;
}

export function droppedFields(expand: readonly string[]): string[] {
  return EXPAND.filter((name) => !expand.includes(name));
}

/** The state of a walk when it asks for the next page. */
export interface PageContext {
  /** The pages asked for already, which a page that leads in a circle repeats. */
  readonly asked: ReadonlySet<string>;
  /**
   * The `_id` that the walk has reached, from which a page must continue; undefined where the order is
   * another.
   */
  readonly reached: string | undefined;
  readonly order: WalkOrder;
  /** False once the Hub has shown that its pages are short for good reason. */
  readonly doubtShort: boolean;
}

export interface FetchedPage extends Page {
  readonly records: readonly unknown[];
  /** The time by the Hub's clock; undefined where the answer has none. */
  readonly answeredAt: Date | undefined;
}

/**
 * Fetches a page. One without a link is believed to be the last, and one shorter than promised to be whole,
 * only when the Hub says so twice.
 *
 * @throws DataError when the Hub fails or refuses.
 */
export async function fetchPage(client: HubClient, path: string, context: PageContext): Promise<FetchedPage> {
  const ask = async () => {
    const answer = await client.get(path, { check: (got) => wrongPage(got, path, context) });
    if (answer.status !== 200) throw new ListingRefused(answer);
    return readPage(answer, path, context);
  };
  const page = await ask();
  const doubtful = page.next === null || (page.short && context.doubtShort);
  if (!doubtful) return page;
  const again = await ask();
  const longer = again.lines.length > page.lines.length ? again : page;
  const next = page.next ?? again.next;
  return { ...longer, next, short: next !== null && longer.records.length < PAGE_SIZE };
}

/** An answer of 4xx to the listing. */
export class ListingRefused extends DataError {
  readonly answer: HubAnswer;
  constructor(answer: HubAnswer) {
    super(say.listingRefused(answer.status, answer.problem ?? answer.text));
    this.answer = answer;
  }
}

/**
 * Returns the problem of a page that is asked for again: a cut or foreign body under status 200, or a page
 * that leads in a circle.
 */
function wrongPage(answer: HubAnswer, asked: string, context: PageContext): string | undefined {
  if (answer.problem !== undefined) return say.listingDoes(answer.problem);
  const records = parseJson(answer.text);
  if (!Array.isArray(records)) return say.NO_JSON_LIST;
  if (records.length > PAGE_SIZE) return say.pageTooLong(PAGE_SIZE);
  const link = headerText(answer.headers, 'link');
  const next = nextPath(link);
  if (next === undefined) return readLink(link, 'next') === undefined ? undefined : say.NEXT_IS_NO_LISTING;
  if (next === asked || context.asked.has(next)) return say.LEADS_BACK;
  const advances = records.some((record) => isBeyond(idOf(record), context));
  return advances ? undefined : say.REPEATS;
}

function readPage(answer: HubAnswer, asked: string, context: PageContext): FetchedPage {
  const records = parseJson(answer.text) as unknown[];
  const isLate = (record: unknown) => !isBeyond(idOf(record), context);
  const late = records.filter(isLate);
  const rest = withoutDoubles(records.filter((record) => !isLate(record)));
  const ids = rest.map(idOf).filter((id) => id !== undefined);
  const next = nextPath(headerText(answer.headers, 'link')) ?? null;
  const date = new Date(headerText(answer.headers, 'date') ?? Number.NaN);
  return {
    asked,
    next,
    short: next !== null && records.length < PAGE_SIZE,
    late: late.length,
    // By place, not by size: one wrong `_id` within a page must not hide what comes after it.
    ...(context.order === 'newest-first'
      ? { first: ids.at(-1) ?? '', last: ids[0] ?? '' }
      : { first: ids[0] ?? '', last: ids.at(-1) ?? '' }),
    lines: [...late, ...rest].map(toLine),
    records,
    answeredAt: Number.isNaN(date.getTime()) ? undefined : date,
  };
}

/**
 * Tells whether the record is beyond the reached one. One without an `_id` has no place in the order, and is
 * never late.
 */
function isBeyond(_id: string | undefined, { reached, order }: PageContext): boolean {
  if (_id === undefined || reached === undefined || reached === '') return true;
  return order === 'oldest-first' ? _id > reached : _id < reached;
}

/** Removes doubles: of two records of one `_id` the later is kept. */
function withoutDoubles(records: readonly unknown[]): unknown[] {
  const last = new Map(records.map((record, at) => [idOf(record) ?? at, record]));
  return [...last.values()];
}

const DAY_MS = 86_400_000;
const OBJECT_ID = /^[0-9a-f]{24}$/;

/**
 * Returns the `_id` of a record. Its first eight digits are the second in which it was made: one in the
 * future is invalid.
 */
export function idOf(record: unknown): string | undefined {
  const _id = field(record, '_id');
  if (typeof _id !== 'string' || !OBJECT_ID.test(_id)) return undefined;
  return Number.parseInt(_id.slice(0, 8), 16) * 1000 <= Date.now() + DAY_MS ? _id : undefined;
}

/**
 * Returns path and query of the `next` link. Its host, always the public one, also behind a mirror, is
 * ignored.
 */
export function nextPath(link: string | undefined): string | undefined {
  const target = readLink(link, 'next');
  if (target === undefined || !URL.canParse(target, BASE)) return undefined;
  const url = new URL(target, BASE);
  return url.pathname === '/api/models' ? url.pathname + url.search : undefined;
}

/**
 * Returns the record as a line: the key first, and directly behind it the volatile fields, where readers look
 * for them. Of a record nested too deep to be written again only its `_id` is passed on, which neither makes
 * a record nor replaces an earlier one.
 */
function toLine(record: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(isObject(record) ? inOrder(record) : record));
  } catch {
    return Buffer.from(JSON.stringify({ _id: idOf(record) }));
  }
}

function inOrder({ _id, id, sha, downloads, likes, trendingScore, ...rest }: JsonObject): JsonObject {
  return { _id, id, sha, downloads, likes, trendingScore, ...rest };
}

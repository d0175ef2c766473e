/** The Hub's listing with the details that matter, from the cache and the network: complete, or said to be not. */
import { DataError } from '../lib/errors.ts';
import type { LineChunk } from '../lib/lines.ts';
import { CrawlCache } from './cache/index.ts';
import type { WalkOrder, WalkStore } from './cache/walk-store.ts';
import { HubClient, type HubOptions } from './client.ts';
import type { DetailCounts } from './detail-night.ts';
import { fetchDetails } from './details.ts';
import type { ListingPart } from './files.ts';
import { Listing, type ListingSources } from './listing.ts';
import { droppedFields } from './page.ts';
import type { Bucket } from './quota.ts';
import type { Wanted } from './repository.ts';
import { walksOf, walksSince } from './since.ts';
import { mend, walk } from './walk.ts';

export type { Wanted } from './repository.ts';

export interface CrawlOptions extends HubOptions {
  /** The folder of the cache. */
  readonly cache: string;
  /** Starts the walk anew. Details are kept: a commit does not change. */
  readonly fresh: boolean;
  /** Looks only for what changed since the last complete walk, if there was one. */
  readonly sinceLast: boolean;
  /** A walk older than this is not gone on with. */
  readonly maxAgeHours: number;
  /** Requests for details at the most. */
  readonly budget: number;
  /** The walks of a listing that the caller knows: with `sinceLast` what changed since may be told alone. */
  readonly known: readonly string[] | undefined;
  /** Records to walk at the most; the walk is gone on with the next time. */
  readonly limit: number | undefined;
  /** Judges a listing record by its own facts. */
  readonly wanted: (record: unknown) => Wanted;
  readonly now: () => Date;
  readonly onProgress: (progress: CrawlProgress) => void;
}

export interface CrawlProgress {
  readonly stage: 'listing' | 'details';
  readonly done: number;
  /** undefined where nobody knows. */
  readonly all: number | undefined;
  readonly unit: 'records' | 'repositories';
  readonly pages: number;
  /** Requests that our share of the quota still has. */
  readonly left: number;
}

export interface CrawlReport {
  /** `complete`; `partial` when the Hub failed before the end; `limited` as the caller wished. */
  readonly listing: 'complete' | 'partial' | 'limited';
  /** Why it is partial. */
  readonly problem?: string;
  /** Of a partial one: when the walk began whose records stand in for what was not reached. */
  readonly staleSince?: string;
  readonly records: number;
  readonly pages: number;
  /** Pages that stayed shorter than the Hub promises. */
  readonly shortPages: number;
  /** Fields that the Hub no longer knows. */
  readonly droppedFields: readonly string[];
  readonly details: DetailCounts;
  readonly requests: Readonly<Record<Bucket, number>>;
}

export interface Crawl {
  readonly report: CrawlReport;
  /** The walks that the listing is made of; undefined where it is not complete, or details of it are still wanted. */
  readonly walks: readonly string[] | undefined;
  /** The listing with details, without the repositories that are gone. */
  parts(): Iterable<ListingPart>;
  /** A feed of what changed since the walks that the caller knows; undefined where the listing does not begin with them. */
  readonly changes: Changes | undefined;
  /** Gives the cache free for the next crawl. */
  close(): void;
}

interface Changes {
  readonly since: readonly string[];
  parts(): Iterable<ListingPart>;
}

/** One hour for what happened while the last walk began, and for clocks that differ. */
const OVERLAP_MS = 3_600_000;

/**
 * Walks, then fetches details. What was read survives a kill at any moment, and the next call goes on with it.
 *
 * @throws DataError when the Hub fails and no complete walk is there to stand in, or what the cache held is damaged; when
 * another crawl is at work.
 */
export async function crawlHub(options: CrawlOptions): Promise<Crawl> {
  const cache = new CrawlCache(options.cache, options.endpoint, (path) =>
    options.onWait?.(`${path} is damaged; it is set aside, and what it held is fetched again`),
  );
  const client = new HubClient(options);
  try {
    const { sources, problem } = await walkOn(cache, client, options);
    if (problem !== undefined && sources.earlier === undefined) throw problem;
    const listing = new Listing(sources, cache.details);
    const news = problem === undefined ? walksSince(options.known, sources) : undefined;
    const changed = news === undefined ? undefined : new Listing(news, cache.details);
    const counts = await fetchDetails({
      ...options,
      client,
      // The rest was looked through for what is wanted when it was listed.
      listing: changed ?? listing,
      store: cache.details,
      budget: problem === undefined ? options.budget : 0,
      onProgress: (done, all) =>
        options.onProgress({
          stage: 'details',
          done,
          all,
          unit: 'repositories',
          pages: 0,
          left: client.left('resolvers'),
        }),
    });
    settleDamage(cache, problem);
    const report = makeReport({ client, listing, sources, problem, counts });
    const settled =
      report.listing === 'complete' && counts.left + counts.failed + counts.paused + counts.doubted === 0;
    return {
      report,
      walks: settled ? walksOf(sources).map(({ name }) => name) : undefined,
      parts: () => partsOf(listing.chunks()),
      changes:
        changed === undefined
          ? undefined
          : { since: options.known ?? [], parts: () => partsOf(changed.changes()) },
      close: () => cache.close(),
    };
  } catch (error) {
    cache.close();
    throw error;
  } finally {
    await client.close();
  }
}

/**
 * Of a Hub that fails no details are asked: what damaged ones held would be missing tonight, and verdicts with it.
 *
 * @throws DataError then.
 */
function settleDamage({ details }: CrawlCache, problem: DataError | undefined): void {
  const [damaged] = details.damaged;
  if (problem === undefined) details.forgetDamaged();
  else if (damaged !== undefined)
    throw new DataError(
      `${damaged} holds details that cannot be asked for again while the Hub fails. Run again later. ${problem.message}`,
      { cause: problem },
    );
}

function* partsOf(chunks: Iterable<LineChunk>): Generator<ListingPart> {
  for (const chunk of chunks) yield { kind: 'lines', ...chunk };
}

interface Walked {
  readonly sources: ListingSources;
  readonly problem?: DataError;
}

/** A Hub that fails ends the walk, not the night: the last complete walk stands in for what this one did not reach. */
async function walkOn(cache: CrawlCache, client: HubClient, options: CrawlOptions): Promise<Walked> {
  if (cache.unfinished !== undefined && (options.fresh || isTooOld(cache.unfinished, options)))
    cache.drop(cache.unfinished);
  const { complete } = cache;
  try {
    if (options.sinceLast && complete !== undefined) {
      await topUp(cache, complete, client, options);
      return { sources: { current: undefined, earlier: complete, changed: cache.changed } };
    }
    const current = await walk({
      ...walkOptions(cache, 'full', client, options),
      resumed: cache.unfinished,
      limit: options.limit,
      changedSince: undefined,
    });
    if (current.ended) cache.settle();
    return { sources: { current, earlier: undefined, changed: [] } };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const current = options.sinceLast && complete !== undefined ? undefined : cache.unfinished;
    return { sources: { current, earlier: complete, changed: cache.changed }, problem: error };
  }
}

/** Walks what changed since the last walk of any kind. */
async function topUp(
  cache: CrawlCache,
  complete: WalkStore,
  client: HubClient,
  options: CrawlOptions,
): Promise<void> {
  await mend(client, complete);
  cache.dropDamagedChanges();
  const since = Date.parse((cache.changed.at(-1) ?? complete).head.startedAt) - OVERLAP_MS;
  await walk({
    ...walkOptions(cache, 'changed', client, options),
    resumed: undefined,
    limit: undefined,
    changedSince: new Date(since).toISOString(),
  });
  cache.settle();
}

function walkOptions(cache: CrawlCache, kind: 'full' | 'changed', client: HubClient, options: CrawlOptions) {
  const { now, limit, onProgress } = options;
  return {
    client,
    now,
    create: (order: WalkOrder, startedAt: Date) =>
      cache.create(kind, { order, startedAt: startedAt.toISOString() }),
    onPage: (walked: WalkStore) =>
      onProgress({
        stage: 'listing',
        done: walked.records,
        all: limit ?? (kind === 'full' ? cache.complete?.records : undefined),
        unit: 'records',
        pages: walked.entries.length,
        left: client.left('api'),
      }),
  };
}

function isTooOld({ head }: WalkStore, { now, maxAgeHours }: CrawlOptions): boolean {
  return now().getTime() - Date.parse(head.startedAt) > maxAgeHours * 3_600_000;
}

interface ReportInput {
  readonly client: HubClient;
  readonly listing: Listing;
  readonly sources: ListingSources;
  readonly problem: DataError | undefined;
  readonly counts: DetailCounts;
}

function makeReport({ client, listing, sources, problem, counts }: ReportInput): CrawlReport {
  const { current, earlier, changed } = sources;
  const walked = current ?? changed.at(-1) ?? earlier;
  const entries = walked?.entries ?? [];
  const asked = new URLSearchParams(entries[0]?.asked.split('?')[1]);
  return {
    listing: problem !== undefined ? 'partial' : walked?.ended ? 'complete' : 'limited',
    ...(problem === undefined ? {} : { problem: problem.message }),
    ...(problem === undefined || earlier === undefined ? {} : { staleSince: earlier.head.startedAt }),
    records: listing.size,
    pages: entries.length,
    shortPages: entries.filter(({ short }) => short).length,
    droppedFields: droppedFields(asked.getAll('expand')),
    details: counts,
    requests: { ...client.requests },
  };
}

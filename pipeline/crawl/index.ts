/**
 * Crawls the Hub's listing with the details that verdicts need, from the cache and the network. The result
 * says whether it is complete.
 */
import type { WantedDetails } from '../judge/wanted.ts';
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
import * as say from './sentences.ts';
import { walk } from './walk.ts';

export interface CrawlOptions extends HubOptions {
  /** The folder of the cache. */
  readonly cache: string;
  /** True to start the walk anew. Details are kept: a commit does not change. */
  readonly fresh: boolean;
  /** The age in hours from which an unfinished walk is not continued. */
  readonly maxAgeHours: number;
  /** The most requests for details. */
  readonly budget: number;
  /** The most records to walk; the next call continues the walk. */
  readonly limit: number | undefined;
  readonly now: () => Date;
  readonly onProgress: (progress: CrawlProgress) => void;
}

export interface CrawlProgress {
  readonly stage: 'listing' | 'details';
  readonly done: number;
  /** The number of all; undefined where it is unknown. */
  readonly all: number | undefined;
  readonly unit: 'records' | 'repositories';
  readonly pages: number;
  /** Requests that our share of the quota still has. */
  readonly left: number;
}

export interface CrawlReport {
  /** `complete`; `partial` when the Hub failed before the end; `limited` as the caller wished. */
  readonly listing: 'complete' | 'partial' | 'limited';
  /** The reason why it is partial. */
  readonly problem?: string;
  /** The time at which the walk began whose records replace those that a partial listing did not reach. */
  readonly staleSince?: string;
  readonly records: number;
  readonly pages: number;
  /** Pages that stayed shorter than the Hub promises. */
  readonly shortPages: number;
  /** Fields that the Hub no longer gives. */
  readonly droppedFields: readonly string[];
  readonly details: DetailCounts;
  /**
   * Repositories judged by the config.json of an earlier commit, since that of the listed one could not be
   * read yet.
   */
  readonly outdatedConfigs: number;
  readonly requests: Readonly<Record<Bucket, number>>;
}

/** A listing that was walked, and the details that were fetched for it so far. */
export interface Crawl {
  /** Records on all pages. */
  readonly records: number;
  /** Returns the listing with the details that are known, without the repositories that are gone. */
  parts(): Iterable<ListingPart>;
  /**
   * Fetches details within the budget of the night; returns the `_id` of each repository that has new
   * details.
   *
   * @throws DataError when the Hub fails and details that the cache held are damaged.
   */
  fetchDetails(wanted: WantedDetails): Promise<ReadonlySet<string>>;
  /**
   * Returns the records of these `_id`s with their details; a record of a repository that is gone carries
   * `"gone":true`.
   */
  partsOf(ids: ReadonlySet<string>): Iterable<ListingPart>;
  report(): CrawlReport;
  /** Closes the connections and unlocks the cache for the next crawl. */
  close(): Promise<void>;
}

const NO_DETAILS: DetailCounts = {
  fetched: 0,
  gone: 0,
  refused: 0,
  doubted: 0,
  failed: 0,
  paused: 0,
  left: 0,
  leftOthers: 0,
  examples: [],
};

/**
 * Walks the listing. Records that were read survive a kill at any moment, and the next call continues the
 * walk.
 *
 * @throws DataError when the Hub fails and there is no complete walk to replace this one, or the data in the
 * cache is damaged; when another crawl is at work.
 */
export async function crawlHub(options: CrawlOptions): Promise<Crawl> {
  const client = new HubClient(options);
  const cache = new CrawlCache(options.cache, options.endpoint, (path) =>
    options.onWait?.(say.setAside(path)),
  );
  const close = async () => {
    cache.close();
    await client.close();
  };
  try {
    const { sources, problem } = await walkOn(cache, client, options);
    if (problem !== undefined && sources.earlier === undefined) throw problem;
    return crawlOf({ cache, client, options, sources, problem, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Walked {
  readonly sources: ListingSources;
  readonly problem: DataError | undefined;
}

interface CrawlParts extends Walked {
  readonly cache: CrawlCache;
  readonly client: HubClient;
  readonly options: CrawlOptions;
  readonly close: () => Promise<void>;
}

function crawlOf({ cache, client, options, sources, problem, close }: CrawlParts): Crawl {
  const listing = new Listing(sources, cache.details);
  let counts = NO_DETAILS;
  return {
    records: listing.size,
    parts: () => asParts(listing.chunks()),
    partsOf: (ids) => asParts(listing.chunksOf(ids)),
    fetchDetails: async (wanted) => {
      const fetched = await fetchDetails({
        client,
        store: cache.details,
        wanted,
        now: options.now,
        budget: problem === undefined ? options.budget : 0,
        onProgress: (done, all) => options.onProgress(detailProgress(done, all, client)),
      });
      forgetDamage(cache, problem);
      counts = fetched.counts;
      return fetched.news;
    },
    report: () => makeReport({ client, listing, sources, problem, counts }),
    close,
  };
}

function detailProgress(done: number, all: number, client: HubClient): CrawlProgress {
  return { stage: 'details', done, all, unit: 'repositories', pages: 0, left: client.left('resolvers') };
}

/**
 * Forgets damaged files, unless the Hub fails: their details could not be fetched tonight, and verdicts would
 * be missing.
 *
 * @throws DataError then.
 */
function forgetDamage({ details }: CrawlCache, problem: DataError | undefined): void {
  const [damaged] = details.damaged;
  if (problem === undefined) details.forgetDamaged();
  else if (damaged !== undefined)
    throw new DataError(say.detailsDamaged(damaged, problem.message), { cause: problem });
}

function* asParts(chunks: Iterable<LineChunk>): Generator<ListingPart> {
  for (const chunk of chunks) yield { kind: 'lines', ...chunk };
}

/**
 * Continues the walk. A Hub that fails ends the walk, not the night: the last complete walk gives the records
 * that this one did not reach.
 */
async function walkOn(cache: CrawlCache, client: HubClient, options: CrawlOptions): Promise<Walked> {
  const { complete, unfinished } = cache;
  if (unfinished !== undefined && (options.fresh || isTooOld(unfinished, options))) cache.dropUnfinished();
  try {
    const current = await walk({
      client,
      now: options.now,
      create: (order: WalkOrder, startedAt: Date) =>
        cache.create({ order, startedAt: startedAt.toISOString() }),
      onPage: (store) => options.onProgress(walkProgress(store, complete, client, options)),
      resumed: cache.unfinished,
      limit: options.limit,
    });
    if (current.ended) cache.settle();
    return { sources: { current, earlier: undefined }, problem: undefined };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { sources: { current: cache.unfinished, earlier: complete }, problem: error };
  }
}

function walkProgress(
  walked: WalkStore,
  complete: WalkStore | undefined,
  client: HubClient,
  { limit }: CrawlOptions,
): CrawlProgress {
  return {
    stage: 'listing',
    done: walked.records,
    all: limit ?? complete?.records,
    unit: 'records',
    pages: walked.entries.length,
    left: client.left('api'),
  };
}

function isTooOld({ head }: WalkStore, { now, maxAgeHours }: CrawlOptions): boolean {
  return now().getTime() - Date.parse(head.startedAt) > maxAgeHours * 3_600_000;
}

interface ReportInput extends Walked {
  readonly client: HubClient;
  readonly listing: Listing;
  readonly counts: DetailCounts;
}

function makeReport({ client, listing, sources, problem, counts }: ReportInput): CrawlReport {
  const { current, earlier } = sources;
  const walked = current ?? earlier;
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
    outdatedConfigs: listing.outdatedConfigs,
    requests: { ...client.requests },
  };
}

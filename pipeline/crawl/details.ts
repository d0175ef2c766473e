/** What the listing lacks: config.json and file sizes, once per commit, most downloaded first, within a budget. */
import PQueue from 'p-queue';
import type { DetailKey, WantedDetail, WantedDetails } from '../judge/wanted.ts';
import { compareNames } from '../lib/compare.ts';
import { DataError } from '../lib/errors.ts';
import { field, isObject, parseJson } from '../lib/json.ts';
import type { Detail, DetailStore } from './cache/detail-store.ts';
import { CONCURRENCY, type HubAnswer, type HubClient } from './client.ts';
import { headerText } from './quota.ts';

export interface DetailCounts {
  /** Fetched tonight. */
  fetched: number;
  /** Not there any more. */
  gone: number;
  /** The Hub failed, or gave another commit: asked again the next night. */
  failed: number;
  /** Wanted, and not asked for within the budget. */
  left: number;
}

export interface DetailOptions {
  readonly client: HubClient;
  readonly store: DetailStore;
  readonly wanted: WantedDetails;
  /** Requests at the most. */
  readonly budget: number;
  readonly now: () => Date;
  readonly onProgress: (done: number, all: number) => void;
}

interface Job {
  readonly wanted: WantedDetail;
  /** What was fetched before, when less was wanted. */
  readonly known: Detail;
}

type Outcome = Detail | 'gone' | 'failed';

export interface FetchedDetails {
  readonly counts: DetailCounts;
  /** `_id` of the repositories of which something new is in the store. */
  readonly news: ReadonlySet<string>;
}

/** Repositories do not vanish in such numbers: so many in a row say that we are refused, not that they are gone. */
const MOST_GONE_IN_ROW = 20;

/**
 * Fetches what is wanted and not known yet into the store.
 *
 * @throws what the file system throws; what goes wrong with a repository is counted.
 */
export async function fetchDetails(options: DetailOptions): Promise<FetchedDetails> {
  const { client, store, budget, now, onProgress } = options;
  const jobs = makeJobs(options.wanted, store);
  const counts: DetailCounts = { fetched: 0, gone: 0, failed: 0, left: options.wanted.left };
  const news = new Set<string>();
  const queue = new PQueue({ concurrency: CONCURRENCY });
  const end = client.spent + budget;
  let done = 0;
  let goneInRow = 0;
  let broken: { readonly error: unknown } | undefined;
  for (const [at, job] of jobs.entries()) {
    await queue.onSizeLessThan(CONCURRENCY);
    if (client.spent >= end || client.isBroken || broken !== undefined) {
      counts.left += jobs.length - at;
      break;
    }
    const work = async () => {
      const found = await fetchDetail(client, job.wanted, store.findEarlier(job.wanted.key));
      goneInRow = found === 'gone' ? goneInRow + 1 : 0;
      const outcome = goneInRow > MOST_GONE_IN_ROW ? 'failed' : found;
      counts[typeof outcome === 'string' ? outcome : 'fetched'] += 1;
      if (keep(store, job, outcome, now)) news.add(job.wanted.key._id);
      done += 1;
      onProgress(done, jobs.length);
    };
    queue.add(work).catch((error: unknown) => {
      broken ??= { error };
    });
  }
  await queue.onIdle();
  if (broken !== undefined) throw broken.error;
  store.fold();
  return { counts, news };
}

/** Adds what was found to the store; returns whether there is anything new. */
function keep(store: DetailStore, { wanted, known }: Job, outcome: Outcome, now: () => Date): boolean {
  if (outcome === 'failed') return false;
  store.add(
    wanted.key,
    outcome === 'gone' ? { ...known, gone: now().toISOString() } : { ...known, ...outcome },
  );
  return true;
}

/** Looks up what is known of each repository. The store is read in the order of `_id`: it holds few files at a time. */
function makeJobs({ details }: WantedDetails, store: DetailStore): Job[] {
  const known = new Map<string, Detail>();
  for (const { key } of [...details].sort((a, b) => compareNames(a.key._id, b.key._id))) {
    const { gone: _, ...rest } = store.find(key) ?? {};
    known.set(key._id, rest);
  }
  return details.map((wanted) => ({ wanted, known: known.get(wanted.key._id) ?? {} }));
}

/** The longest real config.json weighs 1.5 MB. */
const MAX_CONFIG_BYTES = 5 * 1024 * 1024;
/** 100 thousand files, the most that is read of a repository, with their hashes. */
const MAX_SIZES_BYTES = 32 * 1024 * 1024;

/** What went wrong with one repository stops nobody else's. */
async function fetchDetail(
  client: HubClient,
  wanted: WantedDetail,
  earlier: Detail | undefined,
): Promise<Outcome> {
  try {
    const sizes = wanted.sizes ? await fetchSizes(client, wanted.key) : {};
    if (typeof sizes === 'string') return sizes;
    const config = wanted.config ? await fetchConfig(client, wanted.key, earlier) : {};
    return typeof config === 'string' ? config : { ...sizes, ...config };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return 'failed';
  }
}

async function fetchSizes(client: HubClient, { id, sha }: DetailKey): Promise<Outcome> {
  const answer = await client.get(`/api/models/${id}/revision/${sha}?blobs=true`, {
    maxBytes: MAX_SIZES_BYTES,
    check: ({ text, problem }) =>
      problem === undefined && !isObject(parseJson(text)) ? 'the Hub sent no JSON object' : undefined,
  });
  if (answer.problem !== undefined) return answer.status === 200 ? { siblings: [] } : 'failed';
  if (answer.status !== 200) return isGone(answer, client.hasToken) ? 'gone' : 'failed';
  const model = parseJson(answer.text);
  if (field(model, 'sha') !== sha) return 'failed';
  const siblings = field(model, 'siblings');
  return Array.isArray(siblings) ? { siblings: siblings.flatMap(sizedFile) } : {};
}

function sizedFile(sibling: unknown): { rfilename: string; size?: number }[] {
  const [rfilename, size] = [field(sibling, 'rfilename'), field(sibling, 'size')];
  if (typeof rfilename !== 'string') return [];
  return [typeof size === 'number' ? { rfilename, size } : { rfilename }];
}

/**
 * The text as it is: strangers' JSON is read by `extract`. That it is too big, or kept on another host, is a fact about
 * this commit. Refused to this token: then the listing, which the Hub made from the file, is all there is.
 */
export async function fetchConfig(
  client: HubClient,
  { id, sha }: Pick<DetailKey, 'id' | 'sha'>,
  earlier: Detail | undefined,
): Promise<Outcome> {
  const answer = await client.get(`/${id}/resolve/${sha}/config.json`, {
    maxBytes: MAX_CONFIG_BYTES,
    ifNoneMatch: earlier?.configJson === undefined ? undefined : earlier.etag,
    check: ({ headers }) =>
      headerText(headers, 'content-type')?.includes('html') ? 'the Hub sent a page for a file' : undefined,
  });
  if (answer.problem !== undefined) return problemOf(answer, answer.problem);
  if (answer.status === 304 && earlier?.configJson !== undefined)
    return { configJson: earlier.configJson, ...etagOf(answer, earlier.etag) };
  if (answer.status === 200)
    return JSON.stringify(answer.text).length > MAX_STORED_CHARS
      ? { configProblem: 'is too long' }
      : { configJson: answer.text, ...etagOf(answer, undefined) };
  if (isGone(answer, client.hasToken)) return 'gone';
  return isRefused(answer) ? { configRefused: true } : 'failed';
}

/** Control characters take six signs each once they are stored; no real file has many. */
const MAX_STORED_CHARS = 8 * 1024 * 1024;

/** A file that is too big, or kept with the weights, is so for good; any other redirect may be the Hub's trouble of a night. */
function problemOf({ status, headers }: HubAnswer, problem: string): Detail | 'failed' {
  const isStored = ['x-linked-etag', 'x-xet-hash'].some((name) => headerText(headers, name) !== undefined);
  return status === 200 || isStored ? { configProblem: problem } : 'failed';
}

function etagOf({ headers }: HubAnswer, fallback: string | undefined): { etag?: string } {
  const etag = headerText(headers, 'etag') ?? fallback;
  return etag === undefined || etag.length > 200 ? {} : { etag };
}

/**
 * A repository that is not there answers 401 to callers without a token and 404 with `RepoNotFound` to others; a gated
 * one and a missing file say so in their error code (huggingface_hub, utils/_http.py). With a token 401 means that the
 * token is no longer good: no word about the repository.
 */
function isGone({ status, headers }: HubAnswer, hasToken: boolean): boolean {
  const code = headerText(headers, 'x-error-code');
  return (status === 401 && code === undefined && !hasToken) || (status === 404 && code === 'RepoNotFound');
}

function isRefused({ status, headers }: HubAnswer): boolean {
  const code = headerText(headers, 'x-error-code');
  return status === 403 || (status === 401 && code === 'GatedRepo') || code === 'EntryNotFound';
}

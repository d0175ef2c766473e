/** The Hub's listing, page by page, with config.json and file sizes of the models that need them -> lines. */
import PQueue from 'p-queue';
import { DataError } from '../lib/errors.ts';
import { field, isObject, type JsonObject, parseJson } from '../lib/json.ts';
import type { LineBatch } from '../lib/lines.ts';
import { type HubAnswer, HubClient, type HubOptions } from './client.ts';
import { isRepoId } from './record.ts';

/** The listing fields this project reads; the Hub sends only these. */
const EXPAND = [
  'baseModels',
  'cardData',
  'config',
  'createdAt',
  'disabled',
  'downloads',
  'gated',
  'gguf',
  'lastModified',
  'library_name',
  'likes',
  'pipeline_tag',
  'private',
  'safetensors',
  'sha',
  'siblings',
  'tags',
  'trendingScore',
] as const;

const PAGE_SIZE = 1_000;
const DETAIL_CONCURRENCY = 8;
/** Only to read relative links; never asked. */
const BASE = 'https://hub.invalid';
const SHA = /^[0-9a-f]{40}$/;

/** What is worth asking of one repository, beyond its listing. */
export interface Details {
  readonly config: boolean;
  readonly sizes: boolean;
}

export interface WalkOptions extends HubOptions {
  readonly limit: number | undefined;
  /** Judges a listing record by its own facts. */
  readonly details: (record: unknown) => Details;
  readonly onPage?: (records: number) => void;
}

/** Walks the whole listing, oldest first, so that new repositories arrive at the end of the walk, not in its middle. */
export async function* walkHub(options: WalkOptions): AsyncGenerator<LineBatch> {
  const client = new HubClient(options);
  const queue = new PQueue({ concurrency: DETAIL_CONCURRENCY });
  try {
    for await (const page of pages(client, options.limit)) {
      const detailed = page.map((record) =>
        queue.add(() => withDetails(client, record, options.details(record))),
      );
      const records = await Promise.all(detailed);
      yield { lines: records.map(toLine), tooLong: 0 };
      options.onPage?.(page.length);
    }
  } finally {
    queue.clear();
    await client.close();
  }
}

/** A record nested too deep to be written again is passed on as what it is to us: no record. */
function toLine(record: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(record));
  } catch {
    return Buffer.from('null');
  }
}

async function* pages(client: HubClient, limit: number | undefined): AsyncGenerator<readonly unknown[]> {
  let path: string | undefined = firstPage(Math.min(limit ?? PAGE_SIZE, PAGE_SIZE));
  const visited = new Set<string>();
  let left = limit ?? Number.POSITIVE_INFINITY;
  while (path !== undefined && left > 0) {
    if (visited.has(path))
      throw new DataError(`The listing leads back to a page it already gave: ${path.slice(0, 300)}`);
    visited.add(path);
    const answer: HubAnswer = await client.get(path, { check: checkPage });
    if (answer.status !== 200)
      throw new DataError(`The Hub answers ${answer.status} to its listing: ${answer.text.slice(0, 300)}`);
    const records = parsePage(answer.text) ?? [];
    yield records.slice(0, left);
    left -= records.length;
    path = nextPath(answer.link);
  }
}

function firstPage(limit: number): string {
  const query = new URLSearchParams({ limit: String(limit), sort: 'createdAt', direction: '1' });
  for (const name of EXPAND) query.append('expand', name);
  return `/api/models?${query}`;
}

function parsePage(text: string): unknown[] | undefined {
  const page = parseJson(text);
  return Array.isArray(page) ? page : undefined;
}

/** A cut or foreign body under status 200 is asked for again. */
function checkPage({ text }: HubAnswer): string | undefined {
  const page = parsePage(text);
  if (page === undefined) return 'the Hub sent a page that is not a JSON list';
  return page.length > PAGE_SIZE ? `the Hub sent a page of more than ${PAGE_SIZE} records` : undefined;
}

/** Path and query of the `next` link. Its host is always the public one, also behind a mirror: it is not looked at. */
export function nextPath(link: string | undefined): string | undefined {
  const target = /<([^<>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  const url = URL.canParse(target, BASE) ? new URL(target, BASE) : undefined;
  if (url?.pathname !== '/api/models')
    throw new DataError(`The listing's next page is no listing: ${target.slice(0, 300)}`);
  return url.pathname + url.search;
}

async function withDetails(client: HubClient, record: unknown, wanted: Details): Promise<unknown> {
  if (!isObject(record) || (!wanted.config && !wanted.sizes)) return record;
  const { id, sha } = record;
  if (typeof id !== 'string' || !isRepoId(id) || typeof sha !== 'string' || !SHA.test(sha)) return record;
  return {
    ...record,
    ...(wanted.config ? await readConfig(client, id, sha) : {}),
    ...(wanted.sizes ? await readSizes(client, id, sha) : {}),
  };
}

/** The longest real config.json weighs 1.5 MB. */
const MAX_CONFIG_BYTES = 5 * 1024 * 1024;
const MAX_SIZES_BYTES = 32 * 1024 * 1024;
/** Refused to this token, or gone since it was listed: then the listing, which the Hub made from the file, is all there is. */
const NOT_SERVED = new Set([401, 403, 404]);

/**
 * The text as it is: strangers' JSON is read by `extract`. What goes wrong with one repository (a redirect elsewhere, an
 * answer without end) is a fact about it, for the verdict, and stops nobody else's.
 */
async function readConfig(client: HubClient, id: string, sha: string): Promise<JsonObject> {
  try {
    const answer = await client.get(`/${id}/resolve/${sha}/config.json`, { maxBytes: MAX_CONFIG_BYTES });
    if (answer.status === 200) return { configJson: answer.text };
    return NOT_SERVED.has(answer.status) ? {} : { configProblem: `the Hub answers ${answer.status}` };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { configProblem: error.message.slice(0, 300) };
  }
}

async function readSizes(client: HubClient, id: string, sha: string): Promise<JsonObject> {
  try {
    const answer = await client.get(`/api/models/${id}/revision/${sha}?blobs=true`, {
      maxBytes: MAX_SIZES_BYTES,
    });
    const siblings = answer.status === 200 ? field(parseJson(answer.text), 'siblings') : undefined;
    return Array.isArray(siblings) && siblings.length > 0 ? { siblings } : {};
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return {};
  }
}

/**
 * One repository as the listing would show it, with sizes and, where it may be read, config.json.
 *
 * @throws DataError saying whether the repository is missing, disabled or refused.
 */
export async function fetchModel(id: string, options: HubOptions): Promise<unknown> {
  if (!isRepoId(id))
    throw new DataError(`${JSON.stringify(id.slice(0, 200))} is not a repo id; give owner/name.`);
  const client = new HubClient(options);
  try {
    const answer = await client.get(`/api/models/${id}?blobs=true`);
    if (answer.status !== 200) throw new DataError(`${id}: ${refusalOf(answer.status)}`);
    const record = parseJson(answer.text);
    return await withDetails(client, record, { config: hasConfig(record), sizes: false });
  } finally {
    await client.close();
  }
}

/** Anonymous callers are told 401 for a repository that is not there: docs in the Hub's own client say so. */
function refusalOf(status: number): string {
  if (status === 401 || status === 404) return 'the Hub has no such repository, or it is private.';
  if (status === 403) return 'the Hub has disabled this repository, or refuses this token.';
  return `the Hub answers ${status}.`;
}

function hasConfig(record: unknown): boolean {
  const siblings = field(record, 'siblings');
  return Array.isArray(siblings) && siblings.some((file) => field(file, 'rfilename') === 'config.json');
}

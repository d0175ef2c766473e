/** One repository asked for what the listing lacks: config.json, file sizes and the header of a GGUF file at a commit. */

import type { DetailKey } from '../judge/wanted.ts';
import { DataError } from '../lib/errors.ts';
import { field, isObject, parseJson } from '../lib/json.ts';
import type { Detail } from './cache/detail-store.ts';
import type { HubAnswer, HubClient } from './client.ts';
import { parseGgufHeader } from './gguf-header.ts';
import { headerText } from './headers.ts';
import { type TroubleKind, troubleOf } from './trouble.ts';

/** What is worth asking of one repository, beyond its listing. */
export interface Wanted {
  readonly config: boolean;
  readonly sizes: boolean;
  /** A GGUF file whose header is worth a look. */
  readonly header?: string;
}

export interface Asked {
  readonly key: DetailKey;
  readonly wanted: Wanted;
  /** What was fetched for the last commit whose config.json was read. */
  readonly earlier: Detail | undefined;
}

/** What was learned; with the first thing that went wrong, if any did. */
export interface Learned {
  readonly detail: Detail;
  readonly trouble?: TroubleKind;
  /** Why, where it failed. */
  readonly why?: string;
}

/** Fewer than for the listing: what fails is asked again at the end of the night, and on other nights. */
const TRIES = 3;

/** The longest real config.json weighs 1.5 MB. */
const MAX_CONFIG_BYTES = 5 * 1024 * 1024;
/** 100 thousand files, the most that is read of a repository, with their hashes. */
const MAX_SIZES_BYTES = 32 * 1024 * 1024;

/** What goes wrong with one repository stops no other: it is told in the answer. */
export async function askRepository(client: HubClient, { key, wanted, earlier }: Asked): Promise<Learned> {
  let detail: Detail = {};
  try {
    if (wanted.sizes) {
      const sizes = await fetchSizes(client, key);
      if (sizes.trouble !== undefined) return sizes;
      detail = sizes.detail;
    }
    if (wanted.header !== undefined) {
      const header = await fetchHeader(client, key, wanted.header);
      if (header.trouble !== undefined) return { ...header, detail };
      detail = { ...detail, ...header.detail };
    }
    if (!wanted.config) return { detail };
    const config = await fetchConfig(client, key, earlier);
    return { ...config, detail: { ...detail, ...config.detail } };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { detail, trouble: 'failed', why: error.message };
  }
}

/** The numbers stand in the first kilobytes, before the vocabulary. */
const HEADER_BYTES = 2 * 1024 * 1024;

/** What cannot be read of this commit's file today cannot be read tomorrow: it is not asked for again. */
async function fetchHeader(client: HubClient, { id, sha }: DetailKey, path: string): Promise<Learned> {
  const address = path.split('/').map(encodeURIComponent).join('/');
  const answer = await client.get(`/${id}/resolve/${sha}/${address}`, {
    tries: TRIES,
    firstBytes: HEADER_BYTES,
  });
  if (answer.problem !== undefined) return failed(`the Hub ${answer.problem} for ${path}`);
  if (answer.bytes !== undefined)
    return { detail: { ggufHeader: parseGgufHeader(answer.bytes) ?? 'unreadable' } };
  const trouble = troubleOf(answer, client.hasToken);
  if (trouble === 'refused') return { detail: { ggufHeader: 'unreadable' } };
  return trouble === 'gone'
    ? { detail: {}, trouble }
    : failed(`the Hub answers ${answer.status} for the header of ${path}`);
}

function failed(why: string): Learned {
  return { detail: {}, trouble: 'failed', why };
}

async function fetchSizes(client: HubClient, { id, sha }: DetailKey): Promise<Learned> {
  const answer = await client.get(`/api/models/${id}/revision/${sha}?blobs=true`, {
    tries: TRIES,
    maxBytes: MAX_SIZES_BYTES,
    check: ({ text, problem }) =>
      problem === undefined && !isObject(parseJson(text)) ? 'the Hub sent no JSON object' : undefined,
  });
  if (answer.problem !== undefined)
    return answer.status === 200 ? { detail: { siblings: [] } } : failed(`the Hub ${answer.problem}`);
  if (answer.status !== 200) {
    // Nothing that was listed is kept from us here: what is no word of a repository that is gone says nothing.
    return troubleOf(answer, client.hasToken) === 'gone'
      ? { detail: {}, trouble: 'gone' }
      : failed(`the Hub answers ${answer.status} for its files`);
  }
  const model = parseJson(answer.text);
  if (field(model, 'sha') !== sha) return failed('the Hub gives another commit than it listed');
  const siblings = field(model, 'siblings');
  return { detail: Array.isArray(siblings) ? { siblings: siblings.flatMap(sizedFile) } : {} };
}

function sizedFile(sibling: unknown): { rfilename: string; size?: number }[] {
  const [rfilename, size] = [field(sibling, 'rfilename'), field(sibling, 'size')];
  if (typeof rfilename !== 'string') return [];
  return [typeof size === 'number' ? { rfilename, size } : { rfilename }];
}

/**
 * Asks for config.json. The text is kept as it is: strangers' JSON is read by `extract`. That it is too big, or kept on
 * another host, is a fact about this commit. Where it is refused, the listing, which the Hub made from the file, is all
 * there is.
 */
export async function fetchConfig(
  client: HubClient,
  { id, sha }: Pick<DetailKey, 'id' | 'sha'>,
  earlier: Detail | undefined,
): Promise<Learned> {
  const answer = await client.get(`/${id}/resolve/${sha}/config.json`, {
    tries: TRIES,
    maxBytes: MAX_CONFIG_BYTES,
    ifNoneMatch: earlier?.configJson === undefined ? undefined : earlier.etag,
    check: ({ headers }) =>
      headerText(headers, 'content-type')?.includes('html') ? 'the Hub sent a page for a file' : undefined,
  });
  if (answer.problem !== undefined) return problemOf(answer, answer.problem);
  if (answer.status === 304 && earlier?.configJson !== undefined)
    return { detail: { configJson: earlier.configJson, ...etagOf(answer, earlier.etag) } };
  if (answer.status === 200)
    return JSON.stringify(answer.text).length > MAX_STORED_CHARS
      ? { detail: { configProblem: 'is too long' } }
      : { detail: { configJson: answer.text, ...etagOf(answer, undefined) } };
  const trouble = troubleOf(answer, client.hasToken);
  return trouble === 'failed'
    ? failed(`the Hub answers ${answer.status} for config.json`)
    : { detail: {}, trouble };
}

/** Control characters take six signs each once they are stored; no real file has many. */
const MAX_STORED_CHARS = 8 * 1024 * 1024;

/** A file that is too big, or kept with the weights, is so for good; any other redirect may be the Hub's trouble of a night. */
function problemOf({ status, headers }: HubAnswer, problem: string): Learned {
  const isStored = ['x-linked-etag', 'x-xet-hash'].some((name) => headerText(headers, name) !== undefined);
  return status === 200 || isStored ? { detail: { configProblem: problem } } : failed(`the Hub ${problem}`);
}

function etagOf({ headers }: HubAnswer, fallback: string | undefined): { etag?: string } {
  const etag = headerText(headers, 'etag') ?? fallback;
  return etag === undefined || etag.length > 200 ? {} : { etag };
}

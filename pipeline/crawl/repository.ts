/**
 * Asks one repository for the details that the listing lacks: config.json, file sizes and the header of a
 * GGUF file at a commit.
 */

import type { DetailKey } from '../judge/wanted.ts';
import { DataError } from '../lib/errors.ts';
import { field, isObject, parseJson } from '../lib/json.ts';
import type { Detail } from './cache/detail-store.ts';
import type { HubAnswer, HubClient } from './client.ts';
import { parseGgufHeader } from './gguf-header.ts';
import { headerText } from './headers.ts';
import * as say from './sentences.ts';
import { type TroubleKind, troubleOf } from './trouble.ts';

/** The details that are worth asking of one repository, beyond its listing. */
export interface Wanted {
  readonly config: boolean;
  readonly sizes: boolean;
  /** The GGUF file whose header is wanted. */
  readonly header?: string;
}

export interface Asked {
  readonly key: DetailKey;
  readonly wanted: Wanted;
  /** Details fetched for the last commit whose config.json was read. */
  readonly earlier: Detail | undefined;
}

/** The details that were learned, with the first trouble, if there was any. */
export interface Learned {
  readonly detail: Detail;
  readonly trouble?: TroubleKind;
  /** The reason of a failure. */
  readonly why?: string;
}

/**
 * The number of tries, fewer than for the listing: failed requests are repeated at the end of the night, and
 * on other nights.
 */
const TRIES = 3;

/** The most bytes of a config.json. The longest real one weighs 1.5 MB. */
const MAX_CONFIG_BYTES = 5 * 1024 * 1024;
/**
 * The most bytes of file sizes: 100 thousand files, the most that is read of a repository, with their hashes.
 */
const MAX_SIZES_BYTES = 32 * 1024 * 1024;

/**
 * Asks a repository for its details. Trouble with one repository stops no other: it is part of the result.
 */
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

/**
 * The number of bytes to read of a GGUF file: the numbers are in the first kilobytes, before the vocabulary.
 */
const HEADER_BYTES = 2 * 1024 * 1024;

/**
 * Fetches a header. One that cannot be read today cannot be read later, as the file of a commit does not
 * change: it is not asked for again.
 */
async function fetchHeader(client: HubClient, { id, sha }: DetailKey, path: string): Promise<Learned> {
  const address = path.split('/').map(encodeURIComponent).join('/');
  const answer = await client.get(`/${id}/resolve/${sha}/${address}`, {
    tries: TRIES,
    firstBytes: HEADER_BYTES,
  });
  if (answer.problem !== undefined) return failed(say.hubDoes(answer.problem, path));
  if (answer.bytes !== undefined)
    return { detail: { ggufHeader: parseGgufHeader(answer.bytes) ?? 'unreadable' } };
  const trouble = troubleOf(answer, client.hasToken);
  if (trouble === 'refused') return { detail: { ggufHeader: 'unreadable' } };
  return trouble === 'gone'
    ? { detail: {}, trouble }
    : failed(say.hubAnswers(answer.status, `the header of ${path}`));
}

function failed(why: string): Learned {
  return { detail: {}, trouble: 'failed', why };
}

async function fetchSizes(client: HubClient, { id, sha }: DetailKey): Promise<Learned> {
  const answer = await client.get(`/api/models/${id}/revision/${sha}?blobs=true`, {
    tries: TRIES,
    maxBytes: MAX_SIZES_BYTES,
    check: ({ text, problem }) =>
      problem === undefined && !isObject(parseJson(text)) ? say.NO_JSON_OBJECT : undefined,
  });
  if (answer.problem !== undefined)
    return answer.status === 200 ? { detail: { siblings: [] } } : failed(say.hubDoes(answer.problem));
  if (answer.status !== 200) {
    // Nothing that was listed is kept from us here: what is no word of a repository that is gone says nothing.
    return troubleOf(answer, client.hasToken) === 'gone'
      ? { detail: {}, trouble: 'gone' }
      : failed(say.hubAnswers(answer.status, 'its files'));
  }
  const model = parseJson(answer.text);
  if (field(model, 'sha') !== sha) return failed(say.OTHER_COMMIT);
  const siblings = field(model, 'siblings');
  return { detail: Array.isArray(siblings) ? { siblings: siblings.flatMap(sizedFile) } : {} };
}

function sizedFile(sibling: unknown): { rfilename: string; size?: number }[] {
  const [rfilename, size] = [field(sibling, 'rfilename'), field(sibling, 'size')];
  if (typeof rfilename !== 'string') return [];
  return [typeof size === 'number' ? { rfilename, size } : { rfilename }];
}

/**
 * Fetches config.json. The text is kept as it is: strangers' JSON is read by `extract`. A file that is too
 * big, or kept on another host, is a fact about this commit. Where it is refused, only the listing, which the
 * Hub made from the file, is left.
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
      headerText(headers, 'content-type')?.includes('html') ? say.PAGE_FOR_FILE : undefined,
  });
  if (answer.problem !== undefined) return problemOf(answer, answer.problem);
  if (answer.status === 304 && earlier?.configJson !== undefined)
    return { detail: { configJson: earlier.configJson, ...etagOf(answer, earlier.etag) } };
  if (answer.status === 200)
    return JSON.stringify(answer.text).length > MAX_STORED_CHARS
      ? { detail: { configProblem: say.CONFIG_TOO_LONG } }
      : { detail: { configJson: answer.text, ...etagOf(answer, undefined) } };
  const trouble = troubleOf(answer, client.hasToken);
  return trouble === 'failed'
    ? failed(say.hubAnswers(answer.status, 'config.json'))
    : { detail: {}, trouble };
}

/**
 * The most characters of a stored text. Control characters take six signs each once they are stored; no real
 * file has many.
 */
const MAX_STORED_CHARS = 8 * 1024 * 1024;

/**
 * Returns the problem of config.json: a file that is too big, or kept with the weights, stays so; any other
 * redirect may be the Hub's trouble of one night.
 */
function problemOf({ status, headers }: HubAnswer, problem: string): Learned {
  const isStored = ['x-linked-etag', 'x-xet-hash'].some((name) => headerText(headers, name) !== undefined);
  return status === 200 || isStored ? { detail: { configProblem: problem } } : failed(say.hubDoes(problem));
}

function etagOf({ headers }: HubAnswer, fallback: string | undefined): { etag?: string } {
  const etag = headerText(headers, 'etag') ?? fallback;
  return etag === undefined || etag.length > 200 ? {} : { etag };
}

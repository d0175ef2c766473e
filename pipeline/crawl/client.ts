/** The only place that talks to the Hub: one connection pool, within our share of its quotas, retrying as it asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { DataError } from '../lib/errors.ts';
import { readCapped, readFirst } from './body.ts';
import { ACCEPT_ENCODING, makeDispatcher } from './dispatcher.ts';
import { type Headers, headerText, readRateLimit, readRetryAfter } from './headers.ts';
import { proxyFor } from './proxy.ts';
import { BUCKETS, type Bucket, bucketOf, MAX_WAIT_MS, QuotaWindow } from './quota.ts';

export interface HubOptions {
  /** Such as https://huggingface.co; nothing else is ever asked. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** How much of the Hub's quota may be spent: above 0, at most 1. */
  readonly quotaShare?: number;
  /** How long the Hub may stay silent within an answer. */
  readonly timeoutMs?: number;
  /** The first of the growing waits between tries, where the Hub names none. */
  readonly backoffMs?: number;
  /** Told of every wait and retry, in a sentence. */
  readonly onWait?: (message: string) => void;
}

export interface HubAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Why this answer, whatever its status, says nothing: it is too big, or leads elsewhere. */
  readonly problem?: string;
  /** Of a request for the first bytes: those, and no text. */
  readonly bytes?: Uint8Array;
}

export interface HubRequest {
  /** Says what is wrong with an answer of 200, which is then asked for again. */
  readonly check?: (answer: HubAnswer) => string | undefined;
  /** Of the answer after decompression. */
  readonly maxBytes?: number;
  /** How often it is sent at the most; 6 where nothing is said. */
  readonly tries?: number;
  /** Asks for the content only if it is no longer this one; the answer is 304 where it still is. */
  readonly ifNoneMatch?: string | undefined;
  /**
   * Asks for so many bytes from the beginning of a file, and reads no more whatever is sent. The Hub leads to the host that
   * holds large files: it is followed, without the token.
   */
  readonly firstBytes?: number;
}

/** The version is that of package.json; a test holds them together. */
export const USER_AGENT = 'rbee-marketplace-matrix/0.2.0 (+https://github.com/rbee-keeper/rbee)';
export const CONCURRENCY = 8;
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;
const DEFAULT_SHARE = 0.5;
/** An answer that only drips is cut off after so many timeouts. */
const WHOLE_ANSWER_TIMEOUTS = 5;
const MAX_TRIES = 6;
const MAX_REDIRECTS = 3;
/** A page of 1,000 records with every field weighs some 3 MB, one with many files some 20. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;
/**
 * Worth asking again: huggingface_hub's own list (utils/_http.py: 408, 429, 500, 502, 503, 504), and what stands between
 * us and the Hub: 425, 507 and 509 of storage and hosts, 520 to 530 of Cloudflare, 598 and 599 of proxies.
 */
const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504, 507, 509, 598, 599]);

function isRetried(status: number): boolean {
  return RETRIED.has(status) || (status >= 520 && status <= 530);
}

export class HubClient {
  /** Sent so far, redirects and retries included. */
  readonly requests: Record<Bucket, number> = { api: 0, resolvers: 0, pages: 0 };
  readonly #origin: string;
  readonly #basePath: string;
  readonly #dispatcher: Dispatcher;
  /** Behind what is said of a request that failed. */
  readonly #way: string;
  readonly #windows: Readonly<Record<Bucket, QuotaWindow>>;
  readonly #token: string | undefined;
  readonly #tokenPattern: RegExp | undefined;
  readonly #timeoutMs: number;
  readonly #backoffMs: number;
  readonly #onWait: (message: string) => void;

  constructor({ endpoint, token, quotaShare, timeoutMs, backoffMs, onWait }: HubOptions) {
    const url = new URL(endpoint);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#dispatcher = makeDispatcher({ connections: CONCURRENCY, timeoutMs: this.#timeoutMs });
    const proxy = proxyFor(url);
    this.#way = proxy === undefined ? '' : `, through the proxy ${proxy}`;
    this.#token = token || undefined;
    this.#tokenPattern = this.#token === undefined ? undefined : tokenPattern(this.#token);
    this.#backoffMs = backoffMs ?? DEFAULT_BACKOFF_MS;
    this.#onWait = onWait ?? (() => {});
    const windowOf = (bucket: Bucket) =>
      new QuotaWindow(bucket, {
        share: quotaShare ?? DEFAULT_SHARE,
        onWait: (ms) =>
          this.#onWait(`our share of the quota is spent; waiting ${seconds(ms)} s for the next window`),
      });
    this.#windows = { api: windowOf('api'), resolvers: windowOf('resolvers'), pages: windowOf('pages') };
  }

  /** Requests of all kinds so far. */
  get spent(): number {
    return BUCKETS.reduce((all, bucket) => all + this.requests[bucket], 0);
  }

  get hasToken(): boolean {
    return this.#token !== undefined;
  }

  /** Requests that the window of a bucket still has for us. */
  left(bucket: Bucket): number {
    return this.#windows[bucket].left;
  }

  /**
   * GET a path of the Hub; follows redirects that stay there. Answers of 4xx are returned, for the caller to judge.
   *
   * @throws DataError when the Hub cannot be reached or keeps failing.
   */
  async get(path: string, request: HubRequest = {}): Promise<HubAnswer> {
    const tries = request.tries ?? MAX_TRIES;
    let problem = '';
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const outcome = await this.#attempt(path, request);
      if ('status' in outcome) return outcome;
      problem = outcome.failure;
      if (attempt === tries) break;
      const waitMs = outcome.waitMs ?? this.#backoff(attempt);
      this.#onWait(`${problem}; waiting ${seconds(waitMs)} s (attempt ${attempt} of ${tries})`);
      await sleep(waitMs);
    }
    throw new DataError(`${this.#origin} failed ${tries} times for ${path.slice(0, 200)}: ${problem}.`);
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #attempt(path: string, request: HubRequest): Promise<HubAnswer | Failure> {
    try {
      const answer = await this.#follow(path, request);
      if (isRetried(answer.status)) return failureOf(answer);
      const wrong = answer.status === 200 ? request.check?.(answer) : undefined;
      return wrong === undefined ? answer : { failure: wrong };
    } catch (error) {
      return { failure: `${describe(error)}${this.#way}` };
    }
  }

  async #follow(path: string, request: HubRequest): Promise<HubAnswer> {
    let target = new URL(this.#origin + this.#basePath + path);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await this.#send(target, request);
      const location = headerText(answer.headers, 'location');
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      const next = new URL(location, target);
      // Another host holds weights, of which nothing but a header is fetched; and the token stays here.
      if (next.origin !== this.#origin && !this.#mayLeadTo(next, request))
        return { ...answer, problem: 'redirects to another host, which is not followed' };
      target = next;
    }
    return { status: 508, text: '', headers: {}, problem: `redirects more than ${MAX_REDIRECTS} times` };
  }

  /** Files are read by the protocol of the Hub or a safer one. */
  #mayLeadTo({ protocol }: URL, { firstBytes }: HubRequest): boolean {
    return firstBytes !== undefined && (protocol === 'https:' || protocol === new URL(this.#origin).protocol);
  }

  #send(target: URL, request: HubRequest): Promise<HubAnswer> {
    const { maxBytes, firstBytes } = request;
    const path = target.pathname + target.search;
    const isHub = target.origin === this.#origin;
    // A file of another host was asked for by one of the Hub's resolvers.
    const bucket = isHub ? bucketOf(path.slice(this.#basePath.length)) : 'resolvers';
    return this.#windows[bucket].run(async () => {
      this.requests[bucket] += 1;
      const { statusCode, headers, body } = await this.#dispatcher.request({
        origin: target.origin,
        method: 'GET',
        path,
        signal: AbortSignal.timeout(this.#timeoutMs * WHOLE_ANSWER_TIMEOUTS),
        headers: headersOf(request, isHub ? this.#token : undefined),
      });
      if (firstBytes !== undefined && (statusCode === 200 || statusCode === 206))
        return {
          status: statusCode,
          headers: this.#headersWithoutToken(headers),
          text: '',
          bytes: await readFirst(body, firstBytes),
        };
      const cap = maxBytes ?? MAX_BODY_BYTES;
      const text = await readCapped(body, cap);
      const encoding = headerText(headers, 'content-encoding') ?? 'identity';
      if (text !== '' && encoding !== 'identity')
        throw new Error(`the answer is compressed by ${encoding.slice(0, 40)}, which this Node cannot read`);
      const answer = {
        status: statusCode,
        headers: this.#headersWithoutToken(headers),
        text: this.#withoutToken(text ?? ''),
      };
      return text === undefined ? { ...answer, problem: `answers more than ${cap} bytes` } : answer;
    });
  }

  /** Ever longer, and never the same for two who failed together. */
  #backoff(attempt: number): number {
    return Math.min(2 ** (attempt - 1) * this.#backoffMs, MAX_BACKOFF_MS) * (0.5 + Math.random());
  }

  #headersWithoutToken(headers: Headers): Headers {
    if (this.#tokenPattern === undefined) return headers;
    const clean = Object.keys(headers).map((name) => [
      name,
      this.#withoutToken(headerText(headers, name) ?? ''),
    ]);
    return Object.fromEntries(clean);
  }

  /** What is read is kept in files: a server that sends the token back finds it gone. */
  #withoutToken(text: string): string {
    return this.#tokenPattern === undefined ? text : text.replace(this.#tokenPattern, '[token]');
  }
}

/** `token`: only where the Hub itself is asked. Bytes of a range are asked for as they are: a part of a compressed file is none. */
function headersOf({ ifNoneMatch, firstBytes }: HubRequest, token: string | undefined) {
  return {
    accept: firstBytes === undefined ? 'application/json' : '*/*',
    'accept-encoding': firstBytes === undefined ? ACCEPT_ENCODING : 'identity',
    'user-agent': USER_AGENT,
    ...(firstBytes === undefined ? {} : { range: `bytes=0-${firstBytes - 1}` }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
  };
}

/** Each sign as it is, or as JSON may escape it. */
function tokenPattern(token: string): RegExp {
  const signs = [...token].map((sign) => {
    const code = sign.charCodeAt(0).toString(16).padStart(4, '0');
    return `(?:${sign.replace(/[^A-Za-z0-9_]/, '\\$&')}|\\\\u${code})`;
  });
  return new RegExp(signs.join(''), 'gi');
}

/** A sentence, with the wait where the Hub named one. */
interface Failure {
  readonly failure: string;
  readonly waitMs?: number;
}

/** As told: the wait that Retry-After names; else a window that is used up ends first (the quota waits for it), else ever longer. */
function failureOf({ status, headers }: HubAnswer): Failure {
  const failure = `the Hub answers ${status}`;
  const told = readRetryAfter(headers) ?? 0;
  if (told > 0) return { failure, waitMs: Math.min(told, MAX_WAIT_MS) };
  return status === 429 && readRateLimit(headers).left === 0 ? { failure, waitMs: 0 } : { failure };
}

/** The cause says more than "fetch failed" or an aggregate of addresses. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const said = first instanceof Error ? first : error;
  return `${said.name}: ${said.message}`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

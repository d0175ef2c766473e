/**
 * Talks to the Hub, as the only place that does: one connection pool, within our share of its quotas,
 * retrying as it asks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { DataError } from '../lib/errors.ts';
import { readCapped, readFirst } from './body.ts';
import { ACCEPT_ENCODING, makeDispatcher } from './dispatcher.ts';
import { type Headers, headerText, readRateLimit, readRetryAfter } from './headers.ts';
import { proxyFor } from './proxy.ts';
import { BUCKETS, type Bucket, bucketOf, MAX_WAIT_MS, QuotaWindow } from './quota.ts';
import * as say from './sentences.ts';

export interface HubOptions {
  /** The origin, such as https://huggingface.co; no other is ever asked. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** The share of the Hub's quota that may be spent: above 0, at most 1. */
  readonly quotaShare?: number;
  /** Milliseconds for which the Hub may stay silent within an answer. */
  readonly timeoutMs?: number;
  /** The first of the growing waits between tries in milliseconds, where the Hub names none. */
  readonly backoffMs?: number;
  /** Called with a sentence at every wait and retry. */
  readonly onWait?: (message: string) => void;
}

export interface HubAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The reason why this answer, whatever its status, is of no use: it is too big, or leads elsewhere. */
  readonly problem?: string;
  /** The bytes of a request for the first bytes, which has no text. */
  readonly bytes?: Uint8Array;
}

export interface HubRequest {
  /** Returns the problem of an answer of 200, which is then asked for again. */
  readonly check?: (answer: HubAnswer) => string | undefined;
  /** The most bytes of the answer after decompression. */
  readonly maxBytes?: number;
  /** The most times that it is sent; 6 where left out. */
  readonly tries?: number;
  /** The known version: the content is sent only if it is another; the answer is 304 where it is the same. */
  readonly ifNoneMatch?: string | undefined;
  /**
   * The number of bytes to ask for from the beginning of a file; no more is read, whatever is sent. The Hub
   * redirects to the host that holds large files: the redirect is followed, without the token.
   */
  readonly firstBytes?: number;
}

/** The user agent. Its version is that of package.json, which a test checks. */
export const USER_AGENT = 'rbee-marketplace-matrix/0.2.0 (+https://github.com/rbee-keeper/rbee)';
export const CONCURRENCY = 8;
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;
const DEFAULT_SHARE = 0.5;
/** The number of timeouts after which an answer that arrives too slowly is cut off. */
const WHOLE_ANSWER_TIMEOUTS = 5;
const MAX_TRIES = 6;
const MAX_REDIRECTS = 3;
/**
 * The most bytes of a body. A page of 1,000 records with every field weighs some 3 MB, one with many files
 * some 20.
 */
const MAX_BODY_BYTES = 128 * 1024 * 1024;
/**
 * The statuses after which it is worth asking again: huggingface_hub's own list (utils/_http.py: 408, 429,
 * 500, 502, 503, 504), and those of servers between us and the Hub: 425, 507 and 509 of storage and hosts,
 * 520 to 530 of Cloudflare, 598 and 599 of proxies.
 */
const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504, 507, 509, 598, 599]);

function isRetried(status: number): boolean {
  return RETRIED.has(status) || (status >= 520 && status <= 530);
}

export class HubClient {
  /** The requests sent so far, redirects and retries included. */
  readonly requests: Record<Bucket, number> = { api: 0, resolvers: 0, pages: 0 };
  readonly #origin: string;
  readonly #basePath: string;
  readonly #dispatcher: Dispatcher;
  /** The proxy in words, at the end of messages about failed requests. */
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
    this.#way = proxy === undefined ? '' : say.throughProxy(proxy);
    this.#token = token || undefined;
    this.#tokenPattern = this.#token === undefined ? undefined : tokenPattern(this.#token);
    this.#backoffMs = backoffMs ?? DEFAULT_BACKOFF_MS;
    this.#onWait = onWait ?? (() => {});
    const windowOf = (bucket: Bucket) =>
      new QuotaWindow(bucket, {
        share: quotaShare ?? DEFAULT_SHARE,
        onWait: (ms) => this.#onWait(say.quotaSpent(ms)),
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
   * Gets a path of the Hub; follows redirects within it. Answers of 4xx are returned, for the caller to
   * judge.
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
      this.#onWait(say.triedAgain(problem, waitMs, attempt, tries));
      await sleep(waitMs);
    }
    throw new DataError(say.gaveUp(this.#origin, path, tries, problem));
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
        return { ...answer, problem: say.REDIRECTS_ELSEWHERE };
      target = next;
    }
    return { status: 508, text: '', headers: {}, problem: say.redirectsTooOften(MAX_REDIRECTS) };
  }

  /** Tells whether a redirect is followed: files are read by the protocol of the Hub or a safer one. */
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
      if (text !== '' && encoding !== 'identity') throw new Error(say.encodingUnknown(encoding));
      const answer = {
        status: statusCode,
        headers: this.#headersWithoutToken(headers),
        text: this.#withoutToken(text ?? ''),
      };
      return text === undefined ? { ...answer, problem: say.answersTooMuch(cap) } : answer;
    });
  }

  /** Returns a wait that grows with every attempt, and that differs for two who failed together. */
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

  /** Removes the token from text that is kept in files, since a server may send it back. */
  #withoutToken(text: string): string {
    return this.#tokenPattern === undefined ? text : text.replace(this.#tokenPattern, '[token]');
  }
}

/**
 * Returns the headers of a request. `token` is sent only where the Hub itself is asked. Ranges of bytes are
 * asked for uncompressed: a part of a compressed file cannot be read.
 */
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

/** Returns a pattern that matches each sign of the token as it is, or as JSON may escape it. */
function tokenPattern(token: string): RegExp {
  const signs = [...token].map((sign) => {
    const code = sign.charCodeAt(0).toString(16).padStart(4, '0');
    return `(?:${sign.replace(/[^A-Za-z0-9_]/, '\\$&')}|\\\\u${code})`;
  });
  return new RegExp(signs.join(''), 'gi');
}

/** A failure in a sentence, with the wait in milliseconds where the Hub named one. */
interface Failure {
  readonly failure: string;
  readonly waitMs?: number;
}

/**
 * Returns the failure with its wait: that of Retry-After; else none where a window is used up, whose end the
 * quota waits for; else an ever longer one.
 */
function failureOf({ status, headers }: HubAnswer): Failure {
  const failure = say.hubAnswers(status);
  const told = readRetryAfter(headers) ?? 0;
  if (told > 0) return { failure, waitMs: Math.min(told, MAX_WAIT_MS) };
  return status === 429 && readRateLimit(headers).left === 0 ? { failure, waitMs: 0 } : { failure };
}

/** Describes an error by its cause, which says more than "fetch failed" or an aggregate of addresses. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const said = first instanceof Error ? first : error;
  return `${said.name}: ${said.message}`;
}

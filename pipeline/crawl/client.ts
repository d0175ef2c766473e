/** The only place that talks to the Hub: one connection pool, within our share of its quotas, retrying as it asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { DataError } from '../lib/errors.ts';
import {
  BUCKETS,
  type Bucket,
  bucketOf,
  type Headers,
  headerText,
  MAX_WAIT_MS,
  QuotaWindow,
} from './quota.ts';

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
}

export interface HubRequest {
  /** Says what is wrong with an answer of 200, which is then asked for again. */
  readonly check?: (answer: HubAnswer) => string | undefined;
  readonly maxBytes?: number;
  /** Asks for the content only if it is no longer this one; the answer is 304 where it still is. */
  readonly ifNoneMatch?: string | undefined;
}

export const PUBLIC_HUB = 'https://huggingface.co';
/** The version is that of package.json; a test holds them together. */
export const USER_AGENT = 'rbee-marketplace-matrix/0.1.0 (+https://github.com/rbee-keeper/rbee)';
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
/** Worth asking again: huggingface_hub's own list (utils/_http.py). */
const RETRIED = new Set([408, 429, 500, 502, 503, 504]);
/** After so many requests in a row that failed for good, nothing more is asked. */
const BREAKER = 5;

export class HubClient {
  /** Sent so far, redirects and retries included. */
  readonly requests: Record<Bucket, number> = { api: 0, resolvers: 0, pages: 0 };
  readonly #origin: string;
  readonly #basePath: string;
  readonly #pool: Pool;
  readonly #windows: Readonly<Record<Bucket, QuotaWindow>>;
  readonly #token: string | undefined;
  readonly #tokenPattern: RegExp | undefined;
  readonly #timeoutMs: number;
  readonly #backoffMs: number;
  readonly #onWait: (message: string) => void;
  #failedInRow = 0;

  constructor({ endpoint, token, quotaShare, timeoutMs, backoffMs, onWait }: HubOptions) {
    const url = new URL(endpoint);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#pool = new Pool(url.origin, {
      connections: CONCURRENCY,
      connect: { timeout: this.#timeoutMs },
      bodyTimeout: this.#timeoutMs,
      headersTimeout: this.#timeoutMs,
    });
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

  /** True once the Hub only fails: nothing more is asked. */
  get isBroken(): boolean {
    return this.#failedInRow >= BREAKER;
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
    let problem = '';
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      if (this.isBroken)
        throw new DataError(
          `${this.#origin} failed for ${BREAKER} requests in a row; nothing more is asked of it.`,
        );
      const outcome = await this.#attempt(path, request);
      if ('status' in outcome) {
        this.#failedInRow = 0;
        return outcome;
      }
      problem = outcome.failure;
      if (attempt === MAX_TRIES) break;
      const waitMs = outcome.waitMs ?? this.#backoff(attempt);
      this.#onWait(`${problem}; waiting ${seconds(waitMs)} s (attempt ${attempt} of ${MAX_TRIES})`);
      await sleep(waitMs);
    }
    this.#failedInRow += 1;
    throw new DataError(`${this.#origin} failed ${MAX_TRIES} times for ${path.slice(0, 200)}: ${problem}.`);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #attempt(path: string, request: HubRequest): Promise<HubAnswer | Failure> {
    try {
      const answer = await this.#follow(path, request);
      if (RETRIED.has(answer.status)) return failureOf(answer);
      const wrong = answer.status === 200 ? request.check?.(answer) : undefined;
      return wrong === undefined ? answer : { failure: wrong };
    } catch (error) {
      return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
  }

  async #follow(path: string, request: HubRequest): Promise<HubAnswer> {
    let target = this.#basePath + path;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await this.#send(target, request);
      const location = headerText(answer.headers, 'location');
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      const next = new URL(location, this.#origin + target);
      // Another host holds weights, which are never fetched; and the token stays here.
      if (next.origin !== this.#origin)
        return { ...answer, problem: 'redirects to another host, which is not followed' };
      target = next.pathname + next.search;
    }
    return { status: 508, text: '', headers: {}, problem: `redirects more than ${MAX_REDIRECTS} times` };
  }

  #send(target: string, { maxBytes, ifNoneMatch }: HubRequest): Promise<HubAnswer> {
    const bucket = bucketOf(target.slice(this.#basePath.length));
    return this.#windows[bucket].run(async () => {
      this.requests[bucket] += 1;
      const { statusCode, headers, body } = await this.#pool.request({
        method: 'GET',
        path: target,
        signal: AbortSignal.timeout(this.#timeoutMs * WHOLE_ANSWER_TIMEOUTS),
        headers: {
          accept: 'application/json',
          'user-agent': USER_AGENT,
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
          ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
        },
      });
      const cap = maxBytes ?? MAX_BODY_BYTES;
      const text = await readCapped(body, cap);
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

/** undefined where there is more than the cap. */
async function readCapped(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** As told: a window that is used up ends first (the quota waits for it), else Retry-After, else ever longer. */
function failureOf({ status, headers }: HubAnswer): Failure {
  const failure = `the Hub answers ${status}`;
  if (/\br=0\b/.test(headerText(headers, 'ratelimit') ?? '') && status === 429) return { failure, waitMs: 0 };
  const told = Number(headerText(headers, 'retry-after'));
  return told > 0 ? { failure, waitMs: Math.min(told * 1000, MAX_WAIT_MS) } : { failure };
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

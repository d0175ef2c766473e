/** The only place that talks to the Hub: one connection pool, waiting and retrying as the Hub asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { DataError } from '../lib/errors.ts';

export interface HubOptions {
  /** Such as https://huggingface.co; nothing else is ever asked. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Told of every wait and retry, in a sentence. */
  readonly onWait?: (message: string) => void;
}

export interface HubAnswer {
  readonly status: number;
  readonly text: string;
  readonly link: string | undefined;
}

export interface HubRequest {
  /** Says what is wrong with an answer of 200, which is then asked for again. */
  readonly check?: (answer: HubAnswer) => string | undefined;
  readonly maxBytes?: number;
}

const USER_AGENT = 'rbee-marketplace-matrix/0.1.0 (+https://github.com/rbee-keeper/rbee)';
const MAX_CONNECTIONS = 16;
const TIMEOUT_MS = 60_000;
const MAX_TRIES = 6;
const MAX_REDIRECTS = 3;
/** A page of 1,000 records with every field weighs some 3 MB, one with many files some 20. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;
/** Windows are five minutes long; a wait beyond that is a mistake of one of us. */
const MAX_WAIT_MS = 310_000;

/** Worth asking again: huggingface_hub's own list (utils/_http.py). */
const RETRIED = new Set([408, 429, 500, 502, 503, 504]);

export class HubClient {
  readonly #origin: string;
  readonly #basePath: string;
  readonly #pool: Pool;
  readonly #token: string | undefined;
  readonly #onWait: (message: string) => void;

  constructor({ endpoint, token, onWait }: HubOptions) {
    const url = new URL(endpoint);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#pool = new Pool(url.origin, {
      connections: MAX_CONNECTIONS,
      bodyTimeout: TIMEOUT_MS,
      headersTimeout: TIMEOUT_MS,
    });
    this.#token = token;
    this.#onWait = onWait ?? (() => {});
  }

  /**
   * GET a path of the Hub; follows redirects that stay there. Answers of 4xx are returned, for the caller to judge.
   *
   * @throws DataError when the Hub cannot be reached, keeps failing, or sends more than the cap.
   */
  async get(path: string, request: HubRequest = {}): Promise<HubAnswer> {
    let problem = '';
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const outcome = await this.#attempt(path, request);
      if (typeof outcome !== 'string' && 'status' in outcome) return outcome;
      problem = typeof outcome === 'string' ? outcome : outcome.problem;
      if (attempt === MAX_TRIES) break;
      const waitMs = typeof outcome === 'string' ? backoffMs(attempt) : outcome.waitMs;
      this.#onWait(`${problem}; waiting ${Math.ceil(waitMs / 1000)} s (attempt ${attempt} of ${MAX_TRIES})`);
      await sleep(waitMs);
    }
    throw new DataError(`${this.#origin} failed ${MAX_TRIES} times for ${path.slice(0, 200)}: ${problem}.`);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** An answer, or what went wrong: a sentence, with the wait where the Hub named one. */
  async #attempt(
    path: string,
    { check, maxBytes }: HubRequest,
  ): Promise<HubAnswer | string | { problem: string; waitMs: number }> {
    try {
      const { answer, headers } = await this.#follow(path, maxBytes ?? MAX_BODY_BYTES);
      if (RETRIED.has(answer.status)) return retryOf(answer.status, headers);
      return (answer.status === 200 ? check?.(answer) : undefined) ?? answer;
    } catch (error) {
      if (error instanceof DataError) throw error;
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  }

  async #follow(path: string, maxBytes: number): Promise<{ answer: HubAnswer; headers: Headers }> {
    let target = this.#basePath + path;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const { statusCode, headers, body } = await this.#pool.request({
        method: 'GET',
        path: target,
        headers: {
          accept: 'application/json',
          'user-agent': USER_AGENT,
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        },
      });
      const location = header(headers, 'location');
      if (statusCode >= 300 && statusCode < 400 && location !== undefined) {
        await body.dump();
        const next = new URL(location, this.#origin + target);
        // Another host holds weights, which are never fetched; and the token stays here.
        if (next.origin !== this.#origin)
          throw new DataError(`${target} redirects to another host, which is not followed.`);
        target = next.pathname + next.search;
        continue;
      }
      return {
        answer: {
          status: statusCode,
          text: await readCapped(body, target, maxBytes),
          link: header(headers, 'link'),
        },
        headers,
      };
    }
    throw new DataError(`${path} redirects more than ${MAX_REDIRECTS} times.`);
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

async function readCapped(body: AsyncIterable<Buffer>, target: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new DataError(`${target.slice(0, 200)} answers more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** As told: the window's reset when it is used up, else Retry-After, else ever longer. */
function retryOf(status: number, headers: Headers): string | { problem: string; waitMs: number } {
  const problem = `the Hub answers ${status}`;
  if (status !== 429) return problem;
  const window = /r=(\d+);\s*t=(\d+)/.exec(header(headers, 'ratelimit') ?? '');
  const seconds = window?.[1] === '0' ? Number(window[2]) + 1 : Number(header(headers, 'retry-after'));
  return Number.isFinite(seconds) && seconds > 0
    ? { problem, waitMs: Math.min(seconds * 1000, MAX_WAIT_MS) }
    : problem;
}

function backoffMs(attempt: number): number {
  return Math.min(2 ** (attempt - 1) * 1000, 30_000) * (0.5 + Math.random());
}

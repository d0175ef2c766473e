/**
 * Limits requests to our share of one of the Hub's rate-limit windows: callers wait here until a request may
 * be sent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Headers, readRateLimit, readRetryAfter } from './headers.ts';

/** The buckets that the Hub counts separately (hub-docs, rate-limits.md). */
export const BUCKETS = ['api', 'resolvers', 'pages'] as const;
export type Bucket = (typeof BUCKETS)[number];

/**
 * Requests in five minutes without a token (hub-docs, rate-limits.md): the limit where no header gives
 * another.
 */
const ANONYMOUS: Readonly<Record<Bucket, number>> = { api: 500, resolvers: 3_000, pages: 100 };
const WINDOW_MS = 300_000;
/** The milliseconds added to the end of a window, since the Hub gives whole seconds. */
const MARGIN_MS = 1_000;
/**
 * The longest wait in milliseconds. A window is five minutes long; a longer wait is a mistake of the Hub or
 * of ours.
 */
export const MAX_WAIT_MS = WINDOW_MS + 10_000;

export function bucketOf(path: string): Bucket {
  if (path.includes('/resolve/') || path.startsWith('/api/resolve-cache/')) return 'resolvers';
  return path.startsWith('/api/') ? 'api' : 'pages';
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

export interface QuotaOptions {
  /** The share of the Hub's quota: above 0, at most 1. */
  readonly share: number;
  /** Called with the milliseconds that a used-up window makes us wait. */
  readonly onWait: (ms: number) => void;
}

/**
 * A window of requests. The Hub opens one with the first request after the last one ended, and says in each
 * answer what is left of it. So the first request of a window is sent alone, and the others wait for its
 * answer.
 */
export class QuotaWindow {
  readonly #options: QuotaOptions;
  #quota: number;
  /** Requests sent in this window, by us or by others who share the quota. */
  #sent = 0;
  #inFlight = 0;
  #endsAt: number | undefined;
  /** The end of the window whose wait was reported. */
  #announced: number | undefined;
  #waiting: (() => void)[] = [];

  constructor(bucket: Bucket, options: QuotaOptions) {
    this.#quota = ANONYMOUS[bucket];
    this.#options = options;
  }

  /** Requests that this window still has for us. */
  get left(): number {
    return Math.max(0, this.#allowance - this.#sent);
  }

  /** Sends when the window allows it, and updates the window by the answer's headers. */
  async run<T extends Answer>(send: () => Promise<T>): Promise<T> {
    while (!this.#admit()) await this.#turn();
    try {
      const answer = await send();
      this.#learn(answer);
      return answer;
    } finally {
      this.#inFlight -= 1;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  get #allowance(): number {
    return Math.max(1, Math.floor(this.#quota * this.#options.share));
  }

  /**
   * Takes a place in the window, if there is one: checking and taking are one step, so that no two take the
   * same place.
   */
  #admit(): boolean {
    if (this.#endsAt !== undefined && now() >= this.#endsAt) {
      this.#endsAt = undefined;
      this.#sent = this.#inFlight;
    }
    const open = this.#endsAt === undefined ? this.#inFlight === 0 : this.#sent < this.#allowance;
    if (!open) return false;
    this.#sent += 1;
    this.#inFlight += 1;
    return true;
  }

  /** Waits until the window ends; or, where its end is not known yet, until an answer has come. */
  async #turn(): Promise<void> {
    if (this.#endsAt === undefined) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      return;
    }
    const waitMs = Math.min(this.#endsAt - now(), MAX_WAIT_MS);
    if (this.#announced !== this.#endsAt) this.#options.onWait(waitMs);
    this.#announced = this.#endsAt;
    await sleep(waitMs);
  }

  #learn({ status, headers }: Answer): void {
    const { left, endsInSeconds, quota } = readRateLimit(headers);
    if (quota !== undefined) this.#quota = quota;
    if (endsInSeconds !== undefined)
      this.#endsAt = now() + Math.min(endsInSeconds * 1000 + MARGIN_MS, MAX_WAIT_MS);
    else this.#endsAt ??= now() + WINDOW_MS;
    if (left !== undefined) this.#sent = Math.max(this.#sent, this.#quota - left);
    const told = readRetryAfter(headers);
    if (status !== 429 || left !== 0 || told === undefined) return;
    // Beside a window that says its end, the longer wait counts; one that does not ends when we may ask again.
    const until = now() + Math.min(told, MAX_WAIT_MS);
    this.#endsAt = endsInSeconds === undefined ? until : Math.max(until, this.#endsAt);
  }
}

/** Returns milliseconds of a monotonic clock. */
function now(): number {
  return performance.now();
}

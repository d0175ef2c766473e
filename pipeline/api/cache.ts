/** Remembers what is costly to compute: verdicts, models fetched from the Hub, or any value under a key. */
import { LRUCache } from 'lru-cache';

export interface CacheKey {
  /** Repo id. */
  readonly model: string;
  /** Commit sha; `unknown` counts as a commit of its own. */
  readonly sha: string;
  /** Worker id with its version, since another version may give another verdict. */
  readonly worker: string;
  readonly workerVersion: string;
}

export interface CacheOptions {
  /** The most entries held; the least recently used are dropped first. Default 10,000. */
  readonly maxEntries?: number;
  /** Milliseconds until an entry is computed anew. Default one hour. */
  readonly ttlMs?: number;
}

export interface CacheStatistics {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
  /** Number of callers who were given a computation that was already under way. */
  readonly shared: number;
}

const DEFAULT_ENTRIES = 10_000;
const DEFAULT_TTL_MS = 3_600_000;

export class CompatibilityCache<V extends object> {
  readonly #held: LRUCache<string, V>;
  readonly #onTheirWay = new Map<string, Promise<V>>();
  #hits = 0;
  #misses = 0;
  #shared = 0;

  constructor({ maxEntries, ttlMs }: CacheOptions = {}) {
    this.#held = new LRUCache({ max: maxEntries ?? DEFAULT_ENTRIES, ttl: ttlMs ?? DEFAULT_TTL_MS });
  }

  /**
   * The value under the key, computed by `compute` where it is not held. Callers who ask for one key at a time share one
   * computation; one that fails is not held.
   *
   * @throws what `compute` throws.
   */
  async get(key: CacheKey, compute: () => V | Promise<V>): Promise<V> {
    const name = JSON.stringify([key.model, key.sha, key.worker, key.workerVersion]);
    const held = this.#held.get(name);
    if (held !== undefined) {
      this.#hits += 1;
      return held;
    }
    const pending = this.#onTheirWay.get(name);
    if (pending !== undefined) {
      this.#shared += 1;
      return pending;
    }
    this.#misses += 1;
    const computing = this.#compute(name, compute);
    this.#onTheirWay.set(name, computing);
    return computing;
  }

  get statistics(): CacheStatistics {
    return { entries: this.#held.size, hits: this.#hits, misses: this.#misses, shared: this.#shared };
  }

  /** Forgets everything but the statistics. */
  clear(): void {
    this.#held.clear();
  }

  async #compute(name: string, compute: () => V | Promise<V>): Promise<V> {
    try {
      // One that throws at once must not do so before it is noted as on its way.
      const value = await Promise.resolve().then(compute);
      this.#held.set(name, value);
      return value;
    } finally {
      this.#onTheirWay.delete(name);
    }
  }
}

/** Orders the jobs of a night. */
import type { Job } from './detail-night.ts';

/**
 * Failed repositories in a row that put the Hub in doubt: from then on others are asked, from all over the
 * list.
 */
const SUSPECTED_AFTER = 20;
/**
 * The step as a share of the list (the golden ratio): steps soon come close to each part and never repeat a
 * place.
 */
const STEP = 0.618034;

/** Gives jobs in their order; once failures in a row raise doubts, it gives them from all over the list. */
export class JobOrder {
  readonly #jobs: readonly Job[];
  readonly #taken = new Set<number>();
  #front = 0;
  #position = 0;

  constructor(jobs: readonly Job[]) {
    this.#jobs = jobs;
  }

  get left(): number {
    return this.#jobs.length - this.#taken.size;
  }

  /** Returns the jobs that were not given. */
  rest(): Job[] {
    return this.#jobs.filter((_, at) => !this.#taken.has(at));
  }

  next(failedInRow: number): Job | undefined {
    while (this.#taken.has(this.#front)) this.#front += 1;
    const at = failedInRow < SUSPECTED_AFTER ? this.#front : this.#elsewhere();
    this.#taken.add(at);
    return this.#jobs[at];
  }

  #elsewhere(): number {
    this.#position = (this.#position + STEP) % 1;
    const { length } = this.#jobs;
    const start = Math.floor(this.#position * length);
    for (let step = 0; step < length; step += 1) {
      const at = (start + step) % length;
      if (!this.#taken.has(at)) return at;
    }
    return this.#front;
  }
}

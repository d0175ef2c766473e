/** The night that answers questions: the newest that is published. Each question is answered from one night alone. */
import { DataError } from '../lib/errors.ts';
import { OtherNightError } from './files.ts';
import { type OpenedOut, openNight } from './opened.ts';
import * as say from './sentences.ts';
import type { MatrixSource } from './source.ts';

/** Milliseconds before each new try of a question whose files were of two nights, since a publish takes a moment. */
const WAITS_MS = [0, 100, 400] as const;
/** Milliseconds in which no question waits again for a file that remained of another night. */
const GIVEN_UP_MS = 5_000;

export class CurrentNight {
  readonly #source: MatrixSource;
  readonly #recheckMs: number;
  readonly #givenUp = new Map<string, number>();
  #out: OpenedOut;
  #checkedAt = performance.now();
  #moving: Promise<void> | undefined;

  private constructor(source: MatrixSource, recheckMs: number, out: OpenedOut) {
    this.#source = source;
    this.#recheckMs = recheckMs;
    this.#out = out;
  }

  /**
   * Opens the night that is published now.
   *
   * @throws UsageError when there is no manifest; DataError when it is damaged.
   */
  static async open(source: MatrixSource, recheckMs = source.recheckMs): Promise<CurrentNight> {
    return new CurrentNight(source, recheckMs, await openNight(source));
  }

  get out(): OpenedOut {
    return this.#out;
  }

  /**
   * Answers a question from one night. Where another was published meanwhile, the whole question is asked of that one.
   *
   * @throws DataError naming the file that remains of another night, or is damaged.
   */
  async ask<T>(question: (out: OpenedOut) => Promise<T>): Promise<T> {
    await this.#lookForNewer();
    for (let attempt = 0; ; attempt += 1) {
      const out = this.#out;
      try {
        return await question(out);
      } catch (error) {
        if (!(error instanceof OtherNightError)) throw error;
        await this.#askAgain(error, out, attempt);
      }
    }
  }

  /** Does the same as `ask` for an answer in parts. After the first part, no other night may follow. */
  async *askForAll<T>(question: (out: OpenedOut) => AsyncGenerator<T>): AsyncGenerator<T> {
    const [first, rest] = await this.ask(async (out) => {
      const answer = question(out);
      return [await answer.next(), answer] as const;
    });
    if (first.done === true) return;
    yield first.value;
    try {
      yield* rest;
    } catch (error) {
      if (!(error instanceof OtherNightError)) throw error;
      throw new DataError(say.otherNight(this.#source.name, error.path), { cause: error });
    }
  }

  /**
   * Prepares another try.
   *
   * @throws the error, where another try is of no use.
   */
  async #askAgain(error: OtherNightError, out: OpenedOut, attempt: number): Promise<void> {
    const waitMs = WAITS_MS[attempt];
    const isGivenUp = performance.now() - (this.#givenUp.get(error.path) ?? -GIVEN_UP_MS) < GIVEN_UP_MS;
    if (isGivenUp) throw error;
    if (waitMs === undefined) {
      this.#givenUp.set(error.path, performance.now());
      throw error;
    }
    if (this.#out !== out) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await this.#move(out);
  }

  /** Looks for a newer night. An error is ignored until the next look: the files of the last night may all be there. */
  async #lookForNewer(): Promise<void> {
    if (performance.now() - this.#checkedAt < this.#recheckMs) return;
    this.#checkedAt = performance.now();
    const out = this.#out;
    if (await this.#source.hasNewManifest().catch(() => false)) await this.#move(out);
  }

  /** Opens the night that is published now, once for all questions that wait for it. */
  #move(from: OpenedOut): Promise<void> {
    this.#moving ??= this.#reopen(from).finally(() => {
      this.#moving = undefined;
    });
    return this.#moving;
  }

  async #reopen(from: OpenedOut): Promise<void> {
    const past = `${Date.now()}`;
    const next = await openNight(this.#source, past).catch(() => from);
    if (next.manifest.date === from.manifest.date) from.files.askAnew();
    else {
      this.#out = next;
      this.#givenUp.clear();
    }
  }
}

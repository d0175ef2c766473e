/** A night's requests for details: who is asked next, what a failure costs, and when it is the Hub that fails. */
import PQueue from 'p-queue';
import type { DetailKey } from '../judge/wanted.ts';
import type { Detail, DetailStore } from './cache/detail-store.ts';
import { CONCURRENCY, type HubClient } from './client.ts';
import { askRepository, type Learned, type Wanted } from './repository.ts';
import { addTrouble, isBelieved, type Trouble, type TroubleKind } from './trouble.ts';

export interface DetailCounts {
  /** Fetched tonight. */
  fetched: number;
  /** Not there any more, by the Hub's own word on two nights. */
  gone: number;
  /** With a config.json that is kept from us, by the Hub's own word on two nights: judged by their listing. */
  refused: number;
  /** Said to be gone or refused for the first time: what is known of them stands. */
  doubted: number;
  /** Without a usable answer: asked again on another night. */
  failed: number;
  /** Failed on earlier nights, and not asked tonight. */
  paused: number;
  /** Wanted, that a gate worker may run, and not asked for within the budget. */
  left: number;
  /** The same of models that only other engines run. */
  leftOthers: number;
  /** Some of those that failed or are doubted, and why. */
  readonly examples: string[];
  /** What was wrong with more than single repositories. */
  problem?: string;
}

export interface NightOptions {
  readonly client: HubClient;
  readonly store: DetailStore;
  /** Requests at the most. */
  readonly budget: number;
  readonly now: () => Date;
  readonly onProgress: (done: number, all: number) => void;
}

export interface FetchedDetails {
  readonly counts: DetailCounts;
  /** `_id` of the repositories of which something new is known. */
  readonly news: ReadonlySet<string>;
}

/** A repository to ask for what is wanted of it. */
export interface Job {
  readonly key: DetailKey;
  readonly wanted: Wanted;
  /** What was fetched before, when less was wanted. */
  readonly known: Detail;
  /** What went wrong with it on earlier nights. */
  readonly trouble: Trouble | undefined;
  /** Whether a gate worker may run it. */
  readonly gate: boolean;
  readonly downloads: number;
}

/** So many repositories in a row without an answer raise the question whether it is they or the Hub. */
const SUSPECTED_AFTER = 20;
/** From then on others are asked, from all over the list. When these fail as well, one that answered before decides. */
const FAILS_AFTER = 40;
/** Steps of this share of a list soon come close to each of its parts, and never twice to one place (the golden ratio). */
const STEP = 0.618034;
const MOST_EXAMPLES = 10;
/** Repositories do not vanish in such numbers: so many, and such a share of all that were asked, is trouble of the Hub. */
const MOST_REFUSALS = 20;
const MOST_REFUSED_SHARE = 0.1;
/** Repositories that gave their details before, asked again before a refusal of others is believed: one may be gone itself. */
const MOST_CONTROLS = 3;

export class DetailNight {
  readonly #options: NightOptions;
  readonly #counts: DetailCounts;
  readonly #end: number;
  readonly #refusals: { readonly job: Job; readonly kind: TroubleKind }[] = [];
  #all = 0;
  #done = 0;
  #failedInRow = 0;
  readonly #news = new Set<string>();
  /** One that answered tonight, and one that gave its details. */
  #answered: Job | undefined;
  #gave: Job | undefined;
  #hubFails = false;

  /** `left`, `leftOthers` and `paused`: wanted repositories that are not asked tonight. */
  constructor(options: NightOptions, unasked: Pick<DetailCounts, 'left' | 'leftOthers' | 'paused'>) {
    this.#options = options;
    this.#end = options.client.spent + options.budget;
    this.#counts = { fetched: 0, gone: 0, refused: 0, doubted: 0, failed: 0, ...unasked, examples: [] };
  }

  /**
   * Asks for all of them, and once more for those that fail for the first time.
   *
   * @throws what the file system throws.
   */
  async run(jobs: readonly Job[]): Promise<FetchedDetails> {
    this.#all = jobs.length;
    const failed: FailedJob[] = [];
    await this.#ask(jobs, (job, why) => {
      if (job.trouble?.kind === 'failed') this.#remember(job, why);
      else failed.push({ job, why });
    });
    if (!this.#hubFails) {
      // An answer in fifty may get lost on the way: that is no trouble of the repository.
      const again = failed.splice(0);
      await this.#ask(
        again.map(({ job }) => job),
        (job, why) => this.#remember(job, why),
      );
    }
    for (const { job, why } of failed) this.#countFailed(job, why);
    await this.#believe();
    this.#options.store.fold();
    return { counts: this.#counts, news: this.#news };
  }

  async #ask(jobs: readonly Job[], onFailed: (job: Job, why: string) => void): Promise<void> {
    const { client, onProgress } = this.#options;
    const order = new JobOrder(jobs);
    const queue = new PQueue({ concurrency: CONCURRENCY });
    let broken: { readonly error: unknown } | undefined;
    const work = async (job: Job) => {
      const learned = await askRepository(client, {
        ...job,
        earlier: this.#options.store.findWithConfig(job.key),
      });
      if (learned.trouble === 'failed') {
        this.#failedInRow += 1;
        onFailed(withPart(job, learned), learned.why ?? '');
      } else this.#settle(job, learned);
      this.#done += 1;
      onProgress(Math.min(this.#done, this.#all), this.#all);
    };
    while (order.left > 0 && broken === undefined) {
      await queue.onSizeLessThan(1);
      if (this.#failedInRow >= FAILS_AFTER) {
        await queue.onIdle();
        await this.#lookAtHub();
      }
      if (client.spent >= this.#end || this.#hubFails) break;
      const job = order.next(this.#failedInRow);
      if (job === undefined) break;
      queue
        .add(() => work(job))
        .catch((error: unknown) => {
          broken ??= { error };
        });
    }
    await queue.onIdle();
    for (const { gate } of order.rest())
      if (gate) this.#counts.left += 1;
      else this.#counts.leftOthers += 1;
    if (broken !== undefined) throw broken.error;
  }

  /** Many in a row may be all that is left of a list. The Hub fails where none ever answered, or one that did does no more. */
  async #lookAtHub(): Promise<void> {
    const control = this.#answered ?? askedBefore(this.#options.store, 1)[0];
    if (control !== undefined && (await this.#troubleOf(control)) !== 'failed') {
      this.#failedInRow = 0;
      return;
    }
    this.#hubFails = true;
    this.#counts.problem = `${this.#failedInRow} different repositories failed in a row; no more details were asked for`;
  }

  async #troubleOf(control: Job): Promise<TroubleKind | undefined> {
    const { client, store } = this.#options;
    const earlier = store.findWithConfig(control.key);
    return (await askRepository(client, { ...control, earlier })).trouble;
  }

  #settle(job: Job, { detail, trouble }: Learned): void {
    this.#failedInRow = 0;
    this.#answered = job;
    if (trouble !== undefined) {
      this.#refusals.push({ job: { ...job, known: { ...job.known, ...detail } }, kind: trouble });
      return;
    }
    this.#gave = job;
    this.#counts.fetched += 1;
    this.#news.add(job.key._id);
    this.#options.store.add(job.key, { ...job.known, ...detail });
  }

  /** With the date, so that it is asked ever more seldom. */
  #remember(job: Job, why: string): void {
    const trouble = addTrouble(job.trouble, 'failed', this.#options.now());
    this.#options.store.add(job.key, { ...job.known, trouble });
    this.#countFailed(job, why);
  }

  #countFailed({ key }: Job, why: string): void {
    this.#counts.failed += 1;
    this.#addExample(`${key.id}: ${why}`);
  }

  #addExample(text: string): void {
    if (this.#counts.examples.length < MOST_EXAMPLES) this.#counts.examples.push(text.slice(0, 300));
  }

  /** Refusals are looked at together: a Hub that refuses everybody says nothing of any repository. */
  async #believe(): Promise<void> {
    const counts = this.#counts;
    const said = this.#refusals.length;
    const troubles = this.#refusals.map(({ job, kind }) => ({
      job,
      kind,
      trouble: addTrouble(job.trouble, kind, this.#options.now()),
    }));
    const tooMany = said > MOST_REFUSALS && said > this.#done * MOST_REFUSED_SHARE;
    const final = troubles.some(({ trouble }) => isBelieved(trouble));
    if (tooMany || (final && !(await this.#givesToOthers()))) {
      counts.failed += said;
      counts.problem ??= `${said} of ${this.#done} repositories are said to be gone or refused${tooMany ? '' : ', and so are others that gave their details before'}, which is not believed: what is known of them stands`;
      return;
    }
    for (const { job, kind, trouble } of troubles) {
      this.#options.store.add(job.key, { ...job.known, trouble });
      if (isBelieved(trouble)) {
        counts[kind] += 1;
        this.#news.add(job.key._id);
      } else {
        counts.doubted += 1;
        this.#addExample(`${job.key.id}: said to be ${kind} for the first time, what is known of it stands`);
      }
    }
  }

  /** Whether a repository that gave its details before still does: in an outage of authentication none would. */
  async #givesToOthers(): Promise<boolean> {
    const tonight = this.#gave === undefined ? [] : [this.#gave];
    for (const control of [...tonight, ...askedBefore(this.#options.store, MOST_CONTROLS)])
      if ((await this.#troubleOf(control)) === undefined) return true;
    return false;
  }
}

/** Some that answered on an earlier night: asked whether their config.json is still the same. */
function askedBefore(store: DetailStore, most: number): Job[] {
  return store.findAnswered(most).map((found) => ({
    ...found,
    wanted: { config: true, sizes: false },
    trouble: undefined,
    gate: true,
    downloads: 0,
  }));
}

interface FailedJob {
  readonly job: Job;
  readonly why: string;
}

/** What was learned before it failed is kept, and not asked for again. */
function withPart(job: Job, { detail }: Learned): Job {
  const known = { ...job.known, ...detail };
  return {
    ...job,
    known,
    wanted: {
      config: job.wanted.config,
      sizes: job.wanted.sizes && known.siblings === undefined,
      ...(job.wanted.header === undefined || known.ggufHeader !== undefined
        ? {}
        : { header: job.wanted.header }),
    },
  };
}

/** Gives jobs in their order; once failures in a row raise doubts, from all over the list. */
class JobOrder {
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

  /** Those that were not given. */
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

/** Sends a night's requests for details: the order of jobs, the cost of a failure, and when the Hub fails. */
import PQueue from 'p-queue';
import type { DetailKey } from '../judge/wanted.ts';
import type { Detail, DetailStore } from './cache/detail-store.ts';
import { CONCURRENCY, type HubClient } from './client.ts';
import { JobOrder } from './job-order.ts';
import { askRepository, type Learned, type Wanted } from './repository.ts';
import * as say from './sentences.ts';
import { addTrouble, isBelieved, type Trouble, type TroubleKind } from './trouble.ts';

export interface DetailCounts {
  /** Repositories whose details were fetched tonight. */
  fetched: number;
  /** Repositories that no longer exist, as the Hub said on two nights. */
  gone: number;
  /** Repositories whose config.json the Hub refused on two nights: judged by their listing. */
  refused: number;
  /** Repositories reported gone or refused for the first time: their known details still count. */
  doubted: number;
  /** Repositories without a usable answer: they are asked again on another night. */
  failed: number;
  /** Repositories that failed on earlier nights, and are not asked tonight. */
  paused: number;
  /** Repositories that a gate worker may run, and that the budget leaves for other nights. */
  left: number;
  /** Repositories that only other engines run, and that the budget leaves for other nights. */
  leftOthers: number;
  /** Some of those that failed or are doubted, and the reasons. */
  readonly examples: string[];
  /** The problem, where it concerned more than single repositories. */
  problem?: string;
}

export interface NightOptions {
  readonly client: HubClient;
  readonly store: DetailStore;
  /** The most requests. */
  readonly budget: number;
  readonly now: () => Date;
  readonly onProgress: (done: number, all: number) => void;
}

export interface FetchedDetails {
  readonly counts: DetailCounts;
  /** `_id` of the repositories that have new details. */
  readonly news: ReadonlySet<string>;
}

/** A repository and the details wanted of it. */
export interface Job {
  readonly key: DetailKey;
  readonly wanted: Wanted;
  /** Details fetched before, when fewer were wanted. */
  readonly known: Detail;
  /** The trouble with it on earlier nights. */
  readonly trouble: Trouble | undefined;
  /** True where a gate worker may run it. */
  readonly gate: boolean;
  readonly downloads: number;
}

/** Failed repositories in a row after which one that answered before decides whether the Hub fails. */
const FAILS_AFTER = 40;
const MOST_EXAMPLES = 10;
/**
 * Refusals which, with such a share of all requests, mean trouble of the Hub: repositories vanish more
 * slowly.
 */
const MOST_REFUSALS = 20;
const MOST_REFUSED_SHARE = 0.1;
/** Repositories with earlier details, asked again before refusals of others are believed: one may be gone. */
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
  /** A repository that answered tonight, and one that gave its details. */
  #answered: Job | undefined;
  #gave: Job | undefined;
  #hubFails = false;

  /** `left`, `leftOthers` and `paused` count wanted repositories that are not asked tonight. */
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

  /**
   * Decides whether the Hub fails, as many failures in a row may be all that is left of a list. It fails
   * where none ever answered, or one that did no longer does.
   */
  async #lookAtHub(): Promise<void> {
    const control = this.#answered ?? askedBefore(this.#options.store, 1)[0];
    if (control !== undefined && (await this.#troubleOf(control)) !== 'failed') {
      this.#failedInRow = 0;
      return;
    }
    this.#hubFails = true;
    this.#counts.problem = say.failedInRow(this.#failedInRow);
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

  /** Stores the failure with its date, so that the repository is asked ever more seldom. */
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

  /** Decides about all refusals together: a Hub that refuses everybody says nothing of any repository. */
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
      counts.problem ??= say.refusalsNotBelieved(said, this.#done, tooMany);
      return;
    }
    for (const { job, kind, trouble } of troubles) {
      this.#options.store.add(job.key, { ...job.known, trouble });
      if (isBelieved(trouble)) {
        counts[kind] += 1;
        this.#news.add(job.key._id);
      } else {
        counts.doubted += 1;
        this.#addExample(say.refusedForFirstTime(job.key.id, kind));
      }
    }
  }

  /**
   * Tells whether a repository that gave details before still does: in an outage of authentication none
   * would.
   */
  async #givesToOthers(): Promise<boolean> {
    const tonight = this.#gave === undefined ? [] : [this.#gave];
    for (const control of [...tonight, ...askedBefore(this.#options.store, MOST_CONTROLS)])
      if ((await this.#troubleOf(control)) === undefined) return true;
    return false;
  }
}

/** Returns some repositories that answered on an earlier night, to ask for their config.json again. */
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

/** Adds details learned before the failure to the job, so that they are not asked for again. */
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

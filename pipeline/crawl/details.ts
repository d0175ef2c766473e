/**
 * Fetches the details that the listing lacks: config.json, file sizes and headers of GGUF files, once per
 * commit, by value, within a budget.
 */
import type { WantedDetail, WantedDetails } from '../judge/wanted.ts';
import { compareNames } from '../lib/compare.ts';
import type { DetailStore } from './cache/detail-store.ts';
import { DetailNight, type FetchedDetails, type Job, type NightOptions } from './detail-night.ts';
import type { Wanted } from './repository.ts';
import { isDue, type Trouble } from './trouble.ts';

export interface DetailOptions extends NightOptions {
  readonly wanted: WantedDetails;
}

/**
 * Fetches details that are wanted and not known yet into the store.
 *
 * @throws what the file system throws; trouble with a repository is counted.
 */
export async function fetchDetails(options: DetailOptions): Promise<FetchedDetails> {
  const { jobs, paused } = makeJobs(options);
  const { left, leftOthers } = options.wanted;
  const night = new DetailNight(options, { left, leftOthers, paused });
  return await night.run(jobs);
}

/**
 * Orders the jobs: gate candidates first, within both groups the most downloaded, and last those that failed
 * before. The store is read in the order of `_id`.
 */
function makeJobs({ wanted, store, now }: DetailOptions): { jobs: Job[]; paused: number } {
  const byId = [...wanted.details].sort((a, b) => compareNames(a.key._id, b.key._id));
  const jobs: Job[] = [];
  let paused = 0;
  for (const job of byId.map((detail) => toJob(detail, store))) {
    const due = dueOf(job.wanted, job.trouble, now());
    if (due !== undefined) jobs.push({ ...job, wanted: due });
    else if (job.trouble?.kind === 'failed') paused += 1;
  }
  return { jobs: jobs.sort(compareJobs), paused };
}

function toJob({ key, config, sizes, header, gate, downloads }: WantedDetail, store: DetailStore): Job {
  const { trouble: ofCommit, ...known } = store.find(key) ?? {};
  const trouble = ofCommit ?? ofRepository(store.findEarlier(key)?.trouble);
  const wanted = { config, sizes, ...(header === undefined ? {} : { header }) };
  return { key, wanted, known, trouble, gate, downloads };
}

function compareJobs(a: Job, b: Job): number {
  const hasFailed = ({ trouble }: Job) => Number(trouble?.kind === 'failed');
  return (
    hasFailed(a) - hasFailed(b) ||
    Number(b.gate) - Number(a.gate) ||
    b.downloads - a.downloads ||
    compareNames(a.key.id, b.key.id)
  );
}

/** Returns the trouble where it is about the repository: a refusal is about a file of one commit. */
function ofRepository(trouble: Trouble | undefined): Trouble | undefined {
  return trouble?.kind === 'refused' ? undefined : trouble;
}

/**
 * Returns the part of the wish that may be asked for now; undefined where there is none. A refusal is about
 * config.json alone.
 */
function dueOf(wish: Wanted, trouble: Trouble | undefined, now: Date): Wanted | undefined {
  if (isDue(trouble, now)) return wish;
  const rest = { ...wish, config: false };
  return trouble?.kind === 'refused' && (rest.sizes || rest.header !== undefined) ? rest : undefined;
}

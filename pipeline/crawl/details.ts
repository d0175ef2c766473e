/** What the listing lacks: config.json and file sizes, once per commit, most downloaded first, within a budget. */
import { field, parseJson } from '../lib/json.ts';
import { isRepoId } from '../lib/record-limits.ts';
import type { Detail, DetailKey } from './cache/detail-store.ts';
import { type DetailCounts, DetailNight, type Job, type NightOptions } from './detail-night.ts';
import type { Listing } from './listing.ts';
import type { Wanted } from './repository.ts';
import { isDue, type Trouble } from './trouble.ts';

export interface DetailOptions extends NightOptions {
  readonly listing: Listing;
  /** Judges a listing record by its own facts. */
  readonly wanted: (record: unknown) => Wanted;
}

/**
 * Fetches what is wanted and not known yet into the store.
 *
 * @throws what the file system throws; what goes wrong with a repository is counted.
 */
export async function fetchDetails(options: DetailOptions): Promise<DetailCounts> {
  const { jobs, ...rest } = chooseJobs(options);
  const night = new DetailNight(options, rest);
  return await night.run(jobs);
}

interface Chosen {
  readonly jobs: Job[];
  readonly left: number;
  readonly paused: number;
  readonly control: Job | undefined;
}

/** The most downloaded first, those that failed before last; of the rest only their number is kept. */
function chooseJobs({ listing, store, wanted, budget, now }: DetailOptions): Chosen {
  let jobs: Job[] = [];
  let [left, paused] = [0, 0];
  let control: Job | undefined;
  const cut = () => {
    jobs.sort(compareJobs);
    left += Math.max(0, jobs.length - budget);
    jobs = jobs.slice(0, budget);
  };
  for (const listed of listing.records()) {
    const record = parseJson(listed.line.toString('utf8'));
    const job = isRepoId(listed.key.id) ? toJob(listed, wanted(record), record, store) : undefined;
    if (job === undefined) {
      control ??= toControl(listed);
      continue;
    }
    const due = dueOf(job.wanted, job.trouble, now());
    if (due !== undefined) jobs.push({ ...job, wanted: due });
    else if (job.trouble?.kind === 'failed') paused += 1;
    if (jobs.length > budget * 2 + 1_000) cut();
  }
  cut();
  return { jobs, left, paused, control };
}

interface Listed {
  readonly key: DetailKey;
  readonly detail: Detail | undefined;
}

/** One that answered on an earlier night: asked whether its config.json is still the same. */
function toControl({ key, detail }: Listed): Job | undefined {
  if (detail?.configJson === undefined) return undefined;
  return { key, wanted: { config: true, sizes: false }, known: detail, trouble: undefined, downloads: 0 };
}

/** undefined where nothing is wanted that is not known. */
function toJob(
  { key, detail }: Listed,
  wanted: Wanted,
  record: unknown,
  store: DetailOptions['store'],
): Job | undefined {
  const { trouble: ofCommit, ...known } = detail ?? {};
  const wish = stillWanted(wanted, known);
  if (!wish.config && !wish.sizes) return undefined;
  const trouble = ofCommit ?? ofRepository(store.findEarlier(key)?.trouble);
  const downloads = field(record, 'downloads');
  return { key, wanted: wish, known, trouble, downloads: typeof downloads === 'number' ? downloads : 0 };
}

function compareJobs(a: Job, b: Job): number {
  const hasFailed = ({ trouble }: Job) => Number(trouble?.kind === 'failed');
  return hasFailed(a) - hasFailed(b) || b.downloads - a.downloads || (a.key.id < b.key.id ? -1 : 1);
}

/** A refusal is about a file of one commit; all else is about the repository. */
function ofRepository(trouble: Trouble | undefined): Trouble | undefined {
  return trouble?.kind === 'refused' ? undefined : trouble;
}

/** What may be asked now; undefined where nothing is. A refusal is about config.json alone. */
function dueOf(wish: Wanted, trouble: Trouble | undefined, now: Date): Wanted | undefined {
  if (isDue(trouble, now)) return wish;
  return trouble?.kind === 'refused' && wish.sizes ? { config: false, sizes: true } : undefined;
}

function stillWanted({ config, sizes }: Wanted, { configJson, configProblem, siblings }: Detail): Wanted {
  return {
    config: config && configJson === undefined && configProblem === undefined,
    sizes: sizes && siblings === undefined,
  };
}

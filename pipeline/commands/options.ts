/** Turns flags and environment into checked options. */
import { UsageError } from '../lib/errors.ts';
import { CACHE_DIR, WORKERS_GLOB } from '../lib/paths.ts';
import { GUARD_NAMES, type GuardName } from '../nights/guards/index.ts';
import { type Flags, listOf, parseFlags, textOf } from './flags.ts';
import { hubOptions } from './hub-options.ts';
import * as say from './sentences.ts';

export interface BuildOptions {
  /** `snapshot`, `hub`, or a glob of .jsonl and .jsonl.gz files. */
  readonly source: string;
  readonly out: string;
  /** The most records to read. */
  readonly limit: number | undefined;
  /** Ids of workers or programs, or patterns of worker files, separated by commas. */
  readonly workers: string;
  /** Ids of the workers that decide the allowlist; undefined: those of the marketplace's own programs. */
  readonly gate: readonly string[] | undefined;
  readonly dryRun: boolean;
  /**
   * The number of threads. Undefined: as many as the machine has cores, for an input that is large enough.
   */
  readonly threads: number | undefined;
  /** Guards that may not stop this publish. */
  readonly accept: readonly GuardName[];
  /** The arguments as they were given, so that messages can repeat them. */
  readonly args: readonly string[];
  /** The folder in which the crawl keeps what it has read. */
  readonly cache: string;
  readonly fresh: boolean;
  readonly maxAgeHours: number;
  /** The most requests for details in a night. */
  readonly budget: number;
  /** The share of the Hub's quota to use: above 0, at most 1. */
  readonly quotaShare: number;
  readonly timeoutMs: number;
  readonly endpoint: string;
  readonly token: string | undefined;
  /** The file to which a summary of the night is added, and the address of its files. */
  readonly summary: { readonly path: string | undefined; readonly files: string | undefined };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The flags of `build`. */
export const BUILD_FLAGS = {
  source: {
    type: 'string',
    default: 'snapshot',
    value: 'SOURCE',
    help: 'snapshot (comes with the project), hub (the live Hub), or a pattern of .jsonl and .jsonl.gz files.',
  },
  out: { type: 'string', default: 'out', value: 'DIR', help: 'The folder that is published.' },
  limit: { type: 'string', value: 'N', help: 'The most records to read.' },
  workers: {
    type: 'string',
    default: WORKERS_GLOB,
    shownDefault: 'all',
    value: 'LIST',
    help: 'Ids of workers or programs, or patterns of worker files, separated by commas.',
  },
  gate: {
    type: 'string',
    value: 'IDS',
    help: 'Ids of the workers that decide the allowlist, separated by commas; by default those of the marketplace.',
  },
  'dry-run': { type: 'boolean', default: false, help: 'Does everything except publishing.' },
  threads: {
    type: 'string',
    value: 'N',
    help: 'Threads that evaluate models; by default as many as the machine has cores.',
  },
  accept: {
    type: 'string',
    multiple: true,
    default: [],
    value: 'GUARD',
    help: `A guard that must not stop this build; may be given several times: ${GUARD_NAMES.join(', ')}.`,
  },
  'accept-shrink': {
    type: 'string',
    multiple: true,
    default: [],
    value: 'GUARD',
    help: 'The old name of --accept.',
  },
  cache: {
    type: 'string',
    default: CACHE_DIR,
    shownDefault: 'data/cache',
    value: 'DIR',
    help: 'Where a crawl keeps what it has read.',
  },
  fresh: {
    type: 'boolean',
    default: false,
    help: 'Crawls from the start, without what earlier crawls kept.',
  },
  'max-age': {
    type: 'string',
    default: '24',
    value: 'HOURS',
    help: 'With --source hub: a reading of the listing older than this starts again.',
  },
  budget: {
    type: 'string',
    default: '10000',
    value: 'REQUESTS',
    help: 'With --source hub: the most requests for details.',
  },
  'quota-share': {
    type: 'string',
    default: '0.5',
    value: 'SHARE',
    help: "With --source hub: share of the Hub's quota, above 0 and at most 1.",
  },
  timeout: {
    type: 'string',
    default: '60',
    value: 'SECONDS',
    help: 'With --source hub: how long the Hub may stay silent.',
  },
} as const satisfies Flags;

/** Returns the options of `build`. @throws UsageError naming the flag and what it takes. */
export function buildOptions(args: readonly string[], env: Environment): BuildOptions {
  const { values, positionals } = parseFlags(args, env, BUILD_FLAGS);
  const [stray] = positionals;
  if (stray !== undefined) throw new UsageError(say.noArgument('build', stray));
  return {
    source: textOf(values.source),
    out: folder(textOf(values.out)),
    limit: values.limit === undefined ? undefined : wholeNumber('--limit', textOf(values.limit)),
    workers: textOf(values.workers),
    gate: values.gate === undefined ? undefined : listOf(values.gate),
    dryRun: values['dry-run'] === true,
    threads: values.threads === undefined ? undefined : wholeNumber('--threads', textOf(values.threads)),
    accept: [...guards(values.accept), ...guards(values['accept-shrink'])],
    args,
    cache: textOf(values.cache),
    fresh: values.fresh === true,
    maxAgeHours: wholeNumber('--max-age', textOf(values['max-age'])),
    budget: textOf(values.budget) === '0' ? 0 : wholeNumber('--budget', textOf(values.budget)),
    quotaShare: share('--quota-share', textOf(values['quota-share'])),
    timeoutMs: timeout(textOf(values.timeout)) * 1000,
    summary: jobSummary(env),
    ...hubOptions(env),
  };
}

function folder(path: string): string {
  if (path === '') throw new UsageError(say.OUT_EMPTY);
  return path;
}

function wholeNumber(flag: string, value: string): number {
  if (!/^[1-9]\d{0,11}$/.test(value)) throw new UsageError(say.wrongWholeNumber(flag, value));
  return Number(value);
}

/** The longest timeout that --timeout takes, in seconds. */
const MOST_TIMEOUT_SECONDS = 3_600;

function timeout(value: string): number {
  const seconds = wholeNumber('--timeout', value);
  if (seconds > MOST_TIMEOUT_SECONDS)
    throw new UsageError(
      say.wrongTimeout(value, MOST_TIMEOUT_SECONDS, Math.max(1, Math.round(seconds / 1000))),
    );
  return seconds;
}

function guards(names: unknown): GuardName[] {
  return (Array.isArray(names) ? names : []).map((name) => {
    const guard = GUARD_NAMES.find((known) => known === name);
    if (guard === undefined) throw new UsageError(say.wrongGuard(GUARD_NAMES, String(name)));
    return guard;
  });
}

function share(flag: string, value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 1)) throw new UsageError(say.wrongShare(flag, value));
  return number;
}

/** Returns the summary of the job by the variables that GitHub sets for its jobs. */
function jobSummary(env: Environment): BuildOptions['summary'] {
  const { GITHUB_STEP_SUMMARY: path, GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  const known = server && repository && env.GITHUB_RUN_ID;
  const files = known ? `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID}#artifacts` : undefined;
  return { path: path || undefined, files };
}

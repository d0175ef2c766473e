/** Flags and environment -> options, checked. */
import { parseArgs } from 'node:util';
import { PUBLIC_HUB } from '../crawl/client.ts';
import { UsageError } from '../lib/errors.ts';
import { CACHE_DIR, WORKERS_GLOB } from '../lib/paths.ts';
import { GUARD_NAMES, type GuardName } from '../nights/guards/index.ts';

export interface BuildOptions {
  /** `snapshot`, `hub`, or a glob of .jsonl and .jsonl.gz files. */
  readonly source: string;
  readonly out: string;
  /** Records to read at the most. */
  readonly limit: number | undefined;
  /** Glob of worker files. */
  readonly workers: string;
  /** Ids of the workers that decide the allowlist; undefined: those of the marketplace's own programs. */
  readonly gate: readonly string[] | undefined;
  readonly dryRun: boolean;
  /** Undefined: as many as the machine has cores, for an input that is worth it. */
  readonly threads: number | undefined;
  /** Guards that may not stop this publish. */
  readonly accept: readonly GuardName[];
  /** As they were given, to say how to give them again. */
  readonly args: readonly string[];
  /** The folder in which the crawl keeps what it has read. */
  readonly cache: string;
  readonly fresh: boolean;
  readonly maxAgeHours: number;
  /** Requests for details, in a night. */
  readonly budget: number;
  /** Of the Hub's quota: above 0, at most 1. */
  readonly quotaShare: number;
  readonly timeoutMs: number;
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Where a summary of the night is added, and where its files can be fetched. */
  readonly summary: { readonly path: string | undefined; readonly files: string | undefined };
}

export interface QueryOptions {
  readonly repoId: string | undefined;
  readonly out: string;
  readonly live: boolean;
  readonly json: boolean;
  /** Memory of a device in GB, as vendors print it. */
  readonly device: number | undefined;
  /** The worker that it is asked for; undefined: any. */
  readonly worker: string | undefined;
  readonly format: string;
  readonly endpoint: string;
  readonly token: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const USAGE = `Usage
  npm run build:matrix [-- --source snapshot|hub|GLOB --out DIR --limit N --workers GLOB --gate IDS --dry-run
                              --threads N --fresh --cache DIR --accept GUARD]
  With --source hub also [--max-age HOURS --budget REQUESTS --quota-share 0.5 --timeout SECONDS]
  npm run --silent explain -- REPO_ID [--out DIR] [--live] [--json] [--device GB [--worker ID]]
  npm run --silent export -- [--out DIR] --format jsonl|csv
Guards: ${GUARD_NAMES.join(', ')}.
HF_ENDPOINT, HF_TOKEN, HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured; GITHUB_STEP_SUMMARY names a file that gets a
summary of the night.
Exit codes: 0 done; 1 nothing was published; 2 wrong usage; 3 a bug of ours; 4 published, but partial.`;

/** @throws UsageError naming the flag and what it takes. */
export function buildOptions(args: readonly string[], env: Environment): BuildOptions {
  const { values, positionals } = parse(args, env, {
    source: { type: 'string', default: 'snapshot' },
    out: { type: 'string', default: 'out' },
    limit: { type: 'string' },
    workers: { type: 'string', default: WORKERS_GLOB },
    gate: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    'max-age': { type: 'string', default: '24' },
    budget: { type: 'string', default: '10000' },
    'quota-share': { type: 'string', default: '0.5' },
    timeout: { type: 'string', default: '60' },
    cache: { type: 'string', default: CACHE_DIR },
    threads: { type: 'string' },
    accept: { type: 'string', multiple: true, default: [] },
    // The name of --accept until version 0.1.
    'accept-shrink': { type: 'string', multiple: true, default: [] },
    'dry-run': { type: 'boolean', default: false },
  });
  const [stray] = positionals;
  if (stray !== undefined)
    throw new UsageError(`build takes no argument ${JSON.stringify(stray)}; flags begin with --.`);
  return {
    source: text(values.source),
    out: folder(text(values.out)),
    limit: values.limit === undefined ? undefined : wholeNumber('--limit', text(values.limit)),
    workers: text(values.workers),
    gate:
      values.gate === undefined
        ? undefined
        : text(values.gate)
            .split(',')
            .filter((id) => id !== ''),
    dryRun: values['dry-run'] === true,
    threads: values.threads === undefined ? undefined : wholeNumber('--threads', text(values.threads)),
    accept: [...guards(values.accept), ...guards(values['accept-shrink'])],
    args,
    cache: text(values.cache),
    fresh: values.fresh === true,
    maxAgeHours: wholeNumber('--max-age', text(values['max-age'])),
    budget: text(values.budget) === '0' ? 0 : wholeNumber('--budget', text(values.budget)),
    quotaShare: share('--quota-share', text(values['quota-share'])),
    timeoutMs: timeout(text(values.timeout)) * 1000,
    summary: jobSummary(env),
    ...hub(env),
  };
}

/** @throws UsageError naming the flag and what it takes. */
export function queryOptions(args: readonly string[], env: Environment): QueryOptions {
  const { values, positionals } = parse(args, env, {
    out: { type: 'string', default: 'out' },
    live: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    device: { type: 'string' },
    worker: { type: 'string' },
    format: { type: 'string', default: 'jsonl' },
  });
  if (positionals.length > 1) throw new UsageError(`One repo id at a time; found ${positionals.join(' ')}.`);
  const format = text(values.format);
  if (values.worker !== undefined && values.device === undefined)
    throw new UsageError('--worker names the worker that a device is asked for: give --device GB as well.');
  if (format !== 'jsonl' && format !== 'csv')
    throw new UsageError(`--format takes jsonl or csv, not ${format}.`);
  return {
    repoId: positionals[0],
    out: folder(text(values.out)),
    live: values.live === true,
    json: values.json === true,
    device: values.device === undefined ? undefined : deviceSize(text(values.device)),
    worker: values.worker === undefined ? undefined : text(values.worker),
    format,
    ...hub(env),
  };
}

type Flags = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** npm sets these in every run: its own cache. */
const SET_BY_NPM = new Set(['cache']);

/**
 * npm keeps the flags before `--` for itself, and leaves them in the environment: `npm run build:matrix --dry-run` would
 * publish.
 *
 * @throws UsageError naming the flag, and how to write it.
 */
function refuseKeptByNpm(env: Environment, options: Flags): void {
  const command = env.npm_lifecycle_event;
  if (command === undefined) return;
  const kept = Object.keys(options).find(
    (flag) => !SET_BY_NPM.has(flag) && env[`npm_config_${flag.replaceAll('-', '_')}`] !== undefined,
  );
  if (kept !== undefined)
    throw new UsageError(
      `npm kept --${kept} for itself, since there is no -- before it. Write: npm run ${command} -- --${kept} ...`,
    );
}

function parse(args: readonly string[], env: Environment, options: Flags) {
  refuseKeptByNpm(env, options);
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function folder(path: string): string {
  if (path === '') throw new UsageError('--out takes a folder, not nothing.');
  return path;
}

function wholeNumber(flag: string, value: string): number {
  if (!/^[1-9]\d{0,11}$/.test(value))
    throw new UsageError(`${flag} takes a whole number above 0, not ${value}.`);
  return Number(value);
}

/** Whole GB or a fraction, as vendors print them: 12, or 11.5 where other programs take their part. */
function deviceSize(value: string): number {
  if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(value) || Number(value) === 0)
    throw new UsageError(`--device takes the memory of a device in GB, such as 12, not ${value}.`);
  return Number(value);
}

const MOST_TIMEOUT_SECONDS = 3_600;

function timeout(value: string): number {
  const seconds = wholeNumber('--timeout', value);
  if (seconds > MOST_TIMEOUT_SECONDS)
    throw new UsageError(
      `--timeout takes seconds, at most ${MOST_TIMEOUT_SECONDS}, not ${value}; ${value} milliseconds would be ${Math.max(1, Math.round(seconds / 1000))}.`,
    );
  return seconds;
}

function guards(names: unknown): GuardName[] {
  return (Array.isArray(names) ? names : []).map((name) => {
    const guard = GUARD_NAMES.find((known) => known === name);
    if (guard === undefined)
      throw new UsageError(`--accept takes ${GUARD_NAMES.join(', ')}, not ${String(name)}.`);
    return guard;
  });
}

function share(flag: string, value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 1))
    throw new UsageError(`${flag} takes a number above 0 and at most 1, not ${value}.`);
  return number;
}

/** By the names that GitHub gives its jobs. */
function jobSummary(env: Environment): BuildOptions['summary'] {
  const { GITHUB_STEP_SUMMARY: path, GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  const known = server && repository && env.GITHUB_RUN_ID;
  const files = known ? `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID}#artifacts` : undefined;
  return { path: path || undefined, files };
}

function hub(env: Environment): { endpoint: string; token: string | undefined } {
  const endpoint = env.HF_ENDPOINT || PUBLIC_HUB;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new UsageError(
      `HF_ENDPOINT takes an address such as ${PUBLIC_HUB}, not ${JSON.stringify(endpoint.replace(/\/\/[^/@]*@/, '//***@'))}.`,
    );
  }
  const { username, password } = new URL(endpoint);
  if (username !== '' || password !== '')
    throw new UsageError(
      'HF_ENDPOINT holds a user or a password, which no request would carry. Give the address without them, and a token by HF_TOKEN.',
    );
  return { endpoint, token: tokenOf(env) };
}

/** A header holds printable ASCII only; a token with a line break was read from a file with two lines. */
function tokenOf({ HF_TOKEN }: Environment): string | undefined {
  const token = HF_TOKEN?.trim() || undefined;
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(
      'HF_TOKEN holds a line break, a space or another sign that no token has. Give the token alone, on one line.',
    );
  return token;
}

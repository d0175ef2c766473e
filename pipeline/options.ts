/** Flags and environment -> options, checked. */
import { parseArgs } from 'node:util';
import { UsageError } from './lib/errors.ts';
import { WORKERS_GLOB } from './lib/paths.ts';

export interface BuildOptions {
  /** `snapshot`, `hub`, or a glob of .jsonl and .jsonl.gz files. */
  readonly source: string;
  readonly out: string;
  /** Records to read at the most. */
  readonly limit: number | undefined;
  /** Glob of worker files. */
  readonly workers: string;
  /** Ids of the workers that decide the allowlist; undefined: those of data/workers/rbee. */
  readonly gate: readonly string[] | undefined;
  readonly dryRun: boolean;
  readonly endpoint: string;
  readonly token: string | undefined;
}

export interface QueryOptions {
  readonly repoId: string | undefined;
  readonly out: string;
  readonly live: boolean;
  readonly json: boolean;
  readonly format: string;
  readonly endpoint: string;
  readonly token: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const USAGE = `Usage
  npm run build:matrix [-- --source snapshot|hub|GLOB --out DIR --limit N --workers GLOB --gate IDS --dry-run]
  npm run --silent explain -- REPO_ID [--out DIR] [--live] [--json]
  npm run --silent export -- [--out DIR] --format jsonl|csv
HF_ENDPOINT and HF_TOKEN are honoured.`;

const PUBLIC_HUB = 'https://huggingface.co';

/** @throws UsageError naming the flag and what it takes. */
export function buildOptions(args: readonly string[], env: Environment): BuildOptions {
  const { values } = parse(args, {
    source: { type: 'string', default: 'snapshot' },
    out: { type: 'string', default: 'out' },
    limit: { type: 'string' },
    workers: { type: 'string', default: WORKERS_GLOB },
    gate: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
  });
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
    ...hub(env),
  };
}

/** @throws UsageError naming the flag and what it takes. */
export function queryOptions(args: readonly string[], env: Environment): QueryOptions {
  const { values, positionals } = parse(args, {
    out: { type: 'string', default: 'out' },
    live: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    format: { type: 'string', default: 'jsonl' },
  });
  if (positionals.length > 1) throw new UsageError(`One repo id at a time; found ${positionals.join(' ')}.`);
  const format = text(values.format);
  if (format !== 'jsonl' && format !== 'csv')
    throw new UsageError(`--format takes jsonl or csv, not ${format}.`);
  return {
    repoId: positionals[0],
    out: folder(text(values.out)),
    live: values.live === true,
    json: values.json === true,
    format,
    ...hub(env),
  };
}

type Flags = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parse(args: readonly string[], options: Flags) {
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

function hub(env: Environment): { endpoint: string; token: string | undefined } {
  const endpoint = env.HF_ENDPOINT || PUBLIC_HUB;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new UsageError(
      `HF_ENDPOINT takes an address such as ${PUBLIC_HUB}, not ${JSON.stringify(endpoint.replace(/\/\/[^/@]*@/, '//***@'))}.`,
    );
  }
  return { endpoint, token: env.HF_TOKEN?.trim() || undefined };
}

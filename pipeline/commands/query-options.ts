/** The flags of `explain` and `export`, checked. */
import { UsageError } from '../lib/errors.ts';
import { type Flags, listOf, parseFlags, textOf } from './flags.ts';
import type { Home } from './home.ts';
import { hubOptions } from './hub-options.ts';
import * as say from './sentences.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** An out/ that is read. */
export interface AskedOut {
  /** A folder or an address. */
  readonly out: string;
  /** The name of that out/ in answers. */
  readonly outName: string;
}

export interface ExplainOptions extends AskedOut {
  /** A repo id, a link of the Hub, a worker or a program; as it was given. */
  readonly asked: string;
  readonly live: boolean;
  readonly json: boolean;
  /** True to list every engine, not only the marketplace's. */
  readonly all: boolean;
  /** Ids of workers, programs or backends; empty: all. */
  readonly workers: readonly string[];
  /** Memory of a device in GB, whole or a fraction: 12 as vendors print it, or 11.5 beside other programs. */
  readonly device: number | undefined;
  readonly endpoint: string;
  readonly token: string | undefined;
}

export interface ExportOptions extends AskedOut {
  readonly format: 'jsonl' | 'csv';
  /** True for a row per model, with a column per worker. */
  readonly wide: boolean;
  /** True for models on the allowlist only. */
  readonly allowed: boolean;
  /** Ids of workers, programs or backends; empty: all. */
  readonly workers: readonly string[];
}

const OUT_FLAGS = {
  out: { type: 'string', value: 'DIR', help: 'Answers from the out/ in this folder.' },
  from: { type: 'string', value: 'URL', help: 'Answers from the out/ that is published at this address.' },
} as const satisfies Flags;

const WORKER_FLAG = {
  type: 'string',
  multiple: true,
  default: [],
  value: 'IDS',
  help: 'Only these workers: ids, programs or backends, separated by commas.',
} as const;

export const EXPLAIN_FLAGS = {
  ...OUT_FLAGS,
  live: { type: 'boolean', default: false, help: 'Reads the model from the Hub as it is now.' },
  worker: WORKER_FLAG,
  device: {
    type: 'string',
    value: 'GB',
    help: 'Names the best file of all copies for a device with this much memory, as its vendor states it.',
  },
  all: {
    type: 'boolean',
    default: false,
    help: 'Shows the reasons of every engine; for a worker, every model.',
  },
  json: { type: 'boolean', default: false, help: 'Answers in JSON, with every fact and every verdict.' },
} as const satisfies Flags;

export const EXPORT_FLAGS = {
  ...OUT_FLAGS,
  format: {
    type: 'string',
    default: 'jsonl',
    value: 'jsonl|csv',
    help: 'A JSON object or a row of CSV on each line.',
  },
  wide: {
    type: 'boolean',
    default: false,
    help: 'A row per model with a column per worker, instead of a row for each pair.',
  },
  allowed: { type: 'boolean', default: false, help: 'Only models on the allowlist.' },
  worker: WORKER_FLAG,
} as const satisfies Flags;

/** Returns the options of `explain`. @throws UsageError naming the flag and what it takes. */
export function explainOptions(args: readonly string[], env: Environment, home: Home): ExplainOptions {
  const { values, positionals } = parseFlags(args, env, EXPLAIN_FLAGS);
  if (positionals.length > 1) throw new UsageError(say.oneIdAtATime(positionals));
  const [asked = ''] = positionals;
  if (asked.trim() === '') throw new UsageError(say.NAME_AN_ID);
  const live = values.live === true;
  if (live && (values.out !== undefined || values.from !== undefined)) throw new UsageError(say.LIVE_ALONE);
  return {
    asked,
    live,
    json: values.json === true,
    all: values.all === true,
    workers: namesOf(values.worker),
    device: values.device === undefined ? undefined : deviceSize(textOf(values.device)),
    ...askedOut(values, home),
    ...hubOptions(env),
  };
}

/** Returns the options of `export`. @throws UsageError naming the flag and what it takes. */
export function exportOptions(args: readonly string[], env: Environment, home: Home): ExportOptions {
  const { values, positionals } = parseFlags(args, env, EXPORT_FLAGS);
  const [stray] = positionals;
  if (stray !== undefined) throw new UsageError(say.noArgument('export', stray));
  const format = textOf(values.format);
  if (format !== 'jsonl' && format !== 'csv') throw new UsageError(say.wrongFormat(format));
  return {
    format,
    wide: values.wide === true,
    allowed: values.allowed === true,
    workers: namesOf(values.worker),
    ...askedOut(values, home),
  };
}

function namesOf(given: unknown): string[] {
  return (Array.isArray(given) ? given : []).flatMap(listOf);
}

function deviceSize(value: string): number {
  if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(value) || Number(value) === 0)
    throw new UsageError(say.wrongDevice(value));
  return Number(value);
}

function askedOut({ out, from }: Readonly<Record<string, unknown>>, home: Home): AskedOut {
  if (out !== undefined && from !== undefined) throw new UsageError(say.OUT_OR_FROM);
  if (out === '') throw new UsageError(say.OUT_EMPTY);
  if (from !== undefined && !/^https?:\/\//.test(textOf(from))) throw new UsageError(say.wrongFrom(from));
  const named = out ?? from;
  return named === undefined ? home : { out: textOf(named), outName: textOf(named) };
}

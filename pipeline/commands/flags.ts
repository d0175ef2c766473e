/** Flags of the command line: each is declared once, with its text for --help. */
import { parseArgs } from 'node:util';
import { UsageError } from '../lib/errors.ts';
import { refuseKeptByNpm } from '../lib/npm-flags.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly default?: string | boolean | readonly string[];
  /** True where the flag may be given more than once. */
  readonly multiple?: true;
  /** The default as --help shows it, where the real one is a path of this machine. */
  readonly shownDefault?: string;
  /** The placeholder for its value in --help, such as `DIR`. */
  readonly value?: string;
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

export interface Given {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

/**
 * Parses the flags.
 *
 * @throws UsageError naming the flag that is unknown, lacks its value, or was kept by npm.
 */
export function parseFlags(args: readonly string[], env: Environment, flags: Flags): Given {
  refuseKeptByNpm(env, Object.keys(flags));
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, multiple, default: value }]) => [
      name,
      { type, ...(multiple ? { multiple } : {}), ...(value === undefined ? {} : { default: value }) },
    ]),
  ) as NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Returns a line or two for each flag. */
export function describeFlags(flags: Flags): string {
  const names = Object.entries(flags).map(
    ([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`,
  );
  const width = Math.max(...names.map((name) => name.length), 0) + 2;
  return Object.values(flags)
    .map(({ help, default: given, shownDefault = given }, at) => {
      const shown = typeof shownDefault === 'string' ? ` Default: ${shownDefault}.` : '';
      return `  ${(names[at] ?? '').padEnd(width)}${help}${shown}`;
    })
    .join('\n');
}

/** Returns the text that a flag was given, or the empty text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the parts of a list that commas separate. */
export function listOf(value: unknown): string[] {
  return textOf(value)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

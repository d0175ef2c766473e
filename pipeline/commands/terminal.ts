/** The parts that commands share: their access to the process that runs them, and exit codes. */
import { printable } from '../lib/printable.ts';

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True where notes go to a person's screen. */
  readonly isInteractive: boolean;
  /** Writes the answer; waits while the reader is slow, so that a long export is never held in memory. */
  print(text: string): Promise<void>;
  /** Writes a note, apart from the answer. */
  note(text: string): void;
}

/** A command; it resolves to its exit code. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

export const DONE = 0;
export const DATA_STOPPED = 1;
export const WRONG_USAGE = 2;
export const OUR_BUG = 3;
/** The exit code of a build that was published from a listing that the Hub did not let us finish. */
export const PARTIAL = 4;

/** Tells whether an error is the machine's, not ours: a full disk, a folder that may not be written. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/**
 * Returns the text without the token, which a hostile server can send back in its answers, and without
 * control characters.
 */
export function withoutToken(message: string, { env }: Pick<Terminal, 'env'>): string {
  const token = env.HF_TOKEN?.trim();
  return printable(token ? message.replaceAll(token, '[token]') : message);
}

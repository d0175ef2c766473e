/** Prepares folders that are about to be written into. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { DataError } from './errors.ts';

export interface WrittenFolder {
  readonly dir: string;
  /** The flag that names it, such as `--out`. */
  readonly flag: string;
  /** Returns a message that says what cannot be done, given the system's error code, such as EACCES. */
  readonly messageOf: (code: string | undefined) => string;
}

/**
 * Makes the folder where it is missing.
 *
 * @throws DataError with the message and the remedy, when it cannot be written.
 */
export function makeWritable({ dir, flag, messageOf }: WrittenFolder): void {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const remedy =
      code === 'ENOSPC' ? 'Free some space on that disk' : 'Give this user the right to write it';
    throw new DataError(`${messageOf(code)} ${remedy}, or name another ${flag}.`, { cause });
  }
}

/** Folders that are about to be written into. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { DataError } from './errors.ts';

/**
 * Makes the folder where it is missing.
 *
 * @throws DataError with the message for the system's error code, such as EACCES, when it cannot be written.
 */
export function makeWritable(dir: string, messageOf: (code: string | undefined) => string): void {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (cause) {
    throw new DataError(messageOf((cause as NodeJS.ErrnoException).code), { cause });
  }
}

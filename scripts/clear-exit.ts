/** How a script ends where a person can mend what is wrong: the message alone, and the exit code of the command line. */
import { DataError, UsageError } from '../pipeline/lib/errors.ts';
import { printable } from '../pipeline/lib/printable.ts';

/** Any other error is a bug, and shows where. */
export async function orClearExit(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof DataError)) throw error;
    process.stderr.write(`${printable(error.message)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** Ends a script where a person can mend the problem: with the message alone, and the exit code of the command line. */
import { DataError, UsageError } from '../pipeline/lib/errors.ts';
import { printable } from '../pipeline/lib/printable.ts';

/** Runs a script. An error other than usage or data is a bug, and is thrown with its stack. */
export async function orClearExit(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof DataError)) throw error;
    process.stderr.write(`${printable(error.message)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

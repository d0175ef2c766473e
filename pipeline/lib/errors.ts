/** Errors that a person can mend: bad usage and bad data. Everything else that is thrown is a bug. */

/** Wrong flags or paths; the command line answers 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A file of ours or an input that stops the build; the command line answers 1. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

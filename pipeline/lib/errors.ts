/** Errors that a person can mend: bad usage and bad data. Any other error that is thrown is a bug. */

/** Wrong flags or paths; the command line exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A data file of the project or an input that stops the build; the command line exits with 1. */
export class DataError extends Error {
  override readonly name: string = 'DataError';
}

/** The reason why the Hub does not give a repository. */
export type Unavailable = 'missing' | 'renamed' | 'disabled';

/** A repository that the Hub does not give under this id; the message says what to do. */
export class UnavailableError extends DataError {
  override readonly name = 'UnavailableError';
  readonly repoId: string;
  readonly reason: Unavailable;
  constructor(repoId: string, reason: Unavailable, advice: string) {
    super(`${repoId}: ${advice}`);
    this.repoId = repoId;
    this.reason = reason;
  }
}

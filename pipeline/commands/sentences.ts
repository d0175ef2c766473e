/** The sentences about wrong flags, arguments and variables of the environment: what was given, and what to give. */

const quoted = (text: unknown) => JSON.stringify(text);

export const oneIdAtATime = (given: readonly string[]) =>
  `explain takes one id at a time, not ${given.join(' ')}.`;
export const NAME_AN_ID = 'Name a repo id, such as TinyLlama/TinyLlama-1.1B-Chat-v1.0, or a worker.';
export const LIVE_ALONE = '--live asks the Hub; leave out --out and --from.';
export const noArgument = (command: string, given: string) =>
  `${command} takes no argument ${quoted(given)}; flags begin with --.`;
export const wrongFormat = (given: string) => `--format takes jsonl or csv, not ${given}.`;
export const wrongDevice = (given: string) =>
  `--device takes the memory of a device in GB, such as 12, not ${given}.`;
export const OUT_OR_FROM = 'Give --out for a folder or --from for an address, not both.';
export const OUT_EMPTY = '--out needs the name of a folder.';
export const wrongFrom = (given: unknown) =>
  `--from takes an address that begins with http, not ${quoted(given)}; a folder is --out.`;
export const wrongWholeNumber = (flag: string, given: string) =>
  `${flag} takes a whole number above 0, not ${given}.`;
export const wrongShare = (flag: string, given: string) =>
  `${flag} takes a number above 0 and at most 1, not ${given}.`;
export const wrongGuard = (names: readonly string[], given: string) =>
  `--accept takes ${names.join(', ')}, not ${given}.`;

/** `given`: too many for seconds, so that milliseconds were meant. */
export function wrongTimeout(given: string, most: number, inSeconds: number): string {
  return `--timeout takes seconds, at most ${most}, not ${given}; ${given} milliseconds would be ${inSeconds}.`;
}

/** `endpoint`: without its password. */
export const wrongEndpoint = (example: string, endpoint: string) =>
  `HF_ENDPOINT takes an address such as ${example}, not ${quoted(endpoint)}.`;
export const ENDPOINT_WITH_PASSWORD =
  'HF_ENDPOINT holds a user or a password, which no request would carry. Give the address without them, and a token by HF_TOKEN.';
export const TOKEN_WITH_SIGNS =
  'HF_TOKEN holds a line break, a space or another sign that no token has. Give the token alone, on one line.';

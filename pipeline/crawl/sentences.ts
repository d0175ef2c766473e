/**
 * The sentences of the crawl: what is wrong with an answer of the Hub, a proxy, the disk or a name that was given. Most are
 * clauses without a capital, to which a caller adds the repository or what follows.
 */
/** The most characters of a stranger's text in a sentence. */
const MOST_CHARS = 300;
const short = (text: string) => text.slice(0, MOST_CHARS);
function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

// Answers of the Hub

/** `what`: the thing that was asked for, such as `config.json`. */
export function hubAnswers(status: number, what?: string): string {
  return `the Hub answers ${status}${what === undefined ? '' : ` for ${what}`}`;
}

/** `problem`: a clause about the answer, such as `redirects to another host`. */
export const hubDoes = (problem: string, what?: string) =>
  `the Hub ${problem}${what === undefined ? '' : ` for ${what}`}`;

export const REDIRECTS_ELSEWHERE = 'redirects to another host, which is not followed';
export const redirectsTooOften = (most: number) => `redirects more than ${most} times`;
export const answersTooMuch = (maxBytes: number) => `answers more than ${maxBytes} bytes`;
export const NO_JSON_OBJECT = 'the Hub sent no JSON object';
export const NO_JSON_LIST = 'the Hub sent a page that is not a JSON list';
export const PAGE_FOR_FILE = 'the Hub sent a page for a file';
export const OTHER_COMMIT = 'the Hub gives another commit than it listed';
export const CONFIG_TOO_LONG = 'is too long';

export const encodingUnknown = (encoding: string) =>
  `the answer is compressed by ${encoding.slice(0, 40)}, which this Node cannot read`;

// The listing

export const listingDoes = (problem: string) => `the Hub's listing ${problem}`;
export const pageTooLong = (most: number) => `the Hub sent a page of more than ${most} records`;
export const NEXT_IS_NO_LISTING = "the listing's next page is no listing";
export const LEADS_BACK = 'the listing leads back to a page it already gave';
export const REPEATS = 'the listing repeats what it already gave';

export const listingRefused = (status: number, text: string) =>
  `The Hub answers ${status} to its listing: ${short(text)}`;

export function fieldsMissing(fields: readonly string[], text: string): string {
  return `The Hub's listing does not give ${fields.join(', ')}, which every verdict needs: ${short(text)}`;
}

// Waiting, and giving up

export const quotaSpent = (waitMs: number) =>
  `our share of the quota is spent; waiting ${seconds(waitMs)} s for the next window`;

export function triedAgain(problem: string, waitMs: number, attempt: number, tries: number): string {
  return `${problem}; waiting ${seconds(waitMs)} s (attempt ${attempt} of ${tries})`;
}

export function gaveUp(origin: string, path: string, tries: number, problem: string): string {
  return `${origin} failed ${tries} times for ${path.slice(0, 200)}: ${problem}.`;
}

// Details of a night

export const failedInRow = (repositories: number) =>
  `${repositories} different repositories failed in a row; no more details were asked for`;

/** `tooMany`: it is their number that makes them unbelievable. */
export function refusalsNotBelieved(refused: number, asked: number, tooMany: boolean): string {
  const others = tooMany ? '' : ', and so are others that gave their details before';
  return `${refused} of ${asked} repositories were answered as gone or refused${others}, which is not believed: their known details are kept`;
}

export const refusedForFirstTime = (id: string, kind: string) =>
  `${id}: the Hub answers for the first time that it is ${kind}; its known details are kept`;

// One repository that was asked for

export const renamed = (id: string) => `it is called ${id.slice(0, 200)} now. Ask for that id.`;
export const NO_SUCH_REPO =
  'the Hub has no such repository, or it is private. Check the spelling, or give a token that can read it.';
export const REPO_DISABLED =
  'the Hub has disabled this repository, or refuses this token. Its page on the Hub shows which.';

export function notFromHub(id: string, status: number): string {
  return `${id}: the answer ${status} is not the Hub's own; a proxy or firewall may have sent it. Try again later, or elsewhere.`;
}

// Proxy, cache and files

export function notProxy(variable: string, address: string): string {
  return `${variable} takes the address of a proxy, such as http://proxy.example:3128, not ${JSON.stringify(address)}.`;
}

export const throughProxy = (proxy: string) => `, through the proxy ${proxy}`;
export const proxyUnreachable = (address: string | URL, proxy: string) =>
  `${address} cannot be reached through the proxy ${proxy}.`;

export const cacheNotWritable = (dir: string, code: string | undefined) =>
  `--cache ${dir} cannot be written (${code}), and a crawl keeps what it reads there.`;
export const setAside = (path: string) =>
  `${path} is damaged; it is set aside, and what it held is fetched again`;
export const pageDamaged = (path: string) =>
  `${path}, a page of the listing, is damaged. Run again while the Hub answers.`;

export function detailsDamaged(path: string, problem: string): string {
  return `${path} holds details that cannot be asked for again while the Hub fails. Run again later. ${problem}`;
}

export const noFileMatches = (pattern: string) =>
  `No file matches ${pattern}. Give a pattern of .jsonl or .jsonl.gz files, such as 'listings/*.jsonl.gz'.`;
export const notReadable = (path: string, why: string) => `${path} cannot be read: ${why}`;

/** Reads the headers of an answer: quotas, waits and links, in whatever order and quoting they come. */

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/**
 * Matches text in quotes, an address in angle brackets, or any other sign. Text that is not closed reaches to
 * the end, so that it is scanned once.
 */
const PIECE = /"(?:\\.|[^"\\])*(?:"|\\?$)|<[^>]*(?:>|$)|./gs;
/**
 * The most characters that are read. No header of the Hub is longer, and this bounds the time that a
 * stranger's takes.
 */
const MAX_CHARS = 8_192;

/**
 * Returns the parts of a header that `sign` separates; signs within quotes or angle brackets separate
 * nothing.
 */
function splitHeader(text: string, sign: ',' | ';'): string[] {
  const parts = [''];
  for (const [piece] of text.slice(0, MAX_CHARS).matchAll(PIECE)) {
    if (piece === sign) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Reads `"api"; r=3; t=9`: returns its value, and its parameters by lower-case name, without quotes. */
function readItem(item: string): { value: string; parameters: ReadonlyMap<string, string> } {
  const [value = '', ...rest] = splitHeader(item, ';');
  const parameters = rest.map((part): [string, string] => {
    const cut = part.indexOf('=');
    const text = cut < 0 ? '' : part.slice(cut + 1).trim();
    return [
      part
        .slice(0, cut < 0 ? undefined : cut)
        .trim()
        .toLowerCase(),
      text.replace(/^"(.*)"$/, '$1'),
    ];
  });
  return { value, parameters: new Map(parameters) };
}

/** The state of a rate-limit window: the requests left, and its duration. */
export interface RateLimit {
  /** Requests that the window still allows. */
  readonly left: number | undefined;
  readonly endsInSeconds: number | undefined;
  /** Requests that a window allows in all. */
  readonly quota: number | undefined;
}

/**
 * Reads `ratelimit` and `ratelimit-policy` (IETF draft ratelimit-headers). Of several windows the one with
 * the fewest requests left counts.
 */
export function readRateLimit(headers: Headers): RateLimit {
  const limits = itemsOf(headers, 'ratelimit').map((parameters) => ({
    left: wholeNumber(parameters.get('r')),
    endsInSeconds: wholeNumber(parameters.get('t')),
  }));
  const [tightest] = limits
    .filter(({ left }) => left !== undefined)
    .sort((a, b) => Number(a.left) - Number(b.left));
  const quotas = itemsOf(headers, 'ratelimit-policy').flatMap(
    (parameters) => wholeNumber(parameters.get('q')) ?? [],
  );
  return {
    left: tightest?.left,
    endsInSeconds: tightest?.endsInSeconds,
    quota: quotas.length === 0 ? undefined : Math.min(...quotas),
  };
}

/** Returns the parameters of each item; a list without a name before its parameters is read as well. */
function itemsOf(headers: Headers, name: string): ReadonlyMap<string, string>[] {
  return splitHeader(headerText(headers, name) ?? '', ',').map((item) => readItem(`_;${item}`).parameters);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/**
 * Returns the wait that `retry-after` asks for, in milliseconds: seconds, or a date by the clock of the
 * answer's own `date`.
 */
export function readRetryAfter(headers: Headers): number | undefined {
  const text = headerText(headers, 'retry-after')?.split(', ')[0]?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  // A date holds a comma of its own.
  const until = Date.parse(headerText(headers, 'retry-after') ?? '');
  const now = Date.parse(headerText(headers, 'date') ?? '');
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, until - now);
}

/** Returns the target of the first link whose relations hold `relation`: RFC 8288. */
export function readLink(link: string | undefined, relation: string): string | undefined {
  for (const item of splitHeader(link ?? '', ',')) {
    const { value, parameters } = readItem(item);
    const relations = parameters.get('rel')?.toLowerCase().split(/\s+/) ?? [];
    if (relations.includes(relation)) return /^<([^<>]*)>$/.exec(value)?.[1];
  }
  return undefined;
}

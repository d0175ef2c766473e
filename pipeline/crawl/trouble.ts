/**
 * The trouble with one repository, remembered with a date: decides when it is asked again, and when a refusal
 * is believed.
 */
import { field, parseJson } from '../lib/json.ts';
import type { HubAnswer } from './client.ts';
import { headerText } from './headers.ts';

/**
 * The kind of trouble. `failed`: no usable answer. `gone` and `refused`: the Hub itself says that the
 * repository does not exist, or that we may not read its config.json.
 */
export type TroubleKind = 'failed' | 'gone' | 'refused';

export interface Trouble {
  readonly kind: TroubleKind;
  /** The number of nights in a row that ended so. */
  readonly nights: number;
  /** The time of the last of them; ISO 8601. */
  readonly at: string;
}

const HOUR_MS = 3_600_000;
/** The span within which two crawls are one night: a single outage may last for hours. */
const NIGHT_MS = 6 * HOUR_MS;
/** Nights that must say the same before a refusal is believed. */
const BELIEVED_AFTER = 2;
/**
 * The longest pause in days: a repository that fails is asked on the next night, then after 2, 4 and 8 days,
 * then every 16.
 */
const LONGEST_PAUSE_DAYS = 16;
/** The days after which a refused repository is asked again: access may be given back without a commit. */
const REFUSED_DAYS = 30;

/** Adds tonight's trouble to the earlier one. */
export function addTrouble(before: Trouble | undefined, kind: TroubleKind, now: Date): Trouble {
  const at = now.toISOString();
  if (before === undefined || before.kind !== kind) return { kind, nights: 1, at };
  const isSameNight = now.getTime() - Date.parse(before.at) < NIGHT_MS;
  if (!isSameNight) return { kind, nights: before.nights + 1, at };
  // Said again of what is believed, it also holds for a listing that was read since.
  return isBelieved(before) ? { ...before, at } : before;
}

/** Tells whether the Hub said so on two nights. A failure is never believed to be a fact. */
export function isBelieved({ kind, nights }: Trouble): boolean {
  return kind !== 'failed' && nights >= BELIEVED_AFTER;
}

/** Tells whether the repository may be asked now. */
export function isDue(trouble: Trouble | undefined, now: Date): boolean {
  if (trouble === undefined || trouble.kind === 'gone') return true;
  if (trouble.kind === 'refused')
    return !isBelieved(trouble) || age(trouble, now) >= REFUSED_DAYS * 24 * HOUR_MS;
  if (trouble.nights <= 1) return true;
  const days = Math.min(2 ** (trouble.nights - 1), LONGEST_PAUSE_DAYS);
  // Nights begin earlier or later by some hours.
  return age(trouble, now) >= days * 24 * HOUR_MS - NIGHT_MS;
}

/** Returns the age of the trouble; that of a date in the future, from a wrong clock, causes no wait. */
function age({ at }: Trouble, now: Date): number {
  const ms = now.getTime() - Date.parse(at);
  return ms >= 0 ? ms : Number.POSITIVE_INFINITY;
}

/**
 * Returns what an answer of 4xx says of a repository. Only the Hub's own error counts: one with an error code
 * in its head, or a JSON body with `error`. A page of a firewall, a CDN or a captive portal is a failure of
 * tonight.
 *
 * A repository that does not exist answers 401 to callers without a token and 404 with `RepoNotFound` to
 * others; a gated one and a missing file say so in their error code (huggingface_hub, utils/_http.py). With a
 * token 401 means that the token is no longer valid, which says nothing about the repository.
 */
export function troubleOf(answer: HubAnswer, hasToken: boolean): TroubleKind {
  const { status, headers } = answer;
  const code = headerText(headers, 'x-error-code');
  if (!isHubError(answer)) return 'failed';
  if (status === 404 && code === 'RepoNotFound') return 'gone';
  if (status === 401 && code === undefined) return hasToken ? 'failed' : 'gone';
  return status === 403 || (status === 401 && code === 'GatedRepo') || code === 'EntryNotFound'
    ? 'refused'
    : 'failed';
}

/** Tells whether an error is the Hub's own, and not that of something between us and the Hub. */
export function isHubError({ headers, text }: HubAnswer): boolean {
  if (headerText(headers, 'x-error-code') !== undefined) return true;
  return typeof field(parseJson(text), 'error') === 'string';
}

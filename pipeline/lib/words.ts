/** Facts in words, as the terminal, pages and pictures show them. */
import type { Verdict } from '../evaluate/verdict.ts';
import type { Source } from '../extract/metadata.ts';

export const SOURCE_WORDS = {
  config: 'config',
  'config-default': 'default of the config class',
  gguf: 'GGUF header',
  safetensors: 'safetensors header',
  listing: 'listing',
  'file-name': 'file names',
  'base-model': 'base model',
} as const satisfies Record<Source, string>;

export function inBillions(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toFixed(2)} billion` : `${(n / 1e6).toFixed(1)} million`;
}

export function count(n: number): string {
  return String(Math.round(n)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Returns a change such as `+3` or `−2`; an empty text where nothing changed. */
export function difference(now: number, before: number | undefined): string {
  if (before === undefined || now === before) return '';
  return now > before ? `+${count(now - before)}` : `−${count(before - now)}`;
}

/** The claim that each level of confidence makes. */
export const CONFIDENCE_WORDS = {
  high: 'a model with the same loader, of the same kind, format and quantization, was run on this backend, by the marketplace or in the engine’s own tests, and no reported defect concerns it',
  medium:
    'every fact that is needed was read, and the worker declares that it loads such models; no run like it is on record',
  low: 'something is assumed, a defect is reported, the model loads through a fallback, or no run on this backend is on record',
} as const;

/** The basis of a compatible verdict, in a word or two. */
export type StandingWord = 'was run' | 'declared' | 'through a fallback' | 'reported broken';

export function standingOf({ reasonCodes: [code] }: Pick<Verdict, 'reasonCodes'>): StandingWord {
  switch (code) {
    case 'run_verified':
    case 'run_upstream':
      return 'was run';
    case 'fallback_declared':
      return 'through a fallback';
    case 'run_contradicted':
    case 'issue_reported':
      return 'reported broken';
    default:
      return 'declared';
  }
}

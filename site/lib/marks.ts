/** The marks of verdicts: a sign, a word and what it means. */
import type { Verdict } from '../../pipeline/evaluate/verdict.ts';
import { type StandingWord, standingOf } from '../../pipeline/lib/words.ts';

/** The marks that a cell of the table of verdicts may have. Signs differ as well as colours. */
export const MARKS = {
  ran: {
    sign: '✓',
    word: 'ran',
    className: 'yes',
    meaning: 'a model like it was run on this backend, and no defect is open',
  },
  declared: {
    sign: '○',
    word: 'declared',
    className: 'declared',
    meaning: 'the program says that it loads such models; nobody has recorded a run',
  },
  fallback: {
    sign: '◌',
    word: 'fallback',
    className: 'declared',
    meaning: 'it runs through general code of another library, mostly slower',
  },
  broken: {
    sign: '!',
    word: 'defect open',
    className: 'broken',
    meaning: 'it should run, but a defect is reported',
  },
  unknown: { sign: '?', word: 'not sure', className: 'maybe', meaning: 'a fact that is needed is missing' },
  no: { sign: '✗', word: 'no', className: 'no', meaning: 'it does not run' },
} as const;
export type Mark = keyof typeof MARKS;

/** The mark of each standing: what was run, what is declared and what is reported broken look different. */
const STANDINGS: Readonly<Record<StandingWord, Mark>> = {
  'was run': 'ran',
  declared: 'declared',
  'through a fallback': 'fallback',
  'reported broken': 'broken',
};

/** Returns the mark of a verdict; an open defect is never that of a run. */
export function markOf(verdict: Pick<Verdict, 'status' | 'compatible' | 'reasonCodes'>): Mark {
  if (verdict.compatible) return STANDINGS[standingOf(verdict)];
  return verdict.status === 'unknown' ? 'unknown' : 'no';
}

/** Returns the defect that lowers the confidence in a verdict, the first of its warnings; undefined where none does. */
export function defectOf(verdict: Pick<Verdict, 'reasonCodes' | 'warnings'>): string | undefined {
  return standingOf(verdict) === 'reported broken' ? verdict.warnings[0] : undefined;
}

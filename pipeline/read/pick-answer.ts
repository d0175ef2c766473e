/** The best of the answers that several workers give for one device: one order for the API, `explain` and the pages. */
import type { Worker } from '../data/worker.ts';
import type { Confidence } from '../evaluate/verdict.ts';
import type { FitWord } from './sentences.ts';

/** All of an answer that its rank depends on. */
export interface RankedAnswer {
  readonly answer: FitWord;
  readonly confidence: Confidence;
  /** The bits of a weight as stored. */
  readonly bits: number;
  /** NaN where it is unknown. */
  readonly totalBytes: number;
}

export interface WorkerAnswer {
  readonly worker: Pick<Worker, 'gate' | 'backend'>;
  readonly answer: RankedAnswer;
}

const WORDS: readonly FitWord[] = ['yes', 'perhaps', 'no', 'unknown', 'not run'];
const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low', 'none'];
const PROCESSORS: ReadonlySet<string> = new Set(['cpu', 'wasm']);

/** Puts the surer verdict first. */
export function compareConfidence(a: Confidence, b: Confidence): number {
  return CONFIDENCES.indexOf(a) - CONFIDENCES.indexOf(b);
}

/**
 * Returns the place of the best answer, -1 of none: what fits before what does not, the marketplace's own workers before
 * others, graphics before processors, the surest verdict, then the widest weights that fit or the smallest memory.
 * The first of equal answers is the best.
 */
export function pickAnswer(answers: readonly WorkerAnswer[]): number {
  let best = -1;
  for (const [at, answer] of answers.entries()) {
    const before = answers[best];
    if (before === undefined || compareAnswers(answer, before) < 0) best = at;
  }
  return best;
}

function compareAnswers(a: WorkerAnswer, b: WorkerAnswer): number {
  return (
    WORDS.indexOf(a.answer.answer) - WORDS.indexOf(b.answer.answer) ||
    Number(b.worker.gate) - Number(a.worker.gate) ||
    Number(PROCESSORS.has(a.worker.backend)) - Number(PROCESSORS.has(b.worker.backend)) ||
    compareConfidence(a.answer.confidence, b.answer.confidence) ||
    compareSizes(a.answer, b.answer)
  );
}

function compareSizes(a: RankedAnswer, b: RankedAnswer): number {
  return a.answer === 'no' ? a.totalBytes - b.totalBytes : b.bits - a.bits;
}

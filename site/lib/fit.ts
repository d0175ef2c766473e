/** The file of a model to take on each device, for each worker: where the answer changes from one usual device to the next. */

import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import { groupBy } from '../../pipeline/lib/group.ts';
import {
  type Copies,
  type FitAnswer,
  type FittingWorker,
  fitAnswerer,
} from '../../pipeline/read/best-file.ts';
import { type FitFacts, fileName } from '../../pipeline/read/sentences.ts';
import { workerById } from './matrix.ts';

/** Workers with the same answers. */
export interface Fitting {
  readonly workers: readonly string[];
  /** The answers in the order of devices: each holds up to the next. */
  readonly steps: readonly FitAnswer[];
}

/** The marketplace's own workers first; those that run no copy are left out. */
export function stepsOf(copies: Copies, workers: readonly FittingWorker[]): Fitting[] {
  const ordered = [...workers].sort((a, b) => Number(b.gate) - Number(a.gate));
  // Backends of a program mostly take the same files and as much memory: their answers are looked for once.
  const groups = groupBy(ordered, (worker) => faringOf(copies, worker));
  const fittings = new Map<string, { workers: string[]; steps: readonly FitAnswer[] }>();
  for (const [, [first, ...others]] of groups) {
    if (first === undefined) continue;
    const steps = changes(DEVICE_GB.map(fitAnswerer(copies, [first])));
    if (steps.length === 0) continue;
    const ids = [first, ...others].map(({ id }) => id);
    const key = JSON.stringify(steps.map(alike));
    const known = fittings.get(key);
    if (known === undefined) fittings.set(key, { workers: ids, steps });
    else known.workers.push(...ids);
  }
  return [...fittings.values()];
}

/** All that the answers of a worker depend on, but for its name. */
function faringOf({ models }: Copies, { id, backend, memory }: FittingWorker): string {
  const verdicts = models.map(({ verdicts: all }) => {
    const verdict = all.get(id);
    return verdict?.compatible === true ? [verdict.confidence, ...verdict.variants] : [];
  });
  return JSON.stringify([memory, backend === 'metal', verdicts]);
}

/** The answers that differ from those for the device before. */
function changes(answers: readonly FitAnswer[]): FitAnswer[] {
  if (answers.every(({ answer }) => answer === 'not run')) return [];
  return answers.filter((answer, at) => {
    const before = answers[at - 1];
    return before === undefined || choiceOf(before) !== choiceOf(answer);
  });
}

function choiceOf({ answer, model, variant }: FitAnswer): string {
  return [answer, model, variant].join('\n');
}

/** Answers of two workers are alike that differ in nothing but the worker. */
function alike({ worker: _worker, sentence: _sentence, ...answer }: FitAnswer) {
  return answer;
}

/** A file with what its words and its order need, whatever the worker. */
export interface FitChoice extends Pick<FitFacts, 'model' | 'file' | 'contextLength' | 'cache' | 'working'> {
  readonly variant: string | undefined;
  readonly bits: number;
  readonly weightBytes: number | 'unknown';
}

/** The answer from a device on, up to the next step. */
export interface FitStep extends Pick<FitFacts, 'confidence' | 'grade'> {
  readonly deviceGb: number;
  readonly answer: FitAnswer['answer'];
  /** The number of the file in `choices`. */
  readonly choice: number;
  readonly cacheBytes: number | 'unknown';
  readonly overheadBytes: number;
}

/** The answers as the JSON beside a page has them: each file once, since most workers take the same. */
export interface FitJson {
  readonly choices: readonly FitChoice[];
  readonly groups: readonly {
    readonly workers: readonly string[];
    readonly mayOffload: boolean;
    readonly steps: readonly FitStep[];
  }[];
}

/** Returns the answers for machines. */
export function fitJson(fit: readonly Fitting[]): FitJson {
  const choices = new Map<string, FitChoice>();
  const numberOf = (choice: FitChoice) => {
    const key = JSON.stringify(choice);
    if (!choices.has(key)) choices.set(key, choice);
    return [...choices.keys()].indexOf(key);
  };
  const groups = fit.map(({ workers, steps }) => ({
    workers,
    mayOffload: workerById.get(workers[0] ?? '')?.memory.weightsMayStayOnCpu === true,
    steps: steps.flatMap((step) => stepJson(step, numberOf)),
  }));
  return { choices: [...choices.values()], groups };
}

/** Returns a step; none where it names no file. */
function stepJson(step: FitAnswer, numberOf: (choice: FitChoice) => number): FitStep[] {
  const { deviceGb, answer, model, files, confidence, bits = 0, memory } = step;
  if (model === undefined || files === undefined || confidence === undefined || memory === undefined)
    return [];
  const { variant, contextLength, weightBytes, cacheBytes, overheadBytes, grade, from } = memory;
  const choice = numberOf({
    model,
    variant,
    file: fileName(variant, files),
    contextLength,
    cache: from.cache,
    working: from.working,
    bits: Number(bits.toFixed(3)),
    weightBytes,
  });
  return [{ deviceGb, answer, choice, confidence, cacheBytes, overheadBytes, grade }];
}

/** The file of a model to take on each device, for each worker: where the answer changes from one usual device to the next. */

import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import { groupBy } from '../../pipeline/lib/group.ts';
import {
  type Copies,
  type FitAnswer,
  type FittingWorker,
  fitAnswerer,
} from '../../pipeline/read/best-file.ts';

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

/** The same for machines, in as few signs as say it: `totalBytes` and `grade` are those of the variant. */
export function fitJson(fit: readonly Fitting[]) {
  return fit.map(({ workers, steps }) => ({
    workers,
    steps: steps.map(({ deviceGb, answer, model, variant, memory }) => {
      const { totalBytes, grade } = memory ?? {};
      return { deviceGb, answer, model, variant, totalBytes, grade };
    }),
  }));
}

/** Answers on the page of a model for the machine of the visitor, from the JSON beside the page. */
import { DEVICE_GB, usableBytes } from '../../pipeline/evaluate/memory-device.ts';
import { pickAnswer, type RankedAnswer } from '../../pipeline/read/pick-answer.ts';
import {
  type FitFacts,
  type FitWord,
  NO_COPY_RUNS,
  onDevice,
  sayFit,
} from '../../pipeline/read/sentences.ts';
import { ANY_PROGRAM, chosenWorkers, type SiteWorker, type WorkerChoice } from '../lib/chosen-workers.ts';
import type { FitChoice, FitJson, FitStep } from '../lib/fit.ts';
import { BACKEND_WORDS } from '../lib/words.ts';
import type { Machine } from './machine.ts';

/** A file on a worker: what the words, the order and the bar need. */
interface FoundFile extends FitFacts, FitChoice {
  readonly answer: FitWord;
  readonly cacheBytes: number | 'unknown';
  readonly overheadBytes: number;
}

/** The answer of one worker for a device; without a file it runs no copy. */
export interface Answer {
  readonly worker: SiteWorker;
  readonly found: FoundFile | undefined;
}

const NOT_RUN: RankedAnswer = { answer: 'not run', confidence: 'none', bits: 0, totalBytes: Number.NaN };

/** Returns the best answer of some workers for a device; undefined where there is no worker. */
export function answerOn(fit: FitJson, workers: readonly SiteWorker[], deviceGb: number): Answer | undefined {
  const answers = workers.map((worker) => ({ worker, found: findFile(fit, worker.id, deviceGb) }));
  return answers[pickAnswer(answers.map(({ worker, found }) => ({ worker, answer: found ?? NOT_RUN })))];
}

/** Returns the file of the last step that is no larger than the device. */
function findFile({ choices, groups }: FitJson, id: string, deviceGb: number): FoundFile | undefined {
  const group = groups.find(({ workers }) => workers.includes(id));
  const step = group?.steps.findLast((one) => one.deviceGb <= deviceGb);
  const choice = choices[step?.choice ?? -1];
  if (group === undefined || step === undefined || choice === undefined) return undefined;
  const { mayOffload } = group;
  return { ...choice, ...step, mayOffload, totalBytes: sumOf(choice, step) };
}

/** Returns the sum of the known parts; NaN where the weights are unknown. */
function sumOf({ weightBytes }: FitChoice, { cacheBytes, overheadBytes }: FitStep): number {
  return Number(weightBytes) + (cacheBytes === 'unknown' ? 0 : cacheBytes) + overheadBytes;
}

/** Returns the answer as a sentence, as `explain` says it. */
export function sentenceOf({ worker, found }: Answer, deviceGb: number): string {
  const name = `${worker.name} on ${BACKEND_WORDS[worker.backend]}`;
  const words = found === undefined ? NO_COPY_RUNS : sayFit(found.answer, deviceGb, found);
  return onDevice(deviceGb, name, words);
}

/** The answer for a machine, as the page shows it. */
export interface MachineAnswer {
  /** The device that it is about: the one chosen, else the smallest that holds a file. */
  readonly deviceGb: number;
  readonly best: Answer;
  /** The best of other programs, where it fits what the one that was asked for does not. */
  readonly other: Answer | undefined;
}

/** Returns the answer for a machine; undefined where nothing was chosen, or no program has the backend. */
export function answerFor(
  fit: FitJson,
  workers: readonly SiteWorker[],
  machine: Machine,
): MachineAnswer | undefined {
  if (Object.values(machine).every((value) => value === '')) return undefined;
  const backend = machine.backend === '' ? {} : { backend: machine.backend };
  const choice: WorkerChoice = machine.program === '' ? backend : { ...backend, program: machine.program };
  const meant = chosenWorkers(workers, choice);
  const deviceGb = machine.device === '' ? smallestFor(fit, meant) : Number(machine.device);
  const best = answerOn(fit, meant, deviceGb);
  if (best === undefined) return undefined;
  const all = chosenWorkers(workers, { ...backend, program: ANY_PROGRAM });
  const other = best.found?.answer === 'yes' ? undefined : answerOn(fit, all, deviceGb);
  return { deviceGb, best, other: other?.found?.answer === 'yes' ? other : undefined };
}

/** Returns the smallest usual device in GB on which the workers fit a file; the largest where none does. */
function smallestFor(fit: FitJson, workers: readonly SiteWorker[]): number {
  const fits = (gb: number) => answerOn(fit, workers, gb)?.found?.answer === 'yes';
  return DEVICE_GB.find(fits) ?? Math.max(...DEVICE_GB);
}

/** Returns the bytes of a device that a worker can use. */
export function usableOn(deviceGb: number, { backend, usableShare }: SiteWorker): number {
  return usableBytes(deviceGb, { backend, memory: usableShare === undefined ? {} : { usableShare } });
}

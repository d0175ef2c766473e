/** The best file for a device, of all copies of the same weights: one that a worker runs and the device holds. */
import { workersOf } from '../data/named-workers.ts';
import type { Worker } from '../data/worker.ts';
import { estimateMemory, type MemoryEstimate } from '../evaluate/memory.ts';
import { USABLE_FLOAT_BITS, widthOf } from '../evaluate/memory-weights.ts';
import type { Confidence } from '../evaluate/verdict.ts';
import { factValue } from '../extract/metadata.ts';
import type { MatrixModel } from '../format/decode.ts';
import { splitVariantId } from '../format/encoding.ts';
import { compareNames } from '../lib/compare.ts';
import { BACKEND_WORDS } from '../lib/sentences.ts';
import type { Matrix } from './index.ts';
import { compareConfidence, pickAnswer, type RankedAnswer } from './pick-answer.ts';
import { type FitFacts, type FitWord, fileName, NO_COPY_RUNS, onDevice, sayFit } from './sentences.ts';

export type { FitWord };

/** The fields of a worker on which the answer depends; workers.json has them. */
export type FittingWorker = Pick<Worker, 'id' | 'name' | 'backend' | 'gate' | 'memory'>;

export interface FitQuestion {
  /** The memory of the device in GB, as vendors print it. */
  readonly deviceGb: number;
  /** The context length in tokens; 8,192 by default. */
  readonly contextLength?: number;
}

export interface FitAnswer {
  readonly deviceGb: number;
  readonly answer: FitWord;
  /** Id of the worker; undefined where the answer is `not run`. */
  readonly worker?: string;
  /** Repo id of the copy. */
  readonly model?: string;
  /** Id of the variant in it. */
  readonly variant?: string;
  /** The files of the variant, where out/ lists them. */
  readonly files?: readonly string[];
  /** The confidence that the worker runs the copy. */
  readonly confidence?: Confidence;
  /** The bits of a weight as stored, at most 16. */
  readonly bits?: number;
  readonly memory?: MemoryEstimate;
  /** The answer in words, without the device and the worker. */
  readonly words: string;
  /** The answer as a sentence that names both. */
  readonly sentence: string;
}

/** A model and its copies, with the data that sizes their variants. */
export interface Copies {
  /** The model that was asked for, then its copies. */
  readonly models: readonly MatrixModel[];
  readonly bitsPerWeight: ReadonlyMap<string, number>;
}

/** Reads the copies of a model: its own, its base, and the copies of its base, on the allowlist or not. */
export async function readCopies(
  matrix: Pick<Matrix, 'find' | 'allCopiesOf' | 'bitsPerWeight'>,
  model: MatrixModel,
): Promise<Copies> {
  const models = [model];
  for await (const copy of matrix.find(await matrix.allCopiesOf(model))) models.push(copy);
  return { models, bitsPerWeight: await matrix.bitsPerWeight() };
}

/**
 * Returns the best file for a device among a model and all of its copies in an out/: on the worker or program of this name, or on
 * the best of all.
 *
 * @throws UsageError for a worker that is not there; DataError as the methods of `matrix`.
 */
export async function findBestFile(
  matrix: Pick<Matrix, 'find' | 'allCopiesOf' | 'bitsPerWeight' | 'workers'>,
  model: MatrixModel,
  { worker, ...question }: FitQuestion & { readonly worker?: string | undefined },
): Promise<FitAnswer> {
  const workers = workersOf(worker === undefined ? [] : [worker], await matrix.workers());
  return answerFit(await readCopies(matrix, model), workers, question);
}

/**
 * Returns the best file of all copies for a device, on one of the workers: the marketplace's own before others, graphics
 * before processors, the surest verdict, then the widest weights that fit.
 */
export function answerFit(
  copies: Copies,
  workers: readonly FittingWorker[],
  question: FitQuestion,
): FitAnswer {
  return fitAnswerer(copies, workers, question.contextLength)(question.deviceGb);
}

/** Returns a function that answers for many devices: the data about the files does not depend on the device. */
export function fitAnswerer(
  copies: Copies,
  workers: readonly FittingWorker[],
  contextLength?: number,
): (deviceGb: number) => FitAnswer {
  const each = workers.map((worker) => ({ worker, answer: answererOf(copies, worker, contextLength) }));
  return (deviceGb) => {
    const answers = each.map(({ worker, answer }) => ({ worker, answer: answer(deviceGb) }));
    const best = pickAnswer(answers.map(({ worker, answer }) => ({ worker, answer: rankedAnswer(answer) })));
    const found = answers[best]?.answer;
    if (found !== undefined && (found.answer !== 'not run' || workers.length === 1)) return found;
    return {
      deviceGb,
      answer: 'not run',
      words: NO_COPY_RUNS,
      sentence: onDevice(deviceGb, 'any worker', NO_COPY_RUNS),
    };
  };
}

/** Returns what the order of answers depends on. */
function rankedAnswer({ answer, confidence, bits, memory }: FitAnswer): RankedAnswer {
  return {
    answer,
    confidence: confidence ?? 'none',
    bits: bits ?? 0,
    totalBytes: Number(memory?.totalBytes),
  };
}

function answererOf(
  copies: Copies,
  worker: FittingWorker,
  contextLength: number | undefined,
): (deviceGb: number) => FitAnswer {
  const candidates = candidatesOf(copies, worker, contextLength).sort(compareFitting);
  const [smallest] = candidates.filter(({ memory }) => memory.grade !== 'unknown').sort(compareSmallest);
  return (deviceGb) => {
    const fitting = candidates.filter(({ memory }) => memory.fits(deviceGb));
    const sure = fitting.find(({ memory }) => memory.grade !== 'at least');
    if (sure !== undefined) return tell('yes', deviceGb, sure, worker);
    if (fitting[0] !== undefined) return tell('perhaps', deviceGb, fitting[0], worker);
    if (smallest !== undefined) return tell('no', deviceGb, smallest, worker);
    return tell(candidates.length > 0 ? 'unknown' : 'not run', deviceGb, candidates[0], worker);
  };
}

interface Candidate {
  readonly worker: FittingWorker;
  readonly confidence: Confidence;
  readonly model: MatrixModel;
  readonly modelPlace: number;
  /** The files of the variant; empty where out/ lists none. */
  readonly files: readonly string[];
  /** The bits of a weight as stored, at most 16. */
  readonly bits: number;
  readonly memory: MemoryEstimate;
}

function candidatesOf(
  { models, bitsPerWeight }: Copies,
  worker: FittingWorker,
  contextLength: number | undefined,
): Candidate[] {
  return models.flatMap((model, modelPlace) => {
    const verdict = model.verdicts.get(worker.id);
    if (verdict?.compatible !== true) return [];
    return verdict.variants.map((variant): Candidate => {
      const memory = estimateMemory(model.facts, worker, {
        variant,
        bitsPerWeight,
        ...(contextLength === undefined ? {} : { contextLength }),
      });
      const files = model.facts.variants.find(({ id }) => id === variant)?.files ?? [];
      // Wider weights keep no more quality.
      const bits = Math.min(bitsOf(model, variant, bitsPerWeight), USABLE_FLOAT_BITS);
      return { worker, confidence: verdict.confidence, model, modelPlace, files, bits, memory };
    });
  });
}

/** Returns the average bits of a weight of a variant, by its label or else by its size; 0 where neither tells. */
export function bitsOf(
  { facts }: MatrixModel,
  id: string,
  bitsPerWeight: ReadonlyMap<string, number>,
): number {
  const size = facts.variants.find((variant) => variant.id === id)?.sizeBytes;
  const total = factValue(facts.parameters.total);
  const bySize = typeof size === 'number' && total !== undefined && total > 0 ? (size * 8) / total : 0;
  return widthOf(splitVariantId(id).label, bitsPerWeight) ?? bySize;
}

/** Puts the surer verdict first, then the weights that keep the most quality. */
function compareFitting(a: Candidate, b: Candidate): number {
  return (
    compareConfidence(a.confidence, b.confidence) ||
    b.bits - a.bits ||
    Number(a.memory.totalBytes) - Number(b.memory.totalBytes) ||
    compareModels(a, b)
  );
}

function compareSmallest(a: Candidate, b: Candidate): number {
  return (
    compareConfidence(a.confidence, b.confidence) ||
    Number(a.memory.totalBytes) - Number(b.memory.totalBytes) ||
    compareModels(a, b)
  );
}

/** Puts the model that was asked for first, then the most downloaded. */
function compareModels(a: Candidate, b: Candidate): number {
  const downloads = ({ model }: Candidate) => Number(model.facts.downloads) || 0;
  return (
    Number(a.modelPlace > 0) - Number(b.modelPlace > 0) ||
    downloads(b) - downloads(a) ||
    compareNames(a.model.id, b.model.id)
  );
}

function tell(
  answer: FitWord,
  deviceGb: number,
  candidate: Candidate | undefined,
  worker: FittingWorker,
): FitAnswer {
  const sentence = (words: string) => onDevice(deviceGb, nameOf(worker), words);
  if (candidate === undefined)
    return { deviceGb, answer, words: NO_COPY_RUNS, sentence: sentence(NO_COPY_RUNS) };
  const { model, files, memory, bits, confidence } = candidate;
  const found = {
    deviceGb,
    answer,
    worker: worker.id,
    model: model.id,
    ...(memory.variant === undefined ? {} : { variant: memory.variant }),
    files,
    confidence,
    bits,
    memory,
  };
  const words = sayFit(answer, deviceGb, fitFacts(found, worker));
  return { ...found, words, sentence: sentence(words) };
}

const nameOf = ({ name, backend }: FittingWorker) => `${name} on ${BACKEND_WORDS[backend]}`;

/** An answer that names a file. */
type FoundFile = Required<Pick<FitAnswer, 'model' | 'files' | 'confidence' | 'memory'>>;

/** Returns what the words of an answer name; `worker` is the one that takes the file. */
function fitFacts(
  { model, files, confidence, memory }: FoundFile,
  worker: Pick<FittingWorker, 'memory'>,
): FitFacts {
  const { variant, totalBytes, grade, contextLength, from } = memory;
  return {
    model,
    file: fileName(variant, files),
    confidence,
    totalBytes: Number(totalBytes),
    grade,
    contextLength,
    cache: from.cache,
    working: from.working,
    mayOffload: worker.memory.weightsMayStayOnCpu === true,
  };
}

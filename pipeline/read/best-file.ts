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
import * as say from './sentences.ts';

/** The fields of a worker on which the answer depends; workers.json has them. */
export type FittingWorker = Pick<Worker, 'id' | 'name' | 'backend' | 'gate' | 'memory'>;

export interface FitQuestion {
  /** The memory of the device in GB, as vendors print it. */
  readonly deviceGb: number;
  /** The context length in tokens; 8,192 by default. */
  readonly contextLength?: number;
}

/**
 * The answer. `yes`: the device holds all; `perhaps`: it holds the weights, and the memory needed on top is not known;
 * `no`: no file fits, and the smallest is named; `unknown`: no size is known; `not run`: none of the workers runs any
 * copy.
 */
export type FitWord = 'yes' | 'perhaps' | 'no' | 'unknown' | 'not run';

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
  const candidates = candidatesOf(copies, workers, contextLength).sort(compareFitting);
  const [smallest] = candidates.filter(({ memory }) => memory.grade !== 'unknown').sort(compareSmallest);
  return (deviceGb) => {
    const fitting = candidates.filter(({ memory }) => memory.fits(deviceGb));
    const sure = fitting.find(({ memory }) => memory.grade !== 'at least');
    if (sure !== undefined) return answerWith('yes', deviceGb, sure);
    if (fitting[0] !== undefined) return answerWith('perhaps', deviceGb, fitting[0]);
    if (smallest !== undefined) return answerWith('no', deviceGb, smallest);
    return answerWith(candidates.length > 0 ? 'unknown' : 'not run', deviceGb, candidates[0], workers);
  };
}

interface Candidate {
  readonly worker: FittingWorker;
  readonly workerPlace: number;
  readonly confidence: Confidence;
  readonly model: MatrixModel;
  readonly modelPlace: number;
  /** The files of the variant; empty where out/ lists none. */
  readonly files: readonly string[];
  /** Bits of a weight as stored, at most 16: wider weights keep no more quality. */
  readonly bits: number;
  readonly memory: MemoryEstimate;
}

function candidatesOf(
  { models, bitsPerWeight }: Copies,
  workers: readonly FittingWorker[],
  contextLength: number | undefined,
): Candidate[] {
  return workers.flatMap((worker, workerPlace) =>
    models.flatMap((model, modelPlace) => {
      const verdict = model.verdicts.get(worker.id);
      if (verdict?.compatible !== true) return [];
      return verdict.variants.map((variant): Candidate => {
        const memory = estimateMemory(model.facts, worker, {
          variant,
          bitsPerWeight,
          ...(contextLength === undefined ? {} : { contextLength }),
        });
        const files = model.facts.variants.find(({ id }) => id === variant)?.files ?? [];
        const bits = bitsFor(model, variant, bitsPerWeight);
        const { confidence } = verdict;
        return { worker, workerPlace, confidence, model, modelPlace, files, bits, memory };
      });
    }),
  );
}

function bitsFor({ facts }: MatrixModel, id: string, bitsPerWeight: ReadonlyMap<string, number>): number {
  const size = facts.variants.find((variant) => variant.id === id)?.sizeBytes;
  const total = factValue(facts.parameters.total);
  const bySize = typeof size === 'number' && total !== undefined ? (size * 8) / total : 0;
  const bits = widthOf(splitVariantId(id).label, bitsPerWeight) ?? bySize;
  return Math.min(bits, USABLE_FLOAT_BITS);
}

const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low', 'none'];
const PROCESSORS: ReadonlySet<string> = new Set(['cpu', 'wasm']);

function compareFitting(a: Candidate, b: Candidate): number {
  return (
    compareWorkers(a, b) ||
    b.bits - a.bits ||
    a.workerPlace - b.workerPlace ||
    Number(a.memory.totalBytes) - Number(b.memory.totalBytes) ||
    compareModels(a, b)
  );
}

function compareSmallest(a: Candidate, b: Candidate): number {
  return (
    compareWorkers(a, b) ||
    Number(a.memory.totalBytes) - Number(b.memory.totalBytes) ||
    a.workerPlace - b.workerPlace ||
    compareModels(a, b)
  );
}

function compareWorkers(a: Candidate, b: Candidate): number {
  const processor = ({ worker }: Candidate) => Number(PROCESSORS.has(worker.backend));
  return (
    Number(b.worker.gate) - Number(a.worker.gate) ||
    processor(a) - processor(b) ||
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence)
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

function answerWith(
  answer: FitWord,
  deviceGb: number,
  candidate: Candidate | undefined,
  workers: readonly FittingWorker[] = [],
): FitAnswer {
  if (candidate === undefined) {
    const name = workers.length === 1 && workers[0] !== undefined ? nameOf(workers[0]) : 'any worker';
    const words = say.NO_COPY_RUNS;
    return { deviceGb, answer, words, sentence: say.onDevice(deviceGb, name, words) };
  }
  const { worker, model, files, memory } = candidate;
  const words = saying(answer, deviceGb, candidate);
  return {
    deviceGb,
    answer,
    worker: worker.id,
    model: model.id,
    ...(memory.variant === undefined ? {} : { variant: memory.variant }),
    files,
    memory,
    words,
    sentence: say.onDevice(deviceGb, nameOf(worker), words),
  };
}

const nameOf = ({ name, backend }: FittingWorker) => `${name} on ${BACKEND_WORDS[backend]}`;

function saying(answer: FitWord, deviceGb: number, candidate: Candidate): string {
  const { worker, model, memory, confidence } = candidate;
  const taken = { what: `${filesOf(candidate)} from ${model.id}`, memory, deviceGb };
  const doubt = confidence === 'low' ? say.LOW_CONFIDENCE : '';
  if (answer === 'unknown') return say.sizeUnknown(taken);
  if (answer === 'yes') return `${say.fits(taken)}${doubt}`;
  if (answer === 'perhaps') return `${say.mayFit(taken)}${doubt}`;
  return `${say.fitsNot(taken)}${worker.memory.weightsMayStayOnCpu === true ? say.OFFLOAD : ''}`;
}

/** Returns the name of a file, the first part of a split GGUF, or the id of another variant. */
function filesOf({ files, memory: { variant } }: Candidate): string {
  const [first, ...more] = files;
  if (first === undefined) return `${variant}`;
  if (more.length === 0) return first;
  return variant?.startsWith('gguf:')
    ? `${first} and ${more.length} more`
    : `${variant} (${files.length} files)`;
}

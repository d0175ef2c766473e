/** The sentences about memory and about the file to take, as `explain` and pages show them. */

import type { CacheFrom, MemoryEstimate, MemoryFrom, MemoryGrade } from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import type { WeightsFrom } from '../evaluate/memory-weights.ts';
import type { Confidence } from '../evaluate/verdict.ts';
import { listNames } from '../lib/sentences.ts';

const WEIGHTS_WORDS: Readonly<Record<WeightsFrom, string>> = {
  files: 'the sizes of the files',
  parameters: 'the number of weights',
  'bits of the label': 'the number of weights and the usual bits of this quantization',
  'files of another width': 'the sizes of the files, converted to the numbers that the worker keeps',
  unknown: 'unknown',
};

const CACHE_WORDS: Readonly<Record<CacheFrom, string>> = {
  config: 'config.json',
  'config-default': 'the defaults of the config class',
  gguf: 'the GGUF header',
  'base-model': 'the base model',
  'same-size': 'models of the same size',
  'no cache': 'none',
  unknown: 'unknown',
};

const GRADE_WORDS: Readonly<Record<MemoryGrade, string>> = {
  exact: '',
  estimate: 'about ',
  'at least': 'at least ',
  unknown: '',
};

/** Formats bytes as `6.28 GB`, of 10^9 bytes each. */
function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Formats a context length: `8k` for 8,192 tokens. */
function inTokens(tokens: number): string {
  return tokens >= 1024 && tokens % 1024 === 0 ? `${tokens / 1024}k` : `${tokens} tokens`;
}

/**
 * Says in one sentence, without its capital and full stop, how much memory a variant takes, how sure that is, from what
 * it is counted, and the smallest usual device that holds it.
 */
export function describeMemory(memory: MemoryEstimate): string {
  const { variant, totalBytes, grade, from } = memory;
  if (totalBytes === 'unknown')
    return `the memory that ${variant} takes is not known: neither the sizes of its files nor its number of weights are`;
  const context = from.cache === 'no cache' ? '' : ` with a context of ${memory.contextLength} tokens`;
  const device = DEVICE_GB.find((gb) => memory.fits(gb));
  const held = grade === 'at least' ? 'these' : 'it';
  const holds =
    device === undefined
      ? `None of the usual devices, of up to ${DEVICE_GB.at(-1)} GB, holds ${held}`
      : `A device with ${device} GB holds ${held}`;
  const parts = listNames(partsOf(memory), 'and');
  return `the variant ${variant} takes ${GRADE_WORDS[grade]}${gigabytes(totalBytes)}${context}: ${parts}${notCounted(memory)}. ${holds}`;
}

function partsOf({ weightBytes, cacheBytes, overheadBytes, from }: MemoryEstimate): string[] {
  const overhead =
    from.working === 'pipeline class' ? 'overhead and working memory (from the pipeline class)' : 'overhead';
  return [
    ...(typeof weightBytes === 'number'
      ? [`${gigabytes(weightBytes)} of weights (from ${WEIGHTS_WORDS[from.weights]})`]
      : []),
    ...(typeof cacheBytes === 'number' && cacheBytes > 0
      ? [`${gigabytes(cacheBytes)} of key-value cache (from ${CACHE_WORDS[from.cache]})`]
      : []),
    ...(overheadBytes > 0 ? [`${gigabytes(overheadBytes)} of ${overhead}`] : []),
  ];
}

function notCounted({ from: { cache, working } }: MemoryEstimate): string {
  if (working === 'unknown') return '; the working memory of the pipeline is not known and not counted';
  if (working === 'other parts') return '; the other parts of the pipeline are not counted';
  return cache === 'unknown'
    ? '; the key-value cache is not counted, as the shape of the attention is not known'
    : '';
}

/** `steps`: device in GB and the id of the variant, where a larger device holds a better one. */
export function bestVariants(steps: readonly (readonly [deviceGb: number, variant: string])[]): string {
  return `best variant by memory of the device: ${steps.map(([gb, variant]) => `${variant} on ${gb} GB`).join(', ')}`;
}

/**
 * The answer. `yes`: the device holds all; `perhaps`: it holds the weights, and the memory needed on top is not known;
 * `no`: no file fits, and the smallest is named; `unknown`: no size is known; `not run`: none of the workers runs any
 * copy.
 */
export type FitWord = 'yes' | 'perhaps' | 'no' | 'unknown' | 'not run';

/** The facts about a file, and about its memory on a worker, that the answer names. */
export interface FitFacts {
  /** Repo id of the copy. */
  readonly model: string;
  /** The file, as `fileName` names it. */
  readonly file: string;
  readonly confidence: Confidence;
  /** NaN where it is unknown. */
  readonly totalBytes: number;
  readonly grade: MemoryGrade;
  /** In tokens. */
  readonly contextLength: number;
  readonly cache: CacheFrom;
  readonly working?: MemoryFrom['working'] | undefined;
  /** Tells whether the worker may leave part of the weights in the memory of the system. */
  readonly mayOffload: boolean;
}

export const NO_COPY_RUNS = 'no copy of this model is known to run.';

export function onDevice(deviceGb: number, worker: string, words: string): string {
  return `On ${deviceGb} GB with ${worker}: ${words}`;
}

/** Returns the name of a file, the first part of a split GGUF, or the id of another variant. */
export function fileName(variant: string | undefined, [first, ...more]: readonly string[]): string {
  if (first === undefined) return `${variant}`;
  if (more.length === 0) return first;
  return variant?.startsWith('gguf:')
    ? `${first} and ${more.length} more`
    : `${variant} (${more.length + 1} files)`;
}

/** Returns the answer in words, without the device and the worker. */
export function sayFit(answer: FitWord, deviceGb: number, facts: FitFacts): string {
  if (answer === 'not run') return NO_COPY_RUNS;
  const { grade, totalBytes, cache, contextLength } = facts;
  const what = `${facts.file} from ${facts.model}`;
  const of = `${(totalBytes / 1e9).toFixed(1)} of ${deviceGb} GB`;
  const at = cache === 'no cache' ? '' : ` at ${inTokens(contextLength)}`;
  const doubt = facts.confidence === 'low' ? ' Confidence that it runs is low.' : '';
  if (answer === 'unknown') return `not known, because the size of ${what} is not known.`;
  if (answer === 'yes') return `yes, ${what} takes ${GRADE_WORDS[grade]}${of}${at}.${doubt}`;
  if (answer === 'perhaps')
    return `perhaps, ${what} takes at least ${of}; ${onTop(facts)}, and how much is not known.${doubt}`;
  const offload = facts.mayOffload ? ' Part of the weights may stay in system memory.' : '';
  return `no, even the smallest file, ${what}, takes ${GRADE_WORDS[grade]}${gigabytes(totalBytes)}${at}.${offload}`;
}

function onTop({ working, cache, contextLength }: FitFacts): string {
  if (working === 'other parts') return 'the other parts of the pipeline come on top';
  return `${cache === 'unknown' ? `the cache for ${inTokens(contextLength)}` : 'working memory'} comes on top`;
}

// Errors: an out/ that cannot be read. `out`: its folder or address.

const AGAIN = 'Fetch it again, or build it again.';

export const fileDamaged = (out: string, path: string) => `${out}/${path} is damaged. ${AGAIN}`;
export const notAList = (path: string) => `${path} is damaged: it is not a list of repo ids. ${AGAIN}`;
export const LINE_DAMAGED = `A line of models/ is damaged. ${AGAIN}`;
export const rowMissing = (path: string, key: string) => `${path} lacks the row ${key}. ${AGAIN}`;
export const verdictsMissing = (key: string) =>
  `verdicts.json lacks the verdicts of the row ${key}. ${AGAIN}`;
export const notListed = (out: string, path: string) =>
  `The manifest of ${out} does not list ${path}. Build it again.`;

export function otherThanManifest(out: string, path: string): string {
  return `${out}/${path} differs from what its manifest states: it is damaged, or a cache keeps it from another night. Try again in some minutes, or build it again.`;
}

export const fileMissing = (out: string, path: string) =>
  `${out} lacks ${path}, which its manifest lists. Check the host, or build it again.`;

export function otherNight(out: string, path: string): string {
  return `${out}: ${path} belongs to another night than what was read before, or is damaged. Open the out/ again.`;
}

export const noManifest = (out: string) =>
  `${out} has no manifest.json. Run npm run build:matrix first, or name another out/.`;

export function otherSchema(out: string, version: number): string {
  return `${out}/manifest.json is not of schema version ${version}. Build it again, or use the version of this package that reads it.`;
}

export const noSuchWorker = (out: string, id: string) =>
  `${out} has no worker ${id}. Its workers.json lists the ids.`;
export const notAnAddress = (text: string) =>
  `${JSON.stringify(text)} is not an address; give one such as https://example.org/out/.`;
export const answersStatus = (address: string, status: number) => `${address} answers ${status}.`;
export const notReached = (address: string) => `${address} cannot be reached.`;
export const notReadable = (path: string) => `${path} cannot be read.`;

/** The sentences about memory and about the file to take, as `explain` and pages show them. */

import type { CacheFrom, MemoryEstimate, MemoryGrade } from '../evaluate/memory.ts';
import { DEVICE_GB } from '../evaluate/memory-device.ts';
import type { WeightsFrom } from '../evaluate/memory-weights.ts';
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

export const NO_COPY_RUNS = 'no copy of this model is known to run.';

export function onDevice(deviceGb: number, worker: string, words: string): string {
  return `On ${deviceGb} GB with ${worker}: ${words}`;
}

/** A file to take: its name, and the repository that has it. */
interface Taken {
  readonly what: string;
  readonly memory: MemoryEstimate;
  readonly deviceGb: number;
}

const at = ({ from, contextLength }: MemoryEstimate) =>
  from.cache === 'no cache' ? '' : ` at ${inTokens(contextLength)}`;
const ofDevice = ({ memory, deviceGb }: Taken) =>
  `${(Number(memory.totalBytes) / 1e9).toFixed(1)} of ${deviceGb} GB`;

export const LOW_CONFIDENCE = ' Confidence that it runs is low.';
export const OFFLOAD = ' Part of the weights may stay in system memory.';

export function sizeUnknown({ what }: Taken): string {
  return `not known, because the size of ${what} is not known.`;
}

export function fits(taken: Taken): string {
  const { what, memory } = taken;
  return `yes, ${what} takes ${GRADE_WORDS[memory.grade]}${ofDevice(taken)}${at(memory)}.`;
}

export function mayFit(taken: Taken): string {
  const { what, memory } = taken;
  return `perhaps, ${what} takes at least ${ofDevice(taken)}; ${onTop(memory)}, and how much is not known.`;
}

function onTop({ from, contextLength }: MemoryEstimate): string {
  if (from.working === 'other parts') return 'the other parts of the pipeline come on top';
  return `${from.cache === 'unknown' ? `the cache for ${inTokens(contextLength)}` : 'working memory'} comes on top`;
}

export function fitsNot({ what, memory }: Taken): string {
  return `no, even the smallest file, ${what}, takes ${GRADE_WORDS[memory.grade]}${gigabytes(Number(memory.totalBytes))}${at(memory)}.`;
}

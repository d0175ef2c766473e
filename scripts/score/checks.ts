/** Checks each value that a case expects; a check returns what is wrong, or undefined. */

import type { Worker } from '../../pipeline/data/worker.ts';
import { checkCompatibility } from '../../pipeline/evaluate/index.ts';
import { estimateMemory } from '../../pipeline/evaluate/memory.ts';
import { type Fact, factValue, type ModelMetadata } from '../../pipeline/extract/metadata.ts';
import type { Expectation, Reading, Verdicts } from './case.ts';

export interface Found {
  readonly model: ModelMetadata;
  readonly reading: Reading;
  readonly workers: readonly Worker[];
}

type Check = (found: Found, expect: Expectation) => string | undefined;

/** Column of the cases -> the workers that must all give the expected verdict. vLLM's quantizations are CUDA's. */
const PROGRAMS: Readonly<Record<string, RegExp>> = {
  'rbee-llm': /^llm-worker-rbee-/,
  'rbee-sd': /^sd-worker-rbee-/,
  'llama.cpp': /^llama\.cpp-/,
  vllm: /^vllm-(?:cuda|rocm)$/,
  ollama: /^ollama-cuda$/,
  sglang: /^sglang-cuda$/,
  'mlx-lm': /^mlx-lm-/,
  'lm-studio-metal': /^lm-studio-metal-/,
  'transformers.js': /^transformers\.js-/,
  transformers: /^transformers-/,
  tgi: /^tgi-/,
  candle: /^candle-/,
};

function workersOf(program: string, workers: readonly Worker[]): Worker[] {
  const pattern = PROGRAMS[program];
  return workers.filter(({ id }) =>
    pattern === undefined ? id.startsWith(`${program}-`) : pattern.test(id),
  );
}

const COUNT_TOLERANCE = 0.02;
const ACTIVE_TOLERANCE = 0.06;
const CACHE_TOLERANCE = 0.06;
const SIZE_TOLERANCE = 0.01;
const CONTEXT = 8_192;

export const CHECKS: Readonly<Record<string, Check>> = {
  kind: ({ model, reading }, { kind }) => text(factValue(model.kind), kind, reading),
  quantization: ({ model, reading }, { quantization }) =>
    text(factValue(model.quantizationMethod), quantization, reading),
  contextLength: ({ model, reading }, { contextLength }) =>
    number(model.contextLength, contextLength, 0, reading),
  parameters: ({ model, reading }, { parameters }) =>
    number(model.parameters.total, parameters, COUNT_TOLERANCE, reading),
  activeParameters: ({ model, reading }, { activeParameters }) =>
    number(model.parameters.active, activeParameters, ACTIVE_TOLERANCE, reading),
  variants: ({ model, reading }, { variants }) =>
    text(
      sorted(model.variants.map(withShards)),
      answers(variants)?.map((one) => sorted(one.split(' '))),
      reading,
    ),
  recommended: checkRecommended,
  sizes: checkSizes,
  smallestSizeAtLeast: checkSmallest,
  cacheBytesAt8k: checkCache,
  reasonsNot: (found, { reasonsNot }) => checkWords(found, reasonsNot),
  evidenceNot: (found, { evidenceNot }) => checkWords(found, evidenceNot),
};

/** Returns a check of the verdict of each worker of a program. */
export function checkVerdicts(program: string): Check {
  return ({ model, reading, workers }, expect) => {
    const wanted = answers(expect[program] as Verdicts | null | undefined);
    if (wanted === undefined) return undefined;
    const allowed = reading === 'listing' ? [...wanted, 'unknown'] : wanted;
    const wrong = workersOf(program, workers)
      .map((worker) => checkCompatibility(model, worker))
      .find(({ status }) => !allowed.includes(status));
    return wrong === undefined
      ? undefined
      : `expected ${wanted.join(' or ')}, found ${wrong.status} [${wrong.reasonCodes.join(' ')}] ${wrong.reasons[0]}`;
  };
}

function answers<T>(wanted: T | readonly T[] | null | undefined): readonly T[] | undefined {
  if (wanted === null || wanted === undefined) return undefined;
  return Array.isArray(wanted) ? wanted : [wanted as T];
}

const sorted = (ids: readonly string[]) => [...ids].sort().join(' ');
const withShards = ({ id, weightShards }: ModelMetadata['variants'][number]) =>
  weightShards > 1 ? `${id}/${weightShards}` : id;

/** Compares a text. By the listing alone, unknown is right for facts that only config.json has. */
function text(
  found: string | undefined,
  wanted: string | readonly string[] | null | undefined,
  reading: Reading,
): string | undefined {
  const allowed = answers(wanted);
  if (allowed === undefined || (found === undefined && reading === 'listing')) return undefined;
  if (allowed.includes('unknown-but-not-none') && found !== 'none') return undefined;
  if (allowed.includes(found ?? 'unknown')) return undefined;
  if (reading === 'listing' && found?.includes('undeclared') === true) return undefined;
  return `expected ${allowed.join(' or ')}, found ${found ?? 'unknown'}`;
}

function number(
  fact: Fact<number>,
  wanted: number | 'unknown' | readonly (number | 'unknown')[] | null | undefined,
  tolerance: number,
  reading: Reading,
): string | undefined {
  const allowed = answers(wanted);
  if (allowed === undefined) return undefined;
  const found = factValue(fact);
  if (found === undefined)
    return reading === 'listing' || allowed.includes('unknown')
      ? undefined
      : `expected ${allowed}, found unknown`;
  const right = allowed.some((one) => typeof one === 'number' && Math.abs(found / one - 1) <= tolerance);
  return right ? undefined : `expected ${allowed}, found ${found}`;
}

function checkRecommended({ model, workers }: Found, { recommended }: Expectation): string | undefined {
  const allowed = answers(recommended);
  const [worker] = workersOf('llama.cpp', workers);
  if (allowed === undefined || worker === undefined) return undefined;
  const found = checkCompatibility(model, worker).recommendedVariant ?? 'none';
  return allowed.includes(found) ? undefined : `expected ${allowed}, found ${found}`;
}

function checkSizes({ model, reading }: Found, { sizes = {} }: Expectation): string | undefined {
  for (const [id, bytes] of Object.entries(sizes)) {
    const found = model.variants.find((variant) => variant.id === id)?.sizeBytes;
    if (found === 'unknown' && reading === 'listing') continue;
    if (typeof found !== 'number' || Math.abs(found / bytes - 1) > SIZE_TOLERANCE)
      return `expected ${id} of ${bytes} bytes, found ${found}`;
  }
  return undefined;
}

function checkSmallest({ model }: Found, { smallestSizeAtLeast: least }: Expectation): string | undefined {
  if (least === undefined) return undefined;
  const small = model.variants.find(({ sizeBytes }) => sizeBytes !== 'unknown' && sizeBytes < least);
  return small === undefined
    ? undefined
    : `expected at least ${least} bytes, ${small.id} has ${small.sizeBytes}`;
}

function checkCache(
  { model, reading, workers }: Found,
  { cacheBytesAt8k = {} }: Expectation,
): string | undefined {
  for (const [program, wanted] of Object.entries(cacheBytesAt8k)) {
    const [worker] = workersOf(program, workers);
    if (worker === undefined) return `no worker of ${program}`;
    const bytes = cacheBytes(model, worker);
    const problem = number(
      bytes === undefined ? 'unknown' : { value: bytes, source: 'config' },
      wanted,
      CACHE_TOLERANCE,
      reading,
    );
    if (problem !== undefined) return `${program}: ${problem}`;
  }
  return undefined;
}

function cacheBytes(model: ModelMetadata, worker: Worker): number | undefined {
  const format = worker.accepts.find((way) =>
    model.variants.some((one) => one.format === way.format),
  )?.format;
  const variant = model.variants.find((one) => one.format === format);
  if (variant === undefined) return undefined;
  const { cacheBytes: bytes } = estimateMemory(model, worker, { variant, contextLength: CONTEXT });
  return bytes === 'unknown' ? undefined : bytes;
}

function checkWords({ model, workers }: Found, forbidden: Expectation['reasonsNot']): string | undefined {
  for (const [program, words] of Object.entries(forbidden ?? {})) {
    const sentences = workersOf(program, workers).flatMap((worker) => {
      const { reasons, warnings, recommendations } = checkCompatibility(model, worker);
      return [...reasons, ...warnings, ...recommendations];
    });
    const word = answers(words)?.find((one) => sentences.some((sentence) => sentence.includes(one)));
    if (word !== undefined) return `a sentence of ${program} holds "${word}"`;
  }
  return undefined;
}

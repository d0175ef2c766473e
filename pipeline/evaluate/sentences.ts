/**
 * Every sentence of a verdict, for people who know neither this project nor its terms. A name of the model's own may be
 * a mark such as `{m}`. `worker`: the name of a worker; `names` and `labels`: lists, here joined in words.
 */

import type { Accept, Evidence, MatchKey } from '../data/worker.ts';
import type { Kind, ModelMetadata } from '../extract/metadata.ts';
import { BACKEND_WORDS, formatWords, listNames, MOST_NAMES } from '../lib/sentences.ts';

type Names = readonly string[];

/** The fact that a worker compares, in words. */
export const MATCH_WORDS: Readonly<Record<MatchKey, string>> = {
  model_type: 'model_type',
  class: 'model class',
  gguf: 'GGUF architecture',
  repo: 'repository',
  any: '',
};

export const REPO_DISABLED = 'The Hugging Face Hub has disabled this repository, so it cannot be downloaded.';
export const REPO_PRIVATE = 'This repository is private, so only its owner can download it.';

// Kind and task

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  model: 'a text generator',
  adapter: 'an adapter (such as a LoRA), which needs its base model',
  draft: 'a draft head, which only speeds up another model',
  embedding: 'an embedding model, which turns text into vectors',
  reranker: 'a reranker, which scores search results',
  classifier: 'a classifier, which assigns labels',
  reward: 'a reward model, which scores answers',
  'encoder-decoder': 'an encoder-decoder model',
  'vision-language': 'a vision-language model',
  'diffusion-pipeline': 'a diffusion pipeline',
  component: 'a component of another model',
  stub: 'a test model with random weights',
  other: 'a model of another kind',
};

const PLURALS: Readonly<Record<Kind, string>> = {
  model: 'text generators',
  adapter: 'adapters',
  draft: 'draft heads',
  embedding: 'embedding models',
  reranker: 'rerankers',
  classifier: 'classifiers',
  reward: 'reward models',
  'encoder-decoder': 'encoder-decoder models',
  'vision-language': 'vision-language models',
  'diffusion-pipeline': 'diffusion pipelines',
  component: 'components of models',
  stub: 'test models',
  other: 'models of other kinds',
};

/** The most kinds that a sentence lists; more do not help a reader. */
const MOST_KINDS = 3;

export const KIND_UNKNOWN =
  'The kind of this model is not known: neither its config.json nor the Hub says what the repository holds.';
export const USE_BASE_MODEL = 'Use its base model, or a copy into which the adapter is already merged.';

export function kindUnsupported(kind: Kind, worker: string, kinds: readonly Kind[]): string {
  const real = kinds.filter((one) => one !== 'stub').map((one) => PLURALS[one]);
  const runs = real.length > MOST_KINDS ? 'does not run such models' : `runs only ${listNames(real, 'and')}`;
  return `This is ${KIND_WORDS[kind]}; ${worker} ${runs}.`;
}

export const TASK_UNKNOWN = 'The task of this model is not known: the Hub does not state one.';

export function taskUnsupported(task: string, worker: string, tasks: Names): string {
  return `The task of this model is ${task}; ${worker} supports only ${listNames(tasks, 'and')}.`;
}

export const FILES_UNKNOWN = 'The files of this repository are not known: the Hub does not list them.';

export function formatUnsupported(formats: Names, worker: string, readable: Names): string {
  const reads = `${worker} reads ${listNames(readable, 'or')}`;
  if (formats.length === 0) return `This repository has no weights in a format that is known here; ${reads}.`;
  return `Its weights are in the format ${listNames(formats, 'and')}; ${reads}.`;
}

export function wrongFolder(format: string, worker: string, atRoot: boolean): string {
  const where = atRoot ? 'at the top of a repository' : 'in one folder per component';
  return `This repository has weights in the format ${format}, but ${worker} looks for them ${where}.`;
}

// Architecture

export function repoNotListed(worker: string, repositories: number): string {
  return `${worker} loads only the ${repositories} repositories that it lists by name, and this is not one of them.`;
}

/** `month`: of the facts about the worker; undefined where they cannot be out of date. */
export function noLoader(architecture: string, worker: string, accept: Accept, month?: string): string {
  const { names } = accept.match;
  const dated = month === undefined ? '' : ` (as of ${month})`;
  const has = names.length > MOST_NAMES ? '' : `; it has loaders for ${listNames(names, 'and')}`;
  const as = accept.reads === undefined ? '' : ` as ${accept.reads}`;
  return `${worker} has no loader for the ${architecture}${as}${dated}${has}.`;
}

export function architectureNewer(architecture: string, worker: string, month: string): string {
  return `It is not known whether ${worker} has a loader for the ${architecture}: what we know of it is from ${month}, and a newer release may have one.`;
}

export function configGated(by: MatchKey): string {
  return `The ${MATCH_WORDS[by]} is not known: this repository is gated, so the config.json that names it cannot be read.`;
}

export function architectureUnknown(
  { configRead, companions }: Pick<ModelMetadata, 'configRead' | 'companions'>,
  by: MatchKey,
): string {
  const open = `The ${MATCH_WORDS[by]} is not known:`;
  if (by === 'gguf') return `${open} the Hub does not show the header of its GGUF file.`;
  if (configRead) return `${open} its config.json does not name it.`;
  return companions.includes('config.json')
    ? `${open} the Hub does not name it, and its config.json was not read.`
    : `${open} the repository has no config.json.`;
}

export const CONFIG_UNREADABLE =
  'Its config.json could not be read, and may state something that the Hub does not, such as a quantization.';

export function quantizationUnsupported(labels: Names, worker: string, reads: string): string {
  return `Its weights are stored as ${listNames(labels, 'and')}; ${worker} reads ${reads}.`;
}

/** `limits`: what of the quantizations the worker does not read, such as `with 3 bits`. */
export function quantizationLimited(labels: Names, limits: Names, worker: string): string {
  return `Its weights are stored as ${listNames(labels, 'and')} ${listNames(limits, 'and')}, which ${worker} does not read.`;
}

export const storedIn = {
  format: (format: string) => `in the format ${format}`,
  bits: (bits: number) => `with ${bits} bits`,
  groups: (size: number) => `in groups of ${size}`,
  gIndex: 'with g_idx tensors',
};

export function allBut(labels: Names): string {
  return `all quantizations except ${listNames(labels, 'and')}`;
}

export const LOOK_FOR_USUAL_GGUF = 'Look for a GGUF file of the same model in Q4_K_M or Q8_0.';

export function quantizationUnknown(isGguf: boolean): string {
  const why = isGguf
    ? 'no file name holds a quantization label that is known, such as Q4_K_M'
    : 'neither what was read of its config.json nor the number types of its weights say';
  return `It is not known how the weights are quantized: ${why}.`;
}

export function expertsUnknown(worker: string): string {
  return `This is a mixture of experts, and it is not known whether its file stores each expert apart, which ${worker} needs.`;
}

// Files

export const ONNX_DATA_UNKNOWN =
  'It is not known whether the weights are complete: only its config.json says how many data files its ONNX graph has, and that was not read.';
export const WEIGHTS_INCOMPLETE =
  'The weights are incomplete: the repository lacks some of the files into which they are split.';
export const LOOK_FOR_ONE_FILE = 'Look for a copy in a single file, or merge the parts.';
export const CONVERT_TOKENIZER =
  'The library transformers may be able to convert its tokenizer.model to tokenizer.json.';

export function splitUnsupported(worker: string): string {
  return `Each variant is split into several files; ${worker} opens only a single file.`;
}

/** `reads`: what the worker reads, where the name of the format says too little. */
export function fileMissing(missing: Names, worker: string, reads?: string): string {
  const lacks = `his repository lacks ${listNames(missing, 'and')}, which ${worker} needs.`;
  return reads === undefined ? `T${lacks}` : `${worker} reads ${reads}; t${lacks}`;
}

export function noneOfFiles(wanted: Names, worker: string): string {
  return `This repository has none of ${listNames(wanted, 'and')}; ${worker} needs one of them.`;
}

export function graphsMissing(missing: Names, worker: string): string {
  return `This repository lacks ${listNames(missing, 'and')}, which ${worker} opens by name.`;
}

// Support: what a compatible verdict rests on

export const NO_RUN_ON_BACKEND = 'No run on this backend is on record.';
export const DEFECT_CONTRADICTS_RUN = 'A reported defect contradicts that run.';
export const DEFECT_REPORTED = 'A reported defect may affect this model.';
export const NO_SUCH_RUN = 'no run of such a model is on record';

/** Returns a clause; `architecture` is `such models` where it has no name. */
export function hasLoader(architecture: string, worker: string, accept: Accept): string {
  switch (accept.match.by) {
    case 'repo':
      return `${worker} lists this repository by name`;
    case 'any':
      return `${worker} reads ${formatWords(accept)} of any architecture`;
    default:
      return `${worker} has a loader for ${architecture} as ${formatWords(accept)}`;
  }
}

export function loadsThrough(architecture: string, worker: string, fallback = 'a fallback'): string {
  return `${worker} has no loader of its own for ${architecture}; it should load it through ${fallback}.`;
}

/** Returns a clause about a run. `what`: the model that was run; `how`: the program. */
export function wasRun(
  what: string,
  how: string,
  { strength, date }: Evidence,
  backend: keyof typeof BACKEND_WORDS,
): string {
  const verb = strength === 'ran-by-us' ? `${how} ran` : `The tests of ${how} run`;
  return `${verb} ${what} on ${BACKEND_WORDS[backend]} (${date})`;
}

/** Returns the end of a sentence about a run: what the models have in common. */
export function alikeIn(by: MatchKey, method: string | undefined): string {
  const key = by === 'any' ? 'format' : `${MATCH_WORDS[by]} and format`;
  return `: a model with the same ${key}${method === undefined ? '' : `, also quantized with ${method}`}`;
}

export function otherwiseRun(run: string, { quantization, via }: Evidence, worker: string): string {
  if (via !== undefined) return `${run}; ${worker} is built on ${via}, and no run of its own is on record.`;
  const how = quantization === undefined ? 'unquantized weights' : `weights quantized with ${quantization}`;
  return `${run}, but with ${how}; no run with the quantization of this model is on record.`;
}

/** Returns a sentence about a model that a program names without running it. */
export function onlyNamed({ strength, model, date, via }: Evidence, worker: string, by: MatchKey): string {
  const program = via === undefined ? worker : `${via}, on which ${worker} is built,`;
  switch (strength) {
    case 'manual-test':
      return `The manual tests of ${program} name ${model} (${date}); no run is on record.`;
    case 'built-in-ci':
      return `The tests of ${program} build the network of ${model} without its weights (${date}).`;
    case 'random-weights':
      return `The tests of ${program} run this ${MATCH_WORDS[by]} with random weights (${date}), and no real model.`;
    case 'conversion-example':
      return `The converter of ${program} names ${model} as its example (${date}); no run is on record.`;
    case 'documented':
      return `The documentation of ${program} names ${model} (${date}), which is not a run.`;
    default:
      return `The test list of ${program} names ${model} (${date}), but the tests do not load it.`;
  }
}

// Warnings

export const GATED_AUTO =
  'This repository is gated: log in on the Hub and accept its terms before downloading.';
export const GATED_MANUAL =
  'This repository is gated: ask its owner on the Hub for access before downloading.';
export const QUANTIZATION_UNDECLARED =
  'The repository does not say whether and how its weights are quantized.';
export const ARCHITECTURE_INFERRED =
  'The architecture was read from the base model, not from the files of this repository.';

export function issueReported(summary: string): string {
  return `A defect is reported, but not confirmed: ${summary}`;
}

export function largerThanAnyRun(largest: string | undefined): string {
  return `This model is more than four times as large as any such model that was run; the largest was ${largest}.`;
}

export function contextTooLong(tokens: number, maxTokens: number): string {
  return `The model has a context of ${tokens} tokens; this worker supports at most ${maxTokens}.`;
}

// Recommendations

export function keepWithin(maxTokens: number): string {
  return `Keep the prompt and the answer together within ${maxTokens} tokens.`;
}

export function converts(tool: string, accept: Accept): string {
  return `${tool} can convert its weights to ${formatWords(accept)}.`;
}

export function usualNotTaken(label: string, why: string): string {
  return `${label} is nearer to the usual balance of size and quality, but ${why}.`;
}

export const whyNotUsual = {
  split: (worker: string) => `it is split into several files, which ${worker} cannot load`,
  incomplete: 'some of its files are, or may be, missing',
  unread: (worker: string) => `${worker} does not read it`,
  names: (worker: string) => `${worker} opens files by name, and its files have other names`,
};

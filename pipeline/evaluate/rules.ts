/** The rules of a verdict, one function each, in the order in which the first that fails names a refusal. */

import type { Accept, MatchKey } from '../data/worker.ts';
import { type Format, factValue, type Kind, type ModelMetadata } from '../extract/metadata.ts';
import { markOf } from '../lib/placeholders.ts';
import { inWords, listNames, MOST_NAMES } from '../lib/sentences.ts';
import {
  checkGraphs,
  checkOneOfFiles,
  checkRequiredFiles,
  checkWeightFiles,
  FILES_UNKNOWN,
} from './file-rules.ts';
import { MATCH_WORDS, MATCHED_FACTS, matchedName } from './match.ts';
import type { Route } from './route.ts';
import type { Finding } from './verdict.ts';

export type RouteRule = (route: Route) => Finding | undefined;

export function checkAvailability(model: ModelMetadata): Finding | undefined {
  if (model.disabled) {
    return { outcome: 'fail', code: 'repo_disabled', sentence: 'The Hub has disabled this repository.' };
  }
  if (model.private)
    return { outcome: 'fail', code: 'repo_private', sentence: 'This repository is private.' };
  return undefined;
}

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  model: 'a text generator',
  adapter: 'an adapter (such as a LoRA), which needs its base model',
  draft: 'a draft head that only speeds up another model',
  embedding: 'an embedding model, which gives vectors',
  reranker: 'a reranker, which scores search results',
  classifier: 'a classifier, which gives labels',
  reward: 'a reward model, which gives a score',
  'encoder-decoder': 'an encoder-decoder model',
  'vision-language': 'a vision-language model',
  'diffusion-pipeline': 'a diffusion pipeline',
  component: 'a component of another model',
  stub: 'a test model with random weights',
  other: 'a model of another kind',
};

function checkKind({ model, accept, workerName }: Route): Finding | undefined {
  const kind = factValue(model.kind);
  if (kind === undefined) {
    return {
      outcome: 'unknown',
      code: 'kind_unknown',
      sentence: 'Neither the config nor the listing says what this repository holds.',
    };
  }
  if (accept.kinds.includes(kind)) return undefined;
  const remedy = kind === 'adapter' ? 'Look for its base model, or for a merged copy.' : undefined;
  return {
    outcome: 'fail',
    code: 'kind_unsupported',
    sentence: `This is ${KIND_WORDS[kind]}; ${workerName} ${kindsRun(accept)}.`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** The most kinds that a sentence lists; more do not help a reader. */
const MOST_KINDS = 3;

function kindsRun({ kinds }: Accept): string {
  const real = kinds.filter((kind) => kind !== 'stub');
  return real.length > MOST_KINDS
    ? 'runs none of these'
    : `runs ${listNames(
        real.map((kind) => PLURALS[kind]),
        'and',
      )}`;
}

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

function checkTask({ model, accept, workerName }: Route): Finding | undefined {
  if (accept.tasks.includes('any')) return undefined;
  const task = factValue(model.task);
  if (task === undefined) {
    return {
      outcome: 'unknown',
      code: 'task_unknown',
      sentence: 'Nothing says which task this model is for.',
    };
  }
  if (accept.tasks.includes(task)) return undefined;
  return {
    outcome: 'fail',
    code: 'task_unsupported',
    sentence: `Its task is ${markOf('t')}; ${workerName} does ${listNames(accept.tasks, 'or')}.`,
  };
}

function checkFormat({ model, accept, workerName, formats, candidates: found }: Route): Finding | undefined {
  if (!model.filesKnown && model.variants.length === 0) return FILES_UNKNOWN;
  if (found.length > 0) return undefined;
  return {
    outcome: 'fail',
    code: 'format_unsupported',
    sentence: formatSentence(model, accept, workerName, formats),
  };
}

function formatSentence(
  { variants }: ModelMetadata,
  accept: Accept,
  workerName: string,
  readable: readonly string[],
): string {
  const wanted = listNames(readable, 'or');
  if (variants.some(({ format }) => format === accept.format)) {
    const where = accept.layouts.includes('root')
      ? 'at the top of the repository'
      : 'in a folder for each component';
    return `Weights in the format ${inWords(accept.format)} are there, but ${workerName} looks for them ${where}.`;
  }
  const formats = [...new Set(variants.map(({ format }) => inWords(format)))];
  if (formats.length === 0) return `It has no weights that are known as such; ${workerName} reads ${wanted}.`;
  return `Its weights are in the format ${listNames(formats, 'and')}; ${workerName} reads ${wanted}.`;
}

function checkArchitecture(route: Route): Finding | undefined {
  const { model, accept, workerName } = route;
  const { by, names, fallback } = accept.match;
  if (by === 'any') return undefined;
  const name = matchedName(model, accept.match);
  if (name === undefined) return architectureUnknown(model, by);
  if (names.includes(name) || fallback?.names.includes(name)) return undefined;
  const letter = MATCHED_FACTS[by];
  if (letter === undefined) {
    return {
      outcome: 'fail',
      code: 'repo_not_listed',
      sentence: `${workerName} loads a fixed list of ${names.length} repositories, and this is none of them.`,
    };
  }
  const called = `${MATCH_WORDS[by]} ${markOf(letter)}`;
  if (isNewer(route, name)) {
    return {
      outcome: 'unknown',
      code: 'architecture_newer',
      sentence: `The ${called} is not known to our facts of ${monthOf(route)} about ${workerName}; a newer release may load it.`,
    };
  }
  return { outcome: 'fail', code: 'architecture_unsupported', sentence: noLoader(route, called) };
}

function noLoader({ accept, workerName, facts }: Route, called: string): string {
  const { names } = accept.match;
  const dated = facts === undefined || facts.pinned ? '' : ` (facts of ${facts.date.slice(0, 7)})`;
  const has = names.length > MOST_NAMES ? '' : `; it has them for ${listNames(names, 'and')}`;
  const as = accept.reads === undefined ? '' : ` as ${accept.reads}`;
  return `${workerName} has no loader for the ${called}${as}${dated}${has}.`;
}

function monthOf({ facts }: Route): string {
  return facts?.date.slice(0, 7) ?? 'an unknown day';
}

/**
 * Tells whether the engine may have learned the name since its facts were read: other facts of a later day
 * have it, or none has it and the repository is younger.
 */
function isNewer({ model: { createdAt }, accept, facts }: Route, name: string): boolean {
  if (facts === undefined || facts.pinned) return false;
  if (accept.match.newer?.includes(name)) return true;
  if (facts.listed === undefined || facts.listed.has(name)) return false;
  return createdAt !== 'unknown' && createdAt.slice(0, 10) > facts.date;
}

function architectureUnknown(model: ModelMetadata, by: MatchKey): Finding {
  if (by !== 'gguf' && (model.gated === 'auto' || model.gated === 'manual')) {
    return {
      outcome: 'unknown',
      code: 'config_gated',
      sentence: `The repository is gated: its config.json, which names the ${MATCH_WORDS[by]}, cannot be read.`,
    };
  }
  return {
    outcome: 'unknown',
    code: 'architecture_unknown',
    sentence: `The ${MATCH_WORDS[by]} is not known: ${whereMissing(model, by)}.`,
  };
}

/** Returns a clause about the source that lacks the name. */
function whereMissing({ configRead, companions }: ModelMetadata, by: MatchKey): string {
  if (by === 'gguf') return 'the listing tells none of the GGUF header of the model';
  if (configRead) return 'its config.json names none';
  return companions.includes('config.json')
    ? 'the listing names none, and its config.json was not read'
    : 'it has no config.json';
}

function checkQuantization({
  accept,
  workerName,
  formats,
  candidates: variants,
  surviving: { passing, open, limits },
}: Route): Finding | undefined {
  if (variants.length === 0 || passing.length > 0) return undefined;
  if (open) return quantizationUnknown(accept.format);
  const labels = [...new Set(variants.map(({ quantization }) => factValue(quantization) ?? 'unknown'))];
  if (limits.length > 0) {
    const sentence = `Its weights are stored as ${listNames(labels, 'and')} ${listNames([...new Set(limits)], 'and')}, which ${workerName} does not read.`;
    return { outcome: 'fail', code: 'quantization_unsupported', sentence };
  }
  const remedy = accept.format === 'gguf' ? 'A Q4_K_M or Q8_0 file of the same model would run.' : undefined;
  const reads = accept.reads === undefined ? readable(accept) : listNames(formats, 'or');
  return {
    outcome: 'fail',
    code: 'quantization_unsupported',
    sentence: `Its weights are stored as ${listNames(labels, 'and')}; ${workerName} reads ${reads}.`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/**
 * Returns the readable quantizations in words. `undeclared`, our own word for not knowing, is left out: it
 * means nothing to a visitor.
 */
function readable({ quantizations, exceptQuantizations }: Accept): string {
  const named = quantizations.filter((label) => label !== 'undeclared');
  return named.includes('any') ? `all but ${listNames(exceptQuantizations, 'and')}` : listNames(named, 'and');
}

function quantizationUnknown(format: Format): Finding {
  const sentence =
    format === 'gguf'
      ? 'No file name carries a quantization label that is known.'
      : 'What is known of the config and the stored number types does not say how the weights are quantized.';
  return { outcome: 'unknown', code: 'quantization_unknown', sentence };
}

/**
 * Checks whether the experts lie as the worker reads them. Converters merge those of a layer since April
 * 2024; the name of a file does not show which form it has.
 */
function checkExperts({ model, accept, workerName }: Route): Finding | undefined {
  if (accept.mergedExperts !== false || model.experts === 'unknown') return undefined;
  return {
    outcome: 'unknown',
    code: 'experts_unknown',
    sentence: `It is a mixture of experts, and nothing tells whether its file keeps them apart, as ${workerName} needs.`,
  };
}

/** The rules about the repository as a whole. */
export const REPOSITORY_RULES: readonly RouteRule[] = [checkKind, checkTask, checkFormat];

function checkConfig({ model, accept }: Route): Finding | undefined {
  if (!model.configUnreadable || !accept.requiredFiles.includes('config.json')) return undefined;
  return {
    outcome: 'unknown',
    code: 'config_unreadable',
    sentence: 'Its config.json could not be read, and may say something that the listing does not.',
  };
}

/** The rules that apply only where the format is there. */
export const FORMAT_RULES: readonly RouteRule[] = [
  checkConfig,
  checkArchitecture,
  checkQuantization,
  checkExperts,
  checkWeightFiles,
  checkRequiredFiles,
  checkOneOfFiles,
  checkGraphs,
];

/** The rules of a verdict, one function each, in the order in which the first that fails names a refusal. */

import type { Accept, MatchKey } from '../data/worker.ts';
import { type Format, factValue, type ModelMetadata } from '../extract/metadata.ts';
import { markOf } from '../lib/placeholders.ts';
import { inWords, listNames } from '../lib/sentences.ts';
import {
  checkGraphs,
  checkOneOfFiles,
  checkRequiredFiles,
  checkWeightFiles,
  FILES_UNKNOWN,
} from './file-rules.ts';
import { MATCHED_FACTS, matchedName } from './match.ts';
import type { Route } from './route.ts';
import * as say from './sentences.ts';
import type { Finding } from './verdict.ts';

export type RouteRule = (route: Route) => Finding | undefined;

export function checkAvailability(model: ModelMetadata): Finding | undefined {
  if (model.disabled) {
    return { outcome: 'fail', code: 'repo_disabled', sentence: say.REPO_DISABLED };
  }
  if (model.private) return { outcome: 'fail', code: 'repo_private', sentence: say.REPO_PRIVATE };
  return undefined;
}

function checkKind({ model, accept, workerName }: Route): Finding | undefined {
  const kind = factValue(model.kind);
  if (kind === undefined) {
    return { outcome: 'unknown', code: 'kind_unknown', sentence: say.KIND_UNKNOWN };
  }
  if (accept.kinds.includes(kind)) return undefined;
  const remedy = kind === 'adapter' ? say.USE_BASE_MODEL : undefined;
  return {
    outcome: 'fail',
    code: 'kind_unsupported',
    sentence: say.kindUnsupported(kind, workerName, accept.kinds),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function checkTask({ model, accept, workerName }: Route): Finding | undefined {
  if (accept.tasks.includes('any')) return undefined;
  const task = factValue(model.task);
  if (task === undefined) {
    return { outcome: 'unknown', code: 'task_unknown', sentence: say.TASK_UNKNOWN };
  }
  if (accept.tasks.includes(task)) return undefined;
  return {
    outcome: 'fail',
    code: 'task_unsupported',
    sentence: say.taskUnsupported(markOf('t'), workerName, accept.tasks),
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
  if (variants.some(({ format }) => format === accept.format))
    return say.wrongFolder(inWords(accept.format), workerName, accept.layouts.includes('root'));
  const formats = [...new Set(variants.map(({ format }) => inWords(format)))];
  return say.formatUnsupported(formats, workerName, readable);
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
      sentence: say.repoNotListed(workerName, names.length),
    };
  }
  const called = `${say.MATCH_WORDS[by]} ${markOf(letter)}`;
  const { facts } = route;
  if (isNewer(route, name)) {
    return {
      outcome: 'unknown',
      code: 'architecture_newer',
      sentence: say.architectureNewer(called, workerName, monthOf(route)),
    };
  }
  const month = facts === undefined || facts.pinned ? undefined : monthOf(route);
  const sentence = say.noLoader(called, workerName, accept, month);
  return { outcome: 'fail', code: 'architecture_unsupported', sentence };
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
    return { outcome: 'unknown', code: 'config_gated', sentence: say.configGated(by) };
  }
  return { outcome: 'unknown', code: 'architecture_unknown', sentence: say.architectureUnknown(model, by) };
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
    const sentence = say.quantizationLimited(labels, [...new Set(limits)], workerName);
    return { outcome: 'fail', code: 'quantization_unsupported', sentence };
  }
  const remedy = accept.format === 'gguf' ? say.LOOK_FOR_USUAL_GGUF : undefined;
  const reads = accept.reads === undefined ? readable(accept) : listNames(formats, 'or');
  return {
    outcome: 'fail',
    code: 'quantization_unsupported',
    sentence: say.quantizationUnsupported(labels, workerName, reads),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/**
 * Returns the readable quantizations in words. `undeclared`, our own word for not knowing, is left out: it
 * means nothing to a visitor.
 */
function readable({ quantizations, exceptQuantizations }: Accept): string {
  const named = quantizations.filter((label) => label !== 'undeclared');
  return named.includes('any') ? say.allBut(exceptQuantizations) : listNames(named, 'and');
}

function quantizationUnknown(format: Format): Finding {
  const sentence = say.quantizationUnknown(format === 'gguf');
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
    sentence: say.expertsUnknown(workerName),
  };
}

/** The rules about the repository as a whole. */
export const REPOSITORY_RULES: readonly RouteRule[] = [checkKind, checkTask, checkFormat];

function checkConfig({ model, accept }: Route): Finding | undefined {
  if (!model.configUnreadable || !accept.requiredFiles.includes('config.json')) return undefined;
  return {
    outcome: 'unknown',
    code: 'config_unreadable',
    sentence: say.CONFIG_UNREADABLE,
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

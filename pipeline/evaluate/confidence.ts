/**
 * Rates how sure a compatible verdict is: by what was run, what is declared and what is known to go wrong.
 */

import {
  type Accept,
  type Evidence,
  isRun,
  type KnownIssue,
  STRENGTHS,
  type Worker,
} from '../data/worker.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import { isOwnRun, methodsOf, nearestRun, outgrown, runsLike, touchBackend } from './evidence.ts';
import { matchedFact, matchedName } from './match.ts';
import type { Route } from './route.ts';
import type { Confidence } from './verdict.ts';

/** The grounds of a verdict, by which its sentence is chosen. */
export type Standing = 'ran' | 'ran-otherwise' | 'named' | 'declared' | 'fallback' | 'baseline';

export interface Support {
  readonly confidence: Exclude<Confidence, 'none'>;
  readonly standing: Standing;
  /** The nearest run, or the strongest other mention. */
  readonly evidence?: Evidence | undefined;
  /** The largest model that was run, where this one is more than four times as large. */
  readonly outgrown?: Evidence | undefined;
  /** True where anything is known to have been run on this backend. */
  readonly backendRan: boolean;
  /** True where the name by which the loader is found was inferred. */
  readonly inferred: boolean;
}

/**
 * Returns the support of a verdict. A run of this key, kind, format and quantization gives high; a declared
 * key medium; an assumption, or a backend that nobody ran, low.
 */
export function supportFor({ evidence }: Worker, { model, accept, loadable }: Route): Support {
  const inferred = matchedFact(model, accept.match)?.source === 'base-model';
  if (evidence === undefined) return { ...baseline(model), backendRan: true, inferred };
  const backendRan = touchBackend(evidence);
  if (isFallback(model, accept)) return { backendRan, inferred, confidence: 'low', standing: 'fallback' };
  const alike = runsLike(model, evidence, accept);
  const methods = methodsOf(loadable);
  const ran = alike.filter((run) => isOwnRun(run) && methods.has(run.quantization ?? ''));
  const run = nearestRun(model, ran);
  if (run !== undefined) {
    return {
      backendRan,
      inferred,
      confidence: inferred ? 'low' : 'high',
      standing: 'ran',
      evidence: run,
      outgrown: outgrown(model, ran),
    };
  }
  const next = nextToRun(model, alike);
  return {
    backendRan,
    inferred,
    confidence: backendRan && !inferred ? 'medium' : 'low',
    standing: next === undefined ? 'declared' : isRun(next) ? 'ran-otherwise' : 'named',
    evidence: next,
  };
}

/** Returns a run with another quantization or by another program, else the strongest other mention. */
function nextToRun(model: ModelMetadata, alike: readonly Evidence[]): Evidence | undefined {
  for (const fits of [isOwnRun, isRun]) {
    const found = nearestRun(model, alike.filter(fits));
    if (found !== undefined) return found;
  }
  // Of what is no run the first will do: which one is named says no more.
  const mentions = MENTIONS.map((strength) => alike.find((run) => run.strength === strength));
  return mentions.find((mention) => mention !== undefined);
}

/** Strengths that are no run, the strongest first. */
const MENTIONS = STRENGTHS.filter((strength) => !isRun({ strength }));

/**
 * Tells whether the worker has no code of its own for the model, and falls back to that of another library.
 */
function isFallback(model: ModelMetadata, { match }: Accept): boolean {
  const name = matchedName(model, match);
  return name !== undefined && !match.names.includes(name) && match.fallback?.names.includes(name) === true;
}

function baseline(model: ModelMetadata): Pick<Support, 'confidence' | 'standing'> {
  return { confidence: BASELINE.get(factValue(model.architecture) ?? '') ?? 'low', standing: 'baseline' };
}

/** The confidence by family for a worker that a caller describes by hand; all other families: low. */
const BASELINE: ReadonlyMap<string, Support['confidence']> = new Map([
  ['llama', 'high'],
  ['mistral', 'medium'],
  ['phi', 'medium'],
  ['qwen', 'medium'],
  ['gemma', 'medium'],
]);

export const BASELINE_FAMILIES: readonly string[] = [...BASELINE.keys()];

export function issuesFor(model: ModelMetadata, worker: Worker, accept: Accept): KnownIssue[] {
  const names = [model.architecture, model.modelType, model.ggufArchitecture].map(factValue);
  return worker.knownIssues.filter(
    (issue) =>
      issue.version === worker.version &&
      (issue.backends === undefined || issue.backends.includes(worker.backend)) &&
      (issue.formats === undefined || issue.formats.includes(accept.format)) &&
      (issue.architectures === undefined || issue.architectures.some((name) => names.includes(name))),
  );
}

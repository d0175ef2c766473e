/** Builds the sentence of a compatible verdict: it claims what the evidence shows, and no more. */

import type { Accept, Evidence, Worker } from '../data/worker.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { markOf } from '../lib/placeholders.ts';
import type { Standing, Support } from './confidence.ts';
import { isBase } from './evidence.ts';
import { MATCHED_FACTS, matchedName } from './match.ts';
import * as say from './sentences.ts';
import type { ReasonCode } from './verdict.ts';

export interface SupportWords {
  readonly code: ReasonCode;
  readonly reason: string;
}

/** Returns the sentence. `defect`: whether a reported issue concerns the way in. */
export function describeSupport(
  model: ModelMetadata,
  worker: Worker,
  accept: Accept,
  support: Support,
  defect: boolean,
): SupportWords {
  const reason = [claim(model, worker, accept, support)];
  if (!support.backendRan) reason.push(say.NO_RUN_ON_BACKEND);
  if (defect) reason.push(support.standing === 'ran' ? say.DEFECT_CONTRADICTS_RUN : say.DEFECT_REPORTED);
  return { code: codeOf(support, defect), reason: reason.join(' ') };
}

function codeOf({ standing, evidence }: Support, defect: boolean): ReasonCode {
  if (defect) return standing === 'ran' ? 'run_contradicted' : 'issue_reported';
  if (standing === 'ran') return evidence?.strength === 'ran-by-us' ? 'run_verified' : 'run_upstream';
  return standing === 'fallback' ? 'fallback_declared' : 'support_declared';
}

function claim(model: ModelMetadata, worker: Worker, accept: Accept, support: Support): string {
  const { standing, evidence } = support;
  if (standing === 'fallback')
    return say.loadsThrough(networkName(model, accept), worker.name, accept.match.fallback?.name);
  if (evidence === undefined) return declared(model, worker, accept, standing, support.backendRan);
  if (standing === 'ran') return `${ranClaim(model, worker, evidence)}${likeness(model, accept, evidence)}.`;
  const loader = `${hasLoader(model, worker, accept)}.`;
  return standing === 'named'
    ? `${loader} ${say.onlyNamed(evidence, worker.name, accept.match.by)}`
    : `${loader} ${say.otherwiseRun(ranClaim(model, worker, evidence), evidence, worker.name)}`;
}

function declared(
  model: ModelMetadata,
  worker: Worker,
  accept: Accept,
  standing: Standing,
  backendRan: boolean,
): string {
  const loader = hasLoader(model, worker, accept);
  // Without any run on the backend a sentence of its own follows.
  return standing === 'baseline' || !backendRan ? `${loader}.` : `${loader}; ${say.NO_SUCH_RUN}.`;
}

function hasLoader(model: ModelMetadata, { name }: Worker, accept: Accept): string {
  return say.hasLoader(networkName(model, accept), name, accept);
}

function networkName(model: ModelMetadata, { match }: Accept): string {
  const letter = MATCHED_FACTS[match.by];
  return letter !== undefined && matchedName(model, match) ? markOf(letter) : 'such models';
}

function ranClaim(model: ModelMetadata, { name, backend }: Worker, run: Evidence): string {
  const what = run.model === model.id ? 'this very repository' : (run.model ?? 'such a model');
  const base = run.model !== model.id && isBase(model, run) ? ', its base model,' : '';
  return say.wasRun(`${what}${base}`, run.via ?? name, run, backend);
}

function likeness(model: ModelMetadata, { match }: Accept, run: Evidence): string {
  return run.model === model.id ? '' : say.alikeIn(match.by, run.quantization);
}

/** Returns the warning for a model far larger than any that was run. */
export function sizeWarning({ outgrown }: Support): string[] {
  return outgrown === undefined ? [] : [say.largerThanAnyRun(outgrown.model)];
}

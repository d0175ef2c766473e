/** Words the sentence of a compatible verdict: it claims what the evidence shows, and no more. */

import type { Accept, Evidence, Worker } from '../data/worker.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { markOf } from '../lib/placeholders.ts';
import { BACKEND_WORDS, formatWords } from '../lib/sentences.ts';
import type { Standing, Support } from './confidence.ts';
import { isBase } from './evidence.ts';
import { MATCH_WORDS, MATCHED_FACTS, matchedName } from './match.ts';
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
  if (!support.backendRan) reason.push('No run on this backend is on record.');
  if (defect)
    reason.push(
      support.standing === 'ran'
        ? 'A reported defect contradicts that run.'
        : 'A defect is reported that concerns it.',
    );
  return { code: codeOf(support, defect), reason: reason.join(' ') };
}

function codeOf({ standing, evidence }: Support, defect: boolean): ReasonCode {
  if (defect) return standing === 'ran' ? 'run_contradicted' : 'issue_reported';
  if (standing === 'ran') return evidence?.strength === 'ran-by-us' ? 'run_verified' : 'run_upstream';
  return standing === 'fallback' ? 'fallback_declared' : 'support_declared';
}

function claim(model: ModelMetadata, worker: Worker, accept: Accept, support: Support): string {
  const { standing, evidence } = support;
  if (standing === 'fallback') return fallbackClaim(model, worker, accept);
  if (evidence === undefined) return declared(model, worker, accept, standing, support.backendRan);
  if (standing === 'ran') return `${ranClaim(model, worker, evidence)}${likeness(model, accept, evidence)}.`;
  const loader = `${hasLoader(model, worker, accept)}.`;
  return standing === 'named'
    ? `${loader} ${namedClaim(worker.name, accept, evidence)}`
    : `${loader} ${otherwiseClaim(model, worker, evidence)}`;
}

function declared(
  model: ModelMetadata,
  worker: Worker,
  accept: Accept,
  standing: Standing,
  backendRan: boolean,
): string {
  const loader = hasLoader(model, worker, accept);
  // That nothing was run on the backend says it already.
  return standing === 'baseline' || !backendRan
    ? `${loader}.`
    : `${loader}; no run of such a model is on record.`;
}

function hasLoader(model: ModelMetadata, { name }: Worker, accept: Accept): string {
  switch (accept.match.by) {
    case 'repo':
      return `${name} lists this repository by name`;
    case 'any':
      return `${name} reads ${formatWords(accept)}, whatever the architecture`;
    default:
      return `${name} has a loader for ${networkName(model, accept)} as ${formatWords(accept)}`;
  }
}

function fallbackClaim(model: ModelMetadata, { name }: Worker, accept: Accept): string {
  const { fallback } = accept.match;
  return `${name} has no code of its own for ${networkName(model, accept)}; it should load through ${fallback?.name ?? 'a fallback'}.`;
}

function networkName(model: ModelMetadata, { match }: Accept): string {
  const letter = MATCHED_FACTS[match.by];
  return letter !== undefined && matchedName(model, match) ? markOf(letter) : 'such models';
}

function ranClaim(model: ModelMetadata, { name, backend }: Worker, run: Evidence): string {
  const what = run.model === model.id ? 'this very repository' : (run.model ?? 'such a model');
  const base = run.model !== model.id && isBase(model, run) ? ', its base model,' : '';
  const how = run.via ?? name;
  const verb = run.strength === 'ran-by-us' ? `${how} ran` : `The tests of ${how} run`;
  return `${verb} ${what}${base} on ${BACKEND_WORDS[backend]} (${run.date})`;
}

function likeness(model: ModelMetadata, { match }: Accept, run: Evidence): string {
  if (run.model === model.id) return '';
  const key = match.by === 'any' ? 'format' : `${MATCH_WORDS[match.by]} and format`;
  const method = run.quantization === undefined ? '' : `, quantized with ${run.quantization} too`;
  return `: the same ${key}${method}`;
}

/** Returns the claim of a run with another quantization, or by the program that this one is built on. */
function otherwiseClaim(model: ModelMetadata, worker: Worker, run: Evidence): string {
  const how =
    run.quantization === undefined ? 'unquantized weights' : `weights quantized with ${run.quantization}`;
  const ran = ranClaim(model, worker, run);
  if (run.via !== undefined)
    return `${ran}; ${worker.name} is built on ${run.via}, and no run of its own is on record.`;
  return `${ran}, but with ${how}; no run with the quantization of this one is on record.`;
}

function namedClaim(name: string, { match }: Accept, { strength, model, date, via }: Evidence): string {
  const source = via ?? name;
  const built = via === undefined ? '' : `, on which ${name} is built,`;
  switch (strength) {
    case 'manual-test':
      return `The manual tests of ${source}${built} name ${model} (${date}); no run is on record.`;
    case 'built-in-ci':
      return `The network of ${model} is built in the tests of ${source}${built} (${date}), without its weights.`;
    case 'random-weights':
      return `The tests of ${source}${built} run this ${MATCH_WORDS[match.by]} with random weights (${date}), and no real model.`;
    case 'conversion-example':
      return `The converter of ${source}${built} names ${model} as its example (${date}); no run is on record.`;
    case 'documented':
      return `The documentation of ${source}${built} names the checkpoint ${model} (${date}), which is no run.`;
    default:
      return `The test list of ${source}${built} names ${model} (${date}), and does not load it.`;
  }
}

/** Returns the warning for a model far larger than any that was run. */
export function sizeWarning({ outgrown }: Support): string[] {
  if (outgrown === undefined) return [];
  return [
    `It is more than four times as large as any such model that was run; the largest was ${outgrown.model}.`,
  ];
}

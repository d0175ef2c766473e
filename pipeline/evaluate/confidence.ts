/** How much a compatible verdict is worth: by what was run, what is declared and what is known to go wrong. */

import type { Accept, Evidence, KnownIssue, Worker } from '../data/worker.ts';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import type { Confidence } from './verdict.ts';

export interface Support {
  readonly confidence: Exclude<Confidence, 'none'>;
  readonly evidence: Evidence | undefined;
}

export function supportFor(model: ModelMetadata, worker: Worker, accept: Accept): Support {
  const family = factValue(model.architecture);
  if (worker.evidence === undefined)
    return { confidence: BASELINE.get(family ?? '') ?? 'low', evidence: undefined };
  const onBackend = worker.evidence.filter(({ backend }) => backend === worker.backend);
  const runs = onBackend.filter((run) => run.family === family && run.format === accept.format);
  const own = runs.find(({ grade }) => grade === 'own');
  if (own !== undefined) return { confidence: 'high', evidence: own };
  return { confidence: onBackend.length === 0 ? 'low' : 'medium', evidence: runs[0] };
}

/** For a worker whose evidence nobody keeps; all other families: low. */
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

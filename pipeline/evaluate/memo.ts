/** The facts a verdict depends on, as a key: models with equal keys get equal verdicts, so each is computed once. */
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import { fillText, fillVerdict, type Names } from '../lib/marks.ts';
import type { Worker } from '../workers/worker.ts';
import { checkCompatibility } from './index.ts';
import { knownNames, type Masked, maskIds, maskNames, namesOf } from './masked.ts';
import type { Verdict } from './verdict.ts';

interface KeyOptions {
  /** Repositories that some worker lists by name. */
  readonly listedRepos: ReadonlySet<string>;
  /** Tokens: a context that is not longer fits every worker, whatever it is. */
  readonly shortestContext: number;
}

/**
 * Everything of a model that `checkCompatibility` reads, and nothing else. The id counts only where a worker loads a
 * list of repositories that names it. `masked`: its names.
 */
function verdictKey(
  model: ModelMetadata,
  masked: Masked,
  { listedRepos, shortestContext }: KeyOptions,
): string {
  const tokens = factValue(model.contextLength) ?? 0;
  const facts: unknown[] = [
    listedRepos.has(model.id) ? model.id : '',
    tokens > shortestContext ? tokens : 0,
    model.disabled,
    model.private,
    model.gated,
    factValue(model.kind),
    factValue(masked.task),
    factValue(masked.modelType),
    factValue(masked.architectureClass),
    factValue(masked.ggufArchitecture),
    factValue(masked.architecture),
    model.filesKnown,
    model.configUnreadable,
    ...model.companions,
  ];
  for (const { id, layout, quantization, weightShards, missingShards } of masked.variants)
    facts.push(id, layout, factValue(quantization), Math.min(weightShards, 2), missingShards > 0);
  // Joined at once: a key that is added up piece by piece is held as its pieces, ten times as large.
  return facts.join(SEPARATOR);
}

/** In no fact: names and tasks are identifiers, never empty; labels and kinds come from tables. */
const SEPARATOR = '\n';

/** The verdicts of a model on all workers, in the workers' order. */
export type VerdictRow = readonly Verdict[];

/**
 * `checkCompatibility` over a fixed set of workers, once per key. What is remembered is what `digest` makes of the row: whole
 * rows of dozens of workers would fill the memory. The verdicts hold marks for names that the worker does not know, the
 * model that it is given for those that none knows. At `capacity` characters of keys it starts afresh: a key lists
 * every variant, of which strangers may invent any number.
 */
export function rememberVerdicts<T>(
  workers: readonly Worker[],
  digest: (row: VerdictRow, model: ModelMetadata) => T,
  capacity = 50_000_000,
): (model: ModelMetadata) => T {
  const listedRepos = new Set(
    workers.flatMap(({ accepts }) =>
      accepts.flatMap(({ match }) => (match.by === 'repo' ? match.names : [])),
    ),
  );
  const limits = workers.map(({ maxContextLength }) =>
    maxContextLength === 'unknown' ? Number.POSITIVE_INFINITY : maxContextLength,
  );
  const known = knownNames(workers);
  const knownTo = workers.map((worker) => knownNames([worker]));
  const options = { listedRepos, shortestContext: Math.min(...limits) };
  const twins = twinsOf(workers);
  const digests = new Map<string, T>();
  let held = 0;
  return (model) => {
    const masked = maskIds(maskNames(model, known), model);
    const key = verdictKey(model, masked, options);
    const remembered = digests.get(key);
    if (remembered !== undefined || digests.has(key)) return remembered as T;
    const stranger = { ...model, ...masked };
    const row: Verdict[] = [];
    for (const [at, worker] of workers.entries())
      row.push(row[twins[at] ?? at] ?? judgeStranger(stranger, worker, knownTo[at] ?? known));
    const made = digest(row, stranger);
    held += key.length;
    if (held > capacity) {
      digests.clear();
      held = key.length;
    }
    digests.set(key, made);
    return made;
  };
}

/** As `checkCompatibility`, with marks for all names that this worker does not know: most workers know few. */
function judgeStranger(model: ModelMetadata, worker: Worker, known: ReadonlySet<string>): Verdict {
  return checkCompatibility({ ...model, ...maskNames(model, known) }, worker);
}

/** The verdicts of a model on each of the workers, as `checkCompatibility` gives them. `capacity` as of `rememberVerdicts`. */
export function rememberRows(
  workers: readonly Worker[],
  capacity?: number,
): (model: ModelMetadata) => VerdictRow {
  const markedRow = rememberVerdicts(workers, (row) => row, capacity);
  return (model) => {
    const names = namesOf(model);
    return markedRow(model).map((verdict) => fillAll(verdict, names));
  };
}

function fillAll(verdict: Verdict, names: Names): Verdict {
  const filled = fillVerdict(verdict, names);
  if (!filled.variants.some((id) => id.includes('{'))) return filled;
  const { recommendedVariant } = filled;
  return {
    ...filled,
    variants: filled.variants.map((id) => fillText(id, names)),
    recommendedVariant: recommendedVariant === null ? null : fillText(recommendedVariant, names),
  };
}

/** For each worker the place of the first that fares like it. */
function twinsOf(workers: readonly Worker[]): number[] {
  const names = workers.map(faringOf);
  return names.map((name) => names.indexOf(name));
}

/** Everything of a worker that `checkCompatibility` reads, and nothing else: backends of a program often fare alike. */
function faringOf({ name, version, backend, accepts, maxContextLength, ...worker }: Worker): string {
  const evidence = worker.evidence?.filter((run) => run.backend === backend);
  const issues = worker.knownIssues.filter(
    (issue) =>
      issue.version === version && (issue.backends === undefined || issue.backends.includes(backend)),
  );
  const isNamed = evidence?.some(({ grade }) => grade === 'own') === true;
  return JSON.stringify([
    name,
    accepts,
    maxContextLength,
    evidence ?? null,
    issues.map(({ backends: _, ...issue }) => issue),
    isNamed ? backend : '',
  ]);
}

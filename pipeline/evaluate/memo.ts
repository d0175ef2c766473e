/**
 * Builds a key of the facts that a verdict depends on: models with equal keys get equal verdicts, so each is
 * computed once.
 */

import { isRun, type Worker } from '../data/worker.ts';
import { type Fact, factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import { fillText, fillVerdict, type Names } from '../lib/placeholders.ts';
import { adviseContext } from './context.ts';
import { RunSizes } from './evidence.ts';
import { type Judged, judgeRoutes, namesOf, verdictOf } from './index.ts';
import { knownNames, type Masked, maskNames } from './masked.ts';
import type { Verdict } from './verdict.ts';

interface KeyOptions {
  /** Repositories that some worker lists by name. */
  readonly listedRepos: ReadonlySet<string>;
  readonly sizes: RunSizes;
  /** The days of the workers' facts, to which the date of a repository is compared. */
  readonly days: readonly string[];
  readonly listed: ReadonlySet<string>;
}

/**
 * Returns a key of everything of a model that `checkCompatibility` reads, and nothing else. The id counts
 * only where a worker loads a list of repositories that names it. `masked`: its names.
 */
function verdictKey(model: ModelMetadata, masked: Masked, options: KeyOptions): string {
  const { listedRepos, sizes } = options;
  const parts: string[] = [
    listedRepos.has(model.id) ? model.id : '',
    sizes.keyOf(model),
    `${youth(model, options)}${inferredFacts(model)}${bitsOf(model)}${model.gated}`,
    nameOf(model.kind),
    nameOf(masked.task),
    nameOf(masked.modelType),
    nameOf(masked.architectureClass),
    nameOf(masked.ggufArchitecture),
    nameOf(masked.architecture),
    masked.otherClasses.join(' '),
    model.companions.join(' '),
  ];
  for (const variant of masked.variants) addVariant(parts, variant);
  // Joined at once: a key that is added up piece by piece is held as its pieces, ten times as large.
  return parts.join(SEPARATOR);
}

function addVariant(parts: string[], variant: Variant): void {
  const { id, layout, quantization, weightShards, missingShards, storage, files, format } = variant;
  const split = weightShards === 1 ? '' : 's';
  const missing = missingShards === 0 ? '' : missingShards === 'unknown' ? '?' : 'm';
  parts.push(id, `${layout}${split}${missing}`, nameOf(quantization));
  if (storage !== undefined) parts.push(JSON.stringify(storage));
  // Graphs are looked for by name, and only those.
  if (format === 'onnx') parts.push(...files.filter((path) => path.endsWith('.onnx')));
}

/** Returns the yes-or-no facts, a bit each. */
function bitsOf(model: ModelMetadata): number {
  return (
    (model.disabled ? 1 : 0) |
    (model.private ? 2 : 0) |
    (model.filesKnown ? 4 : 0) |
    (model.configUnreadable ? 8 : 0) |
    (model.configRead ? 16 : 0) |
    (model.experts === 'unknown' ? 0 : 32)
  );
}

function nameOf(fact: Fact<string>): string {
  return fact === 'unknown' ? '' : fact.value;
}

/**
 * Returns how many days of facts a repository is younger than, where no worker lists its architecture; else
 * it does not count.
 */
function youth(
  { createdAt, modelType, architectureClass, ggufArchitecture }: ModelMetadata,
  { days, listed }: KeyOptions,
): number {
  const isKnown =
    isListed(modelType, listed) && isListed(architectureClass, listed) && isListed(ggufArchitecture, listed);
  if (isKnown || createdAt === 'unknown') return 0;
  const day = createdAt.slice(0, 10);
  return days.filter((other) => day > other).length;
}

function isListed(fact: Fact<string>, listed: ReadonlySet<string>): boolean {
  return fact === 'unknown' || listed.has(fact.value);
}

/** Returns which of the names that loaders are found by come from the base model. */
function inferredFacts({ modelType, architectureClass, ggufArchitecture }: ModelMetadata): string {
  return `${inferredMark(modelType)},${inferredMark(architectureClass)},${inferredMark(ggufArchitecture)},`;
}

function inferredMark(fact: Fact<string>): string {
  return fact !== 'unknown' && fact.source === 'base-model' ? 'b' : '';
}

/**
 * The separator, which is in no fact: names and tasks are identifiers, never empty; labels and kinds come
 * from tables.
 */
const SEPARATOR = '\n';

/** The verdicts of a model on all workers, in the workers' order. */
export type VerdictRow = readonly Verdict[];

/**
 * Computes `checkCompatibility` over a fixed set of workers, once per key. It stores the result of `digest`
 * on the row: whole rows of dozens of workers would fill the memory. The verdicts hold marks, and so does the
 * model that `digest` is given, for the names that no worker knows. At `capacity` characters of keys it
 * starts afresh: a key lists every variant, of which strangers may invent any number.
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
  const known = knownNames(workers);
  const options: KeyOptions = {
    listedRepos,
    sizes: new RunSizes(workers),
    days: [...new Set(workers.flatMap(({ facts }) => facts?.date ?? []))],
    listed: new Set(workers.flatMap(({ facts }) => [...(facts?.listed ?? [])])),
  };
  const groups = groupsOf(workers);
  const digests = new Map<string, T>();
  let held = 0;
  return (model) => {
    const masked = maskNames(model, known);
    const key = verdictKey(model, masked, options);
    const remembered = digests.get(key);
    if (remembered !== undefined || digests.has(key)) return remembered as T;
    const stranger = { ...model, ...masked };
    const made = digest(rowOf(stranger, groups), stranger);
    held += key.length;
    if (held > capacity) {
      digests.clear();
      held = key.length;
    }
    digests.set(key, made);
    return made;
  };
}

/** The verdicts of a model, as `checkCompatibility` gives them; each is worded when it is asked for. */
interface RememberedRow {
  /** Returns all verdicts, in the workers' order. */
  readonly all: () => VerdictRow;
  /** Returns the verdict on the worker at this place. */
  readonly at: (place: number) => Verdict | undefined;
}

/** Computes rows of verdicts, once per key; `capacity` as for `rememberVerdicts`. */
export function rememberRows(
  workers: readonly Worker[],
  capacity?: number,
): (model: ModelMetadata) => RememberedRow {
  const markedRow = rememberVerdicts(workers, (row) => row, capacity);
  return (model) => {
    const row = markedRow(model);
    const names = namesOf(model);
    const tokens = factValue(model.contextLength);
    const complete = (verdict: Verdict, at: number) =>
      adviseContext(fillAll(verdict, names), tokens, workers[at]?.maxContextLength ?? 'unknown');
    return {
      all: () => row.map(complete),
      at: (place) => {
        const verdict = row[place];
        return verdict === undefined ? undefined : complete(verdict, place);
      },
    };
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

/** A worker, with the places of the first that gets the same verdicts and of the first with its rules. */
interface Grouped {
  readonly worker: Worker;
  readonly faresLike: number;
  readonly judgesLike: number;
}

function groupsOf(workers: readonly Worker[]): Grouped[] {
  const faring = workers.map(faringOf);
  const rules = workers.map(({ name, accepts, facts }) => JSON.stringify([name, accepts, facts ?? null]));
  return workers.map((worker, at) => ({
    worker,
    faresLike: faring.indexOf(faring[at] ?? ''),
    judgesLike: rules.indexOf(rules[at] ?? ''),
  }));
}

function rowOf(model: ModelMetadata, workers: readonly Grouped[]): Verdict[] {
  const row: Verdict[] = [];
  const judged = new Map<number, readonly Judged[]>();
  for (const { worker, faresLike, judgesLike } of workers) {
    let verdict = row[faresLike];
    if (verdict === undefined) {
      const routes = judged.get(judgesLike) ?? judgeRoutes(model, worker);
      judged.set(judgesLike, routes);
      verdict = verdictOf(model, worker, routes);
    }
    row.push(verdict);
  }
  return row;
}

/**
 * Returns a key of everything of a worker that `checkCompatibility` reads, and nothing else: backends of a
 * program often get the same verdicts.
 */
function faringOf({ name, version, backend, accepts, ...worker }: Worker): string {
  const { evidence, facts } = worker;
  const issues = worker.knownIssues.filter(
    (issue) =>
      issue.version === version && (issue.backends === undefined || issue.backends.includes(backend)),
  );
  const isNamed = evidence?.some(isRun) === true;
  return JSON.stringify([
    name,
    accepts,
    facts?.date,
    facts?.pinned,
    evidence ?? null,
    issues.map(({ backends: _, ...issue }) => issue),
    isNamed ? backend : '',
  ]);
}

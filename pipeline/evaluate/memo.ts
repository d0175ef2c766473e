/** Remembers verdicts by the facts that they depend on, so that models with equal facts are judged once. */

import { isRun, type Worker } from '../data/worker.ts';
import { factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import { fillText, fillVerdict, type Names } from '../lib/placeholders.ts';
import { adviseContext } from './context.ts';
import { type Folded, Folder, unfoldPlace, unfoldPlaces } from './fold.ts';
import { type Judged, judgeRoutes, namesOf, verdictOf } from './index.ts';
import { knownNames, type Masked, maskNames } from './masked.ts';
import type { Verdict } from './verdict.ts';
import { keyOptions, verdictKey } from './verdict-key.ts';

/** The verdicts of a model on all workers, in the workers' order. */
export type VerdictRow = readonly Verdict[];

/** The remembered result of a model, and its variants as the verdicts behind it know them. */
export interface Remembered<T> {
  readonly made: T;
  readonly folded: Folded;
}

/**
 * Computes `checkCompatibility` over a fixed set of workers, once per key. It stores the result of `digest`
 * on the row: whole rows of dozens of workers would fill the memory. The verdicts hold marks, and so does the
 * model that `digest` is given, for the names that no worker knows; and it has only the variants that some
 * worker tells apart. At `capacity` characters of keys it starts afresh: a key may list many variants, of
 * which strangers may invent any number.
 */
export function rememberVerdicts<T>(
  workers: readonly Worker[],
  digest: (row: VerdictRow, model: ModelMetadata) => T,
  capacity = 50_000_000,
): (model: ModelMetadata) => Remembered<T> {
  const known = knownNames(workers);
  const options = keyOptions(workers);
  const folder = new Folder(workers);
  const groups = groupsOf(workers);
  /** The results by key; undefined where the variants must not be folded. */
  const digests = new Map<string, T | undefined>();
  let held = 0;
  const keep = (key: string, made: T | undefined) => {
    held += key.length;
    if (held > capacity) {
      digests.clear();
      held = key.length;
    }
    digests.set(key, made);
  };
  const remember = (model: ModelMetadata, masked: Masked, folded: Folded): T | undefined => {
    const key = verdictKey(model, masked, folded, options);
    const remembered = digests.get(key);
    if (remembered !== undefined || digests.has(key)) return remembered;
    const stranger = { ...model, ...masked, variants: folded.variants };
    const { row, byOneWay } = rowOf(stranger, groups);
    const made = byOneWay || folded.places === undefined ? digest(row, stranger) : undefined;
    keep(key, made);
    return made;
  };
  return (model) => {
    const masked = maskNames(model, known);
    const folded = folder.fold(masked.variants);
    const made = remember(model, masked, folded);
    if (made !== undefined || folded.places === undefined) return { made: made as T, folded };
    const whole = { variants: masked.variants };
    return { made: remember(model, masked, whole) as T, folded: whole };
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
  const markedRow = rememberVerdicts(
    workers,
    (row, { variants }) => ({ row, ids: variants.map(({ id }) => id) }),
    capacity,
  );
  return (model) => {
    const {
      made: { row, ids },
      folded,
    } = markedRow(model);
    const names = namesOf(model);
    const tokens = factValue(model.contextLength);
    const complete = (verdict: Verdict, at: number) =>
      adviseContext(
        fillAll(unfold(verdict, ids, folded, model.variants), names),
        tokens,
        workers[at]?.maxContextLength ?? 'unknown',
      );
    return {
      all: () => row.map(complete),
      at: (place) => {
        const verdict = row[place];
        return verdict === undefined ? undefined : complete(verdict, place);
      },
    };
  };
}

/**
 * Returns the verdict with the variants of this model that it holds for. `ids` are those of the folded variants of the
 * model for which the verdict was computed.
 */
function unfold(verdict: Verdict, ids: readonly string[], folded: Folded, all: readonly Variant[]): Verdict {
  if (folded.places === undefined || verdict.variants.length === 0) return verdict;
  const placeOf = (id: string) => ids.indexOf(id);
  const idAt = (place: number) => all[place]?.id ?? '';
  const { variants, recommendedVariant } = verdict;
  return {
    ...verdict,
    variants: unfoldPlaces(variants.map(placeOf), folded).map(idAt),
    recommendedVariant:
      recommendedVariant === null ? null : idAt(unfoldPlace(placeOf(recommendedVariant), folded)),
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

/** Returns the verdicts, and whether no worker runs the model by two ways in of one format. */
function rowOf(
  model: ModelMetadata,
  workers: readonly Grouped[],
): { readonly row: VerdictRow; readonly byOneWay: boolean } {
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
  return { row, byOneWay: [...judged.values()].every(isByOneWay) };
}

/** Tells whether no two ways in of one format run the model: then a verdict lists each variant once, in their order. */
function isByOneWay(routes: readonly Judged[]): boolean {
  const formats = routes
    .filter(({ findings }) => findings.length === 0)
    .map(({ route }) => route.accept.format);
  return new Set(formats).size === formats.length;
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

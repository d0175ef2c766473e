/**
 * Builds a key of the facts that a verdict depends on: models with equal keys get equal verdicts, so each is
 * computed once.
 */

import type { Worker } from '../data/worker.ts';
import type { Fact, ModelMetadata, Variant } from '../extract/metadata.ts';
import { RunSizes } from './evidence.ts';
import type { Folded } from './fold.ts';
import type { Masked } from './masked.ts';

export interface KeyOptions {
  /** Repositories that some worker lists by name. */
  readonly listedRepos: ReadonlySet<string>;
  readonly sizes: RunSizes;
  /** The days of the workers' facts, to which the date of a repository is compared. */
  readonly days: readonly string[];
  readonly listed: ReadonlySet<string>;
  /** The companions that some rule asks for. */
  readonly companions: ReadonlySet<string>;
}

/**
 * Returns a key of everything of a model that `checkCompatibility` reads, and nothing else. The id counts
 * only where a worker loads a list of repositories that names it. `masked`: its names; `folded`: the variants
 * that workers tell apart.
 */
export function verdictKey(
  model: ModelMetadata,
  masked: Masked,
  { variants, likenesses }: Folded,
  options: KeyOptions,
): string {
  const { listedRepos, sizes, companions } = options;
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
  ];
  let files = '';
  for (const name of model.companions) if (companions.has(name)) files += `${name} `;
  parts.push(files);
  for (let at = 0; at < variants.length; at += 1) {
    const likeness = likenesses?.[at];
    if (likeness === undefined) addVariant(parts, variants[at] as Variant);
    else parts.push(likeness);
  }
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

export function keyOptions(workers: readonly Worker[]): KeyOptions {
  const accepts = workers.flatMap((worker) => worker.accepts);
  return {
    listedRepos: new Set(accepts.flatMap(({ match }) => (match.by === 'repo' ? match.names : []))),
    sizes: new RunSizes(workers),
    days: [...new Set(workers.flatMap(({ facts }) => facts?.date ?? []))],
    listed: new Set(workers.flatMap(({ facts }) => [...(facts?.listed ?? [])])),
    companions: new Set([
      ...accepts.flatMap(({ requiredFiles, oneOfFiles = [] }) => [...requiredFiles, ...oneOfFiles]),
      ...ALWAYS_ASKED,
    ]),
  };
}

/** The companions that sentences speak of, whatever a worker asks for. */
const ALWAYS_ASKED = ['config.json', 'tokenizer.json', 'tokenizer.model'];

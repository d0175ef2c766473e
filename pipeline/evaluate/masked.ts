/**
 * Replaces the names of a model that no worker knows by marks: models get equal verdicts, whatever these
 * names are.
 */

import type { Worker } from '../data/worker.ts';
import { type Fact, factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import { type MarkedFact, markOf } from '../lib/placeholders.ts';
import { BASELINE_FAMILIES } from './confidence.ts';

/** The facts of a model that hold names. */
export type Masked = Pick<
  ModelMetadata,
  | 'task'
  | 'modelType'
  | 'architectureClass'
  | 'ggufArchitecture'
  | 'architecture'
  | 'quantizationMethod'
  | 'variants'
  | 'otherClasses'
>;

/** Returns every name with which `checkCompatibility` compares one of a model. */
export function knownNames(workers: readonly Worker[]): Set<string> {
  const names = workers.flatMap(({ accepts, evidence, knownIssues }) => [
    ...accepts.flatMap((accept) => [
      ...accept.match.names,
      ...(accept.match.fallback?.names ?? []),
      ...(accept.match.newer ?? []),
      ...(accept.conversions ?? []).flatMap(({ names: convertible }) => convertible),
      ...accept.tasks,
      ...accept.quantizations,
      ...accept.exceptQuantizations,
    ]),
    ...(evidence ?? []).flatMap(({ key, quantization }) => [key, quantization ?? '']),
    ...knownIssues.flatMap(({ architectures }) => architectures ?? []),
  ]);
  return new Set([...names, ...BASELINE_FAMILIES]);
}

/** Returns the facts of the model that hold names, with a mark for each that is not in `known`. */
export function maskNames(model: Masked, known: ReadonlySet<string>): Masked {
  const method = factValue(model.quantizationMethod);
  return {
    task: maskFact(model.task, 't', known),
    modelType: maskFact(model.modelType, 'm', known),
    architectureClass: maskFact(model.architectureClass, 'c', known),
    ggufArchitecture: maskFact(model.ggufArchitecture, 'g', known),
    architecture: maskFact(model.architecture, 'f', known),
    quantizationMethod: maskFact(model.quantizationMethod, 'q', known),
    otherClasses: model.otherClasses.filter((name) => known.has(name)),
    variants:
      method === undefined || known.has(method) ? model.variants : maskVariants(model.variants, method),
  };
}

function maskFact(fact: Fact<string>, letter: MarkedFact, known: ReadonlySet<string>): Fact<string> {
  return fact === 'unknown' || known.has(fact.value) ? fact : { value: markOf(letter), source: fact.source };
}

/**
 * Masks variants: one whose files do not name a quantization is labelled with the method of the config, and
 * has it in its id.
 */
function maskVariants(variants: readonly Variant[], method: string): Variant[] {
  return variants.map((variant) => {
    const { quantization, id } = variant;
    if (quantization === 'unknown' || quantization.value !== method) return variant;
    const masked = { value: markOf('q'), source: quantization.source };
    return { ...variant, id: id.replace(`:${method}`, `:${masked.value}`), quantization: masked };
  });
}

/** A model with marks in the place of the names that a worker does not know: they fare alike, whatever they are. */
import { type Fact, factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import { MARKED_FACTS, type MarkedFact, markOf, type Names } from '../lib/marks.ts';
import type { Worker } from '../workers/worker.ts';
import { BASELINE_FAMILIES } from './confidence.ts';

const FACTS = {
  t: 'task',
  m: 'modelType',
  c: 'architectureClass',
  g: 'ggufArchitecture',
  f: 'architecture',
  q: 'quantizationMethod',
} as const satisfies Record<MarkedFact, keyof ModelMetadata>;

export type Masked = Pick<ModelMetadata, (typeof FACTS)[MarkedFact] | 'variants'>;

/** Every name that `checkCompatibility` compares one of a model with. */
export function knownNames(workers: readonly Worker[]): Set<string> {
  const names = workers.flatMap(({ accepts, evidence, knownIssues }) => [
    ...accepts.flatMap((accept) => [
      ...accept.match.names,
      ...accept.tasks,
      ...accept.quantizations,
      ...accept.exceptQuantizations,
    ]),
    ...(evidence ?? []).map(({ family }) => family),
    ...knownIssues.flatMap(({ architectures }) => architectures ?? []),
  ]);
  return new Set([...names, ...BASELINE_FAMILIES]);
}

export function namesOf(model: ModelMetadata): Names {
  return Object.fromEntries(MARKED_FACTS.map((letter) => [letter, factValue(model[FACTS[letter]])]));
}

/** The facts of the model that hold names, each with a mark where it is none of `known`. */
export function maskNames(model: Masked, known: ReadonlySet<string>): Masked {
  const method = factValue(model.quantizationMethod);
  return {
    task: maskFact(model.task, 't', known),
    modelType: maskFact(model.modelType, 'm', known),
    architectureClass: maskFact(model.architectureClass, 'c', known),
    ggufArchitecture: maskFact(model.ggufArchitecture, 'g', known),
    architecture: maskFact(model.architecture, 'f', known),
    quantizationMethod: maskFact(model.quantizationMethod, 'q', known),
    variants:
      method === undefined || known.has(method) ? model.variants : maskVariants(model.variants, method),
  };
}

function maskFact(fact: Fact<string>, letter: MarkedFact, known: ReadonlySet<string>): Fact<string> {
  return fact === 'unknown' || known.has(fact.value) ? fact : { value: markOf(letter), source: fact.source };
}

/** A variant whose files say nothing is labelled with the method of the config. */
function maskVariants(variants: readonly Variant[], method: string): Variant[] {
  return variants.map((variant) => {
    const { quantization } = variant;
    return quantization === 'unknown' || quantization.value !== method
      ? variant
      : { ...variant, quantization: { value: markOf('q'), source: quantization.source } };
  });
}

/** The same with the marks in the ids of the variants, which name the label. */
export function maskIds(masked: Masked, { quantizationMethod }: Masked): Masked {
  const method = factValue(quantizationMethod);
  if (method === undefined || factValue(masked.quantizationMethod) !== markOf('q')) return masked;
  const variants = masked.variants.map((variant) =>
    factValue(variant.quantization) === markOf('q')
      ? { ...variant, id: variant.id.replace(`:${method}`, `:${markOf('q')}`) }
      : variant,
  );
  return { ...masked, variants };
}

/** One model looked at through one way into a worker: which of its variants come into question, and which would load. */
import { factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import type { Accept, FactsOf } from '../workers/worker.ts';

/** One model, looked at through one way into a worker. */
export interface Route {
  readonly model: ModelMetadata;
  readonly accept: Accept;
  readonly workerName: string;
  /** All formats that the worker reads, in words, for the sentence about a repository that has none of them. */
  readonly formats: readonly string[];
  /** Of a worker that a caller describes by hand undefined. */
  readonly facts?: FactsOf;
  /** The variants of the right format, in a place where the worker looks. */
  readonly candidates: readonly Variant[];
  /** Those of them whose quantization the worker reads. */
  readonly surviving: Surviving;
}

export function routeFor(given: Omit<Route, 'candidates' | 'surviving'>): Route {
  const found = candidates(given.model, given.accept);
  return {
    ...given,
    candidates: found,
    surviving: found.length === 0 ? NONE : surviving(found, given.accept),
  };
}

const NONE: Surviving = { passing: [], open: false };

/** The variants of the right format, in a place where the worker looks. */
export function candidates(model: ModelMetadata, accept: Accept): Variant[] {
  return model.variants.filter(
    ({ format, layout }) => format === accept.format && accept.layouts.includes(layout),
  );
}

interface Surviving {
  readonly passing: readonly Variant[];
  /** Whether some variant does not say how it is quantized. */
  readonly open: boolean;
}

/** The variants whose quantization the worker reads; where there is none, whether there might be. */
function surviving(variants: readonly Variant[], accept: Accept): Surviving {
  const labels = variants.map(({ quantization }) => factValue(quantization) ?? 'undeclared');
  return {
    passing: variants.filter((_, at) => isRead(labels[at] ?? '', accept)),
    open: labels.includes('undeclared'),
  };
}

function isRead(label: string, { quantizations, exceptQuantizations }: Accept): boolean {
  return quantizations.includes('any') ? !exceptQuantizations.includes(label) : quantizations.includes(label);
}

/** The variants that the worker loads, as far as the files themselves go. */
export function loadable(model: ModelMetadata, accept: Accept): Variant[] {
  return surviving(candidates(model, accept), accept).passing.filter((variant) => isWhole(variant, accept));
}

export function isWhole({ missingShards, weightShards }: Variant, { splitWeights }: Accept): boolean {
  return missingShards === 0 && (splitWeights || weightShards === 1);
}

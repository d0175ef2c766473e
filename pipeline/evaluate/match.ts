/** Returns the fact of a model that a program compares to find its loader. */

import type { Accept, MatchKey } from '../data/worker.ts';
import { factValue, type Known, type ModelMetadata } from '../extract/metadata.ts';
import type { MarkedFact } from '../lib/placeholders.ts';

/** The letter of the fact that a program compares; repositories and what compares nothing have none. */
export const MATCHED_FACTS: Readonly<Partial<Record<MatchKey, MarkedFact>>> = {
  model_type: 'm',
  class: 'c',
  gguf: 'g',
};

/**
 * Returns the name that a program compares to find its loader; undefined where it is unknown, '' where
 * nothing is compared.
 */
export function matchedName(model: ModelMetadata, match: Accept['match']): string | undefined {
  if (match.by === 'repo') return model.id;
  return match.by === 'any' ? '' : matchedFact(model, match)?.value;
}

/** Returns the fact with its source; undefined where it is unknown, or no fact is compared. */
export function matchedFact(
  model: ModelMetadata,
  { by, names, firstKnown }: Accept['match'],
): Known<string> | undefined {
  switch (by) {
    case 'model_type':
      return knownOr(model.modelType);
    case 'class':
      return firstKnown === true ? firstKnownClass(model, names) : knownOr(model.architectureClass);
    case 'gguf':
      return knownOr(model.ggufArchitecture);
    case 'repo':
    case 'any':
      return undefined;
    default:
      return by satisfies never;
  }
}

/** Returns the first class that the program knows; the very first where it knows none. */
function firstKnownClass(
  { architectureClass, otherClasses }: ModelMetadata,
  names: readonly string[],
): Known<string> | undefined {
  const first = knownOr(architectureClass);
  if (first === undefined || names.includes(first.value)) return first;
  const known = otherClasses.find((name) => names.includes(name));
  return known === undefined ? first : { ...first, value: known };
}

function knownOr(fact: ModelMetadata['modelType']): Known<string> | undefined {
  return fact === 'unknown' || factValue(fact) === undefined ? undefined : fact;
}

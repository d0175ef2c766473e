/** What a program compares of a model to find its loader. */
import { factValue, type Known, type ModelMetadata } from '../extract/metadata.ts';
import type { MarkedFact } from '../lib/marks.ts';
import type { MatchKey } from '../workers/worker.ts';

export const MATCH_WORDS: Readonly<Record<MatchKey, string>> = {
  model_type: 'model_type',
  class: 'class',
  gguf: 'GGUF architecture',
  repo: 'repository',
  any: '',
};

/** The letter of the fact that a program compares; repositories and what compares nothing have none. */
export const MATCHED_FACTS: Readonly<Partial<Record<MatchKey, MarkedFact>>> = {
  model_type: 'm',
  class: 'c',
  gguf: 'g',
};

/** What a program compares to find its loader; undefined where that is not known, '' where it compares nothing. */
export function matchedName(model: ModelMetadata, by: MatchKey): string | undefined {
  if (by === 'repo') return model.id;
  return by === 'any' ? '' : matchedFact(model, by)?.value;
}

/** The fact with its source; undefined where it is unknown, or no fact is compared. */
export function matchedFact(model: ModelMetadata, by: MatchKey): Known<string> | undefined {
  switch (by) {
    case 'model_type':
      return knownOr(model.modelType);
    case 'class':
      return knownOr(model.architectureClass);
    case 'gguf':
      return knownOr(model.ggufArchitecture);
    case 'repo':
    case 'any':
      return undefined;
    default:
      return by satisfies never;
  }
}

function knownOr(fact: ModelMetadata['modelType']): Known<string> | undefined {
  return fact === 'unknown' || factValue(fact) === undefined ? undefined : fact;
}

/** Computes what judging keeps of a model's verdicts, once for all models with the same. */
import type { Worker } from '../data/worker.ts';
import { type Folded, unfoldPlace, unfoldPlaces } from '../evaluate/fold.ts';
import { rememberVerdicts } from '../evaluate/memo.ts';
import type { Format, ModelMetadata } from '../extract/metadata.ts';
import type { EncodedSet } from '../format/encoding.ts';
import type { ListedRuns } from './listed.ts';
import { groupRuns, type MemoryGroups } from './needs.ts';
import type { Digest, VerdictTable } from './verdict-table.ts';

/** The verdicts of a model, and for one on the allowlist the groups that run it and the formats that gate workers run. */
export type Judgement = Digest & ListedRuns;

export interface JudgingTools {
  readonly workers: readonly Worker[];
  /** The places of the gate workers among the workers. */
  readonly gate: readonly number[];
  readonly groups: MemoryGroups;
  /** The table that keeps the verdicts. */
  readonly table: VerdictTable;
}

/** Returns a function that judges models. */
export function rememberJudgements({
  workers,
  gate,
  groups,
  table,
}: JudgingTools): (model: ModelMetadata) => Judgement {
  const remembered = rememberVerdicts(workers, (verdicts, model): Judgement => {
    const { setOf, ...digest } = table.digest(verdicts, model, gate);
    if (!digest.allowed) return { ...digest, runs: [], formats: [] };
    const gateSets = gate.map((at) => digest.sets[setOf[at] ?? -1]);
    return { ...digest, runs: groupRuns(groups, setOf), formats: formatsOf(model, gateSets) };
  });
  return (model) => {
    const { made, folded } = remembered(model);
    if (folded.places === undefined || made.sets.length === 0) return made;
    return { ...made, sets: made.sets.map((set) => unfoldSet(set, folded)) };
  };
}

/** Returns a set of folded variants as one of all. */
function unfoldSet([recommended, ...some]: EncodedSet, folded: Folded): EncodedSet {
  return [unfoldPlace(recommended, folded), ...unfoldPlaces(some, folded)];
}

/** Returns the formats of the variants that some of the sets hold, sorted. */
function formatsOf({ variants }: ModelMetadata, sets: readonly (EncodedSet | undefined)[]): Format[] {
  const all = new Set<Format>();
  for (const [, ...some] of sets.filter((set) => set !== undefined))
    for (const at of some.length === 0 ? variants.keys() : some) {
      const variant = variants[at];
      if (variant !== undefined) all.add(variant.format);
    }
  return [...all].sort();
}

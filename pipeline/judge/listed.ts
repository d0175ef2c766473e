/** The facts of an allowlisted model that the lists across models show. Judging collects them for the totals. */

import { type Format, factValue, type ModelMetadata } from '../extract/metadata.ts';
import type { OwnFacts } from '../format/encoding.ts';
import { type GroupRuns, type MemoryGroups, type Need, type NeedFacts, needsOf } from './needs.ts';

/**
 * The listed facts of a judged model. Its needs are computed when it is written, since copies take facts from their base
 * models.
 */
export interface ListedFacts {
  readonly license: string;
  readonly formats: readonly Format[];
  readonly shared: NeedFacts;
  readonly runs: readonly GroupRuns[];
}

export interface Listed extends Pick<ListedFacts, 'license' | 'formats'> {
  readonly id: string;
  readonly row: string;
  readonly downloads: number;
  /** The need of each group of workers. */
  readonly needs: readonly Need[];
}

/** The input of needs: the groups of the workers, and the average bits per weight of labels. */
export interface Sizing {
  readonly groups: MemoryGroups;
  readonly bitsPerWeight: ReadonlyMap<string, number>;
}

/** Returns the listed facts of a model. `formats` are those that gate workers run. */
export function listModel(
  model: ModelMetadata,
  runs: readonly GroupRuns[],
  formats: readonly Format[],
): ListedFacts {
  const { kind, modelType, architectureClass, ggufArchitecture } = model;
  const facts = { k: kind, m: modelType, c: architectureClass, g: ggufArchitecture };
  const shared = Object.entries(facts).flatMap(([letter, fact]) => {
    const value = factValue<string>(fact);
    return value === undefined ? [] : [[letter, value]];
  });
  return { license: model.license, formats, shared: Object.fromEntries(shared), runs };
}

/**
 * Returns a line of a part: id, row key, downloads, and the rest as JSON. `listed` and `facts` are those of the entry.
 */
export function formatListed(
  {
    id,
    row,
    downloads,
    listed,
    facts,
  }: Record<'id' | 'row' | 'listed' | 'facts', string> & { downloads: number },
  { groups, bitsPerWeight }: Sizing,
): string {
  const { license, formats, shared, runs } = JSON.parse(listed) as ListedFacts;
  const needs = needsOf(shared, JSON.parse(facts) as OwnFacts, { groups, runs }, bitsPerWeight);
  return `${id}\t${row}\t${downloads}\t${JSON.stringify({ license, formats, needs })}`;
}

/** Parses a line that `formatListed` wrote. */
export function parseListed(line: string): Listed {
  const [id = '', row = '', downloads, json = ''] = line.split('\t');
  return {
    id,
    row,
    downloads: Number(downloads),
    ...(JSON.parse(json) as Omit<Listed, 'id' | 'row' | 'downloads'>),
  };
}

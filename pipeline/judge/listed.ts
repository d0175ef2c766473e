/** The facts of an allowlisted model that the lists across models show. Judging collects them for the totals. */

import type { SizedVariant } from '../evaluate/memory.ts';
import { type Format, factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import type { EncodedSet, OwnFacts, SharedFacts } from '../format/encoding.ts';
import { asciiStringify } from '../lib/json.ts';
import { type GroupRuns, type Need, needsOf, type RunModel, runModel, type Sizing } from './needs.ts';

/** The facts that lists show. */
interface ListedFacts {
  readonly license: string;
  readonly formats: readonly Format[];
  /** The need of each group of workers. */
  readonly needs: readonly Need[];
}

/** The listed facts of a copy, whose needs are computed again when it is written, if it takes facts from its base model. */
interface PendingFacts extends ListedFacts {
  readonly runs: readonly GroupRuns[];
}

export interface Listed extends ListedFacts {
  readonly id: string;
  readonly row: string;
  readonly downloads: number;
}

/** The outcome of judging an allowlisted model that lists need: the formats that gate workers run, and the groups that run it. */
export interface ListedRuns {
  readonly formats: readonly Format[];
  readonly sets: readonly EncodedSet[];
  readonly runs: readonly GroupRuns[];
}

/** Returns the listed facts of a model as JSON. `asks`: whether it may take facts from its base model. */
export function listModel(
  model: ModelMetadata,
  { formats, sets, runs }: ListedRuns,
  asks: boolean,
  sizing: Sizing,
): string {
  const { license } = model;
  const needs = needsOf(runModelOf(model, sets, runs), sizing);
  const listed: ListedFacts | PendingFacts = asks
    ? { license, formats, needs, runs }
    : { license, formats, needs };
  return asciiStringify(listed);
}

/** Returns the facts that needs depend on. Written out: a spread of all facts takes longer than the needs. */
function runModelOf(model: ModelMetadata, sets: readonly EncodedSet[], runs: readonly GroupRuns[]): RunModel {
  const { kind, modelType, architectureClass, ggufArchitecture, parameters, contextLength, attention } =
    model;
  return {
    kind,
    modelType,
    architectureClass,
    ggufArchitecture,
    parameters,
    contextLength,
    attention,
    variants: model.variants.map(sizedOf),
    sets,
    runs,
  };
}

/** Returns a variant as a reader of out/ sizes it, who has its label alone. */
function sizedOf({ id, format, quantization, sizeBytes }: Variant): SizedVariant {
  return { id, format, label: factValue(quantization) ?? 'unknown', sizeBytes };
}

/** The columns of an entry that make a line of a part. */
type ListedEntry = Record<'id' | 'row' | 'listed' | 'pending' | 'facts', string> & {
  readonly downloads: number;
};

/** Returns a line of a part: id, row key, downloads, and the rest as JSON. */
export function formatListed(entry: ListedEntry, sizing: Sizing): string {
  const { id, row, downloads } = entry;
  return `${id}\t${row}\t${downloads}\t${listedOf(entry, sizing)}`;
}

function listedOf({ listed, pending, facts }: ListedEntry, sizing: Sizing): string {
  if (pending === '') return listed;
  const { license, formats, runs } = JSON.parse(listed) as PendingFacts;
  const shared = JSON.parse(pending.slice(pending.indexOf(' ') + 1)) as SharedFacts;
  const needs = needsOf(runModel(shared, JSON.parse(facts) as OwnFacts, runs), sizing);
  return JSON.stringify({ license, formats, needs });
}

/** Parses lines that `formatListed` wrote. Most share their facts with others, which are parsed and held once. */
export function parseListed(lines: readonly string[]): Listed[] {
  const known = new Map<string, ListedFacts>();
  return lines.map((line) => {
    const [id = '', row = '', downloads, json = ''] = line.split('\t');
    let facts = known.get(json);
    if (facts === undefined) {
      facts = JSON.parse(json) as ListedFacts;
      known.set(json, facts);
    }
    const { license, formats, needs } = facts;
    return { id, row, downloads: Number(downloads), license, formats, needs };
  });
}

/** The facts of an allowlisted model that the lists across models show. Judging collects them for the totals. */

import type { SizedVariant } from '../evaluate/memory.ts';
import { type Format, factValue, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import type { EncodedSet, OwnFacts, SharedFacts } from '../format/encoding.ts';
import { asciiStringify } from '../lib/json.ts';
import { NumberedTexts } from '../lib/numbered-texts.ts';
import type { Entry } from './entry.ts';
import { type GroupRuns, type Need, needsOf, type RunModel, runModel, type Sizing } from './needs.ts';

/** The facts that lists show. */
export interface ListedFacts {
  readonly license: string;
  readonly formats: readonly Format[];
  /** The need of each group of workers. */
  readonly needs: readonly Need[];
}

/** The listed facts of a copy, whose needs are computed again when it is written, if it takes facts from its base model. */
interface PendingFacts extends ListedFacts {
  readonly runs: readonly GroupRuns[];
}

/** A model on the allowlist. Models with equal facts hold one object. */
export interface Listed {
  readonly id: string;
  readonly row: string;
  readonly downloads: number;
  readonly facts: ListedFacts;
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

/** The columns of an entry of which lists are made. */
type ListedEntry = Pick<Entry, 'id' | 'row' | 'downloads' | 'allowed' | 'listed' | 'pending' | 'facts'>;

/** The models on the allowlist of some partitions, as threads pass them on. */
export interface SentListed {
  /** The distinct facts, as JSON. */
  readonly facts: readonly string[];
  /** The models, each as its id, row key, downloads and the number of its facts, with tabs between. */
  readonly models: readonly string[];
}

/** Returns the models on the allowlist among some entries. */
export function sendListed(entries: readonly ListedEntry[], sizing: Sizing): SentListed {
  const facts = new NumberedTexts();
  const models = entries
    .filter(({ allowed }) => allowed)
    .map((entry) => {
      const number = facts.numberOf(factsOf(entry, sizing));
      return `${entry.id}\t${entry.row}\t${entry.downloads}\t${number}`;
    });
  return { facts: facts.texts, models };
}

/** Returns the facts as JSON; the needs of a copy that took facts from its base model are computed again. */
function factsOf({ listed, pending, facts }: ListedEntry, sizing: Sizing): string {
  if (pending === '') return listed;
  const { license, formats, runs } = JSON.parse(listed) as PendingFacts;
  const shared = JSON.parse(pending.slice(pending.indexOf(' ') + 1)) as SharedFacts;
  const needs = needsOf(runModel(shared, JSON.parse(facts) as OwnFacts, runs), sizing);
  return JSON.stringify({ license, formats, needs });
}

/** Returns the models that threads sent. Equal facts become one object, whoever sent them. */
export function receiveListed(sent: readonly SentListed[]): Listed[] {
  const known = new Map<string, ListedFacts>();
  return sent.flatMap(({ facts, models }) => {
    const parsed = facts.map((json) => {
      const held = known.get(json) ?? (JSON.parse(json) as ListedFacts);
      known.set(json, held);
      return held;
    });
    return models.map((line) => {
      const [id = '', row = '', downloads, number] = line.split('\t');
      return { id, row, downloads: Number(downloads), facts: parsed[Number(number)] as ListedFacts };
    });
  });
}

/**
 * The tables that extraction reads: architectures, quantizations and config defaults of data/, indexed for
 * quick look-ups.
 */
import type { Attention } from '../extract/metadata.ts';
import type { HubRecord } from '../extract/record.ts';
import { type Kind, withoutUd } from './vocabulary.ts';

/** Parses text that is nearly JSON, such as JSON5. */
export type LenientParser = (text: string) => unknown;

export interface ArchitectureTable {
  readonly families: Readonly<
    Record<
      string,
      {
        readonly modelTypes?: readonly string[];
        readonly gguf?: readonly string[];
        readonly pipelines?: readonly string[];
      }
    >
  >;
  readonly baseModels: Readonly<Record<string, BaseModel>>;
  readonly ggufKinds: Readonly<Partial<Record<Kind, readonly string[]>>>;
  readonly classKinds: Readonly<Partial<Record<Kind, readonly string[]>>>;
  readonly modelTypeKinds: Readonly<Partial<Record<Kind, readonly string[]>>>;
}

/** A model that many others are copies of, whose GGUF header says less than its config.json. */
export interface BaseModel {
  readonly family: string;
  /** Experts in a layer of a mixture, and weights that a token uses. */
  readonly experts?: number;
  readonly activeParameters?: number;
}

export interface QuantizationTable {
  readonly gguf: {
    readonly labels: Readonly<
      Record<string, { readonly bitsPerWeight?: number; readonly removed?: boolean }>
    >;
    readonly mixes: Readonly<Record<string, { readonly near: string }>>;
    readonly forkOnly: Readonly<Record<string, { readonly bitsPerWeight?: number }>>;
    readonly aliases: Readonly<Record<string, string>>;
  };
  /** Bits per weight of number types and ONNX precisions. */
  readonly precisions: Readonly<Record<string, number>>;
}

/**
 * The values that a config class takes for fields that config.json leaves out; absent where it has no default
 * that is read.
 */
export interface ClassDefaults {
  /** The context length in tokens. */
  readonly context?: number;
  readonly layers?: number;
  readonly heads?: number;
  readonly hidden?: number;
  /** The number of key-value heads; absent where the class takes that of heads. */
  readonly keyValueHeads?: number;
  /** The width of a head; absent where the class divides hidden by heads. */
  readonly headDim?: number;
  /** The window of attention in tokens. */
  readonly window?: number;
  /** True where a stated window counts only beside `use_sliding_window: true`. */
  readonly windowOff?: boolean;
  /** The period in layers: one layer of so many keeps every token, the others `otherLayers`. */
  readonly fullEvery?: number;
  readonly otherLayers?: 'window' | 'none';
  /** True where the class keeps a latent, whose width config.json states. */
  readonly latent?: boolean;
  /** True where the class makes layers of several sorts, in a way that no number here describes. */
  readonly layersDiffer?: boolean;
  /** True where the class builds nothing but embeddings, attention and a gated feed-forward. */
  readonly gatedDecoder?: boolean;
  /** True where input and output embeddings are one matrix. */
  readonly tied?: boolean;
}

/** The attention of models of a key and a size: groups as in `Attention`. */
export interface SizedAttention {
  readonly modelTypes: readonly string[];
  /** GGUF architectures. */
  readonly gguf: readonly string[];
  /** The counts of weights that such models have. */
  readonly parameters: readonly number[];
  readonly groups: Attention['groups'];
}

/** The contents of data/config-defaults.json. */
export interface ConfigDefaultTable {
  /** model_type of a composite -> that of the language model inside. */
  readonly textOf: Readonly<Record<string, string>>;
  readonly models: Readonly<Record<string, ClassDefaults>>;
  readonly attentionBySize: readonly SizedAttention[];
}

export interface Tables {
  readonly configDefaults: {
    readonly textOf: ReadonlyMap<string, string>;
    readonly models: ReadonlyMap<string, ClassDefaults>;
  };
  readonly attentionBySize: readonly SizedAttention[];
  /** Parses config.json files that are not quite JSON. */
  readonly parseLenient: LenientParser;
  readonly familyOfModelType: ReadonlyMap<string, string>;
  readonly familyOfGguf: ReadonlyMap<string, string>;
  /** Families of base models whose GGUF copies say llama in their header. */
  readonly familiesUnderLlama: ReadonlySet<string>;
  /** The family by the class of a diffusion pipeline. */
  readonly familyOfPipeline: ReadonlyMap<string, string>;
  /** Returns what the table knows of the base model that a record names. */
  baseModelOf(record: Pick<HubRecord, 'baseModels'>): BaseModel | undefined;
  /**
   * Returns the family that a class name begins with, where the table groups it: LlamaForCausalLM -> llama.
   */
  familyOfClassStem(className: string): string | undefined;
  isFamily(name: string): boolean;
  readonly kindOfGguf: ReadonlyMap<string, Kind>;
  readonly kindOfClass: ReadonlyMap<string, Kind>;
  readonly kindOfModelType: ReadonlyMap<string, Kind>;
  /** Every label a file name may carry, in upper case, with its canonical spelling. */
  readonly labels: ReadonlyMap<string, string>;
  /** Average bits per weight of a canonical label, where the table knows it. */
  readonly bitsPerWeight: ReadonlyMap<string, number>;
  /**
   * Returns the average bits per weight of any label of a variant: `UD-` marks only who chose the mix; number
   * types and ONNX precisions are known too.
   */
  bitsOf(label: string): number | undefined;
}

export function compileTables(
  architectures: ArchitectureTable,
  quantizations: QuantizationTable,
  defaults: ConfigDefaultTable,
  parseLenient: LenientParser,
): Tables {
  const families = Object.entries(architectures.families);
  return {
    parseLenient,
    configDefaults: {
      textOf: new Map(Object.entries(defaults.textOf)),
      models: new Map(Object.entries(defaults.models)),
    },
    attentionBySize: defaults.attentionBySize,
    familyOfModelType: new Map(
      families.flatMap(([family, { modelTypes = [] }]) => modelTypes.map((m) => [m, family])),
    ),
    familyOfGguf: new Map(families.flatMap(([family, { gguf = [] }]) => gguf.map((g) => [g, family]))),
    familiesUnderLlama: new Set(Object.values(architectures.baseModels).map(({ family }) => family)),
    familyOfPipeline: new Map(
      families.flatMap(([family, { pipelines = [] }]) => pipelines.map((name) => [name, family])),
    ),
    baseModelOf: baseModelFinder(new Map(Object.entries(architectures.baseModels))),
    ...classFamilies(families),
    kindOfGguf: invert(architectures.ggufKinds),
    kindOfClass: invert(architectures.classKinds),
    kindOfModelType: invert(architectures.modelTypeKinds),
    ...compileLabels(quantizations),
  };
}

/** Finds the base model of a copy that names one base only: a merge is another network. */
function baseModelFinder(bases: ReadonlyMap<string, BaseModel>): Tables['baseModelOf'] {
  return ({ baseModels }) => {
    if (baseModels?.relation !== 'quantized' && baseModels?.relation !== 'finetune') return undefined;
    const [only] = baseModels.models;
    return only !== undefined && baseModels.models.length === 1 ? bases.get(only.id) : undefined;
  };
}

type Families = readonly (readonly [string, ArchitectureTable['families'][string]])[];

function classFamilies(families: Families): Pick<Tables, 'familyOfClassStem' | 'isFamily'> {
  const squeeze = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const known = new Map(
    families.flatMap(([family, { modelTypes = [] }]) =>
      [family, ...modelTypes].map((name) => [squeeze(name), family]),
    ),
  );
  const names = new Set(families.map(([family]) => family));
  return {
    familyOfClassStem: (className) =>
      known.get(squeeze(/^(.*?)(?:For[A-Z]|LMHead|Model$|$)/.exec(className)?.[1] ?? '')),
    isFamily: (name) => names.has(name),
  };
}

function invert(lists: Readonly<Partial<Record<Kind, readonly string[]>>>): Map<string, Kind> {
  return new Map(
    Object.entries(lists).flatMap(([kind, names]) => names.map((name) => [name, kind as Kind] as const)),
  );
}

/** Returns the average bits per weight of each label whose bits are known. */
export function bitsPerWeightOf(quantizations: QuantizationTable): ReadonlyMap<string, number> {
  return compileLabels(quantizations).bitsPerWeight;
}

function compileLabels({
  gguf,
  precisions,
}: QuantizationTable): Pick<Tables, 'labels' | 'bitsPerWeight' | 'bitsOf'> {
  const labels = new Map<string, string>();
  const bitsPerWeight = new Map<string, number>();
  for (const [label, { bitsPerWeight: bits }] of [
    ...Object.entries(gguf.labels),
    ...Object.entries(gguf.forkOnly),
  ]) {
    labels.set(label.toUpperCase(), label);
    if (bits !== undefined) bitsPerWeight.set(label, bits);
  }
  for (const [mix, { near }] of Object.entries(gguf.mixes)) {
    labels.set(mix.toUpperCase(), mix);
    const bits = bitsPerWeight.get(near);
    if (bits !== undefined) bitsPerWeight.set(mix, bits);
  }
  for (const [alias, label] of Object.entries(gguf.aliases)) labels.set(alias, label);
  const widths = new Map([...Object.entries(precisions), ...bitsPerWeight]);
  const bitsOf = (label: string) => widths.get(withoutUd(label));
  return { labels, bitsPerWeight, bitsOf };
}

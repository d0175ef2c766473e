/** The facts about one model, as `extract` reads them and everything after it uses them. */
import type { Format, Kind, Layout } from '../data/vocabulary.ts';

export type { Format, Kind, Layout } from '../data/vocabulary.ts';

/**
 * The place where a fact was read. `config` is the listing's config object or config.json itself;
 * `config-default` is the default of the config class for a field that config.json leaves out.
 */
export type Source =
  | 'config'
  | 'config-default'
  | 'gguf'
  | 'safetensors'
  | 'listing'
  | 'file-name'
  | 'base-model';

export interface Known<T> {
  readonly value: T;
  readonly source: Source;
}

/** A fact that can be wrong or missing: a value with its source, or `unknown`; never a default. */
export type Fact<T> = Known<T> | 'unknown';

/** The way in which a quantization method stores a group of modules. A field that was not read is absent. */
export interface StoredGroup {
  /** The method, or the format of a compressed-tensors group such as `pack-quantized`. */
  readonly format: string;
  readonly bits?: number;
  /** The number type: `int` or `float`. */
  readonly type?: string;
  /** The number of weights that share a scale; 0: a whole row or more. */
  readonly groupSize?: number;
  /** True where GPTQ keeps the order of activations in `g_idx` tensors. */
  readonly actOrder?: boolean;
}

/** One downloadable choice in a repository. */
export interface Variant {
  /** Unique within the model, such as `gguf:Q4_K_M` or `safetensors:BF16`. */
  readonly id: string;
  readonly format: Format;
  readonly layout: Layout;
  /**
   * A GGUF label, a stored number type (`BF16`), a method (`gptq`); `float` of a diffusers folder without a mark of
   * precision; `undeclared` where the config names no method and the stored types were not read.
   */
  readonly quantization: Fact<string>;
  readonly files: readonly string[];
  /** Sum over the files; `unknown` unless every size is known. */
  readonly sizeBytes: number | 'unknown';
  /** The number of parts that there should be; 1 for a single file. */
  readonly weightShards: number;
  /** Parts that names or config.json promise and the repository lacks; unknown of ONNX data that no config counts. */
  readonly missingShards: number | 'unknown';
  /** Average bits per weight of its label, where the table knows it. Not in out/. */
  readonly bitsPerWeight?: number | undefined;
  /** The storage by groups, where the config states it. Not in out/. */
  readonly storage?: readonly StoredGroup[] | undefined;
}

export interface BaseModels {
  readonly relation: string | 'unknown';
  readonly ids: readonly string[];
}

/** Layers of a model whose key-value caches are alike. */
export interface LayerGroup {
  readonly layers: number;
  /**
   * The cache. `full`: keys and values of every token; `window`: of the last `window` tokens; `latent`: one
   * compressed vector a token; `none`: nothing that grows with the context (linear attention, state spaces,
   * convolutions, shared caches).
   */
  readonly cache: 'full' | 'window' | 'latent' | 'none';
  /** Key and value elements that one layer keeps per token; of `latent` the compressed width, of `none` 0. */
  readonly elementsPerToken: number;
  /**
   * Key and value elements per token where an engine expands a latent, values padded to the keys' width;
   * `latent` only.
   */
  readonly expandedElementsPerToken?: number;
  /** The number of tokens that a layer looks back; `window` only. */
  readonly window?: number;
}

/** The shape of the attention, on which the key-value cache depends. */
export interface Attention {
  /**
   * The origin: `config-default` where a needed number was left to the config class; `same-size` where it is
   * that of a well-known model of the same key and as many weights.
   */
  readonly source: 'config' | 'config-default' | 'gguf' | 'base-model' | 'same-size';
  readonly groups: readonly LayerGroup[];
}

export interface ModelMetadata {
  readonly id: string;
  /** Head of the default branch when listed. */
  readonly sha: string | 'unknown';
  readonly kind: Fact<Kind>;
  /** A Hub task such as `text-generation`. */
  readonly task: Fact<string>;
  readonly modelType: Fact<string>;
  readonly architectureClass: Fact<string>;
  /** The names in `architectures` after the first: some engines take the first that they know. */
  readonly otherClasses: readonly string[];
  readonly ggufArchitecture: Fact<string>;
  /** The family: llama, mistral, phi, qwen, gemma, ... */
  readonly architecture: Fact<string>;
  readonly variants: readonly Variant[];
  /** False when the listing gave no file list at all. */
  readonly filesKnown: boolean;
  /** The root-level helper files that some rule asks for, sorted. */
  readonly companions: readonly string[];
  /** `none`, or a method such as `gptq`. */
  readonly quantizationMethod: Fact<string>;
  /** Counts of weights; `active` is per token and differs in mixtures of experts. */
  readonly parameters: { readonly total: Fact<number>; readonly active: Fact<number> };
  /** The context length in tokens. */
  readonly contextLength: Fact<number>;
  /** The number of tokens that attention looks back, where it is limited. */
  readonly slidingWindow: Fact<number>;
  /**
   * The shape of attention; `unknown` also where layers differ, by config.json, in a way that is not read.
   */
  readonly attention: Attention | 'unknown';
  readonly license: string | 'unknown';
  readonly gated: 'no' | 'auto' | 'manual' | 'unknown';
  readonly private: boolean;
  readonly disabled: boolean;
  /** True where the config points at Python code in a repository. */
  readonly customCode: boolean;
  readonly baseModels: BaseModels;
  readonly downloads: number | 'unknown';
  readonly likes: number | 'unknown';
  readonly trendingScore: number | 'unknown';
  readonly createdAt: string | 'unknown';
  readonly lastModified: string | 'unknown';
  /** Experts in a layer of a mixture, where a config or the base model has the number. Not in out/. */
  readonly experts: Fact<number>;
  /** True where config.json was read: fields that it lacks are absent, not unknown. */
  readonly configRead: boolean;
  /** True where config.json is there, but could not be fetched or parsed: its fields are unknown. */
  readonly configUnreadable: boolean;
  /** Facts that contradict each other, or that could not be read, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The label of weights that are quantized in a way that nothing states, so that their readers are unknown.
 */
export const UNCLEAR_STORAGE = 'unclear';

/** The endings that transformers.js gives to precisions (src/utils/dtypes.js); none: 32-bit floats. */
export const ONNX_PRECISIONS: ReadonlyMap<string, string> = new Map([
  ['fp16', 'fp16'],
  ['q8', 'q8'],
  ['quantized', 'q8'],
  ['int8', 'int8'],
  ['uint8', 'uint8'],
  ['q4', 'q4'],
  ['q4f16', 'q4f16'],
  ['bnb4', 'bnb4'],
  ['q2', 'q2'],
  ['q2f16', 'q2f16'],
  ['q1', 'q1'],
  ['q1f16', 'q1f16'],
]);

export function known<T>(value: T, source: Source): Known<T> {
  return { value, source };
}

/** Returns the value of a fact, or undefined where it is unknown. */
export function factValue<T>(fact: Fact<T>): T | undefined {
  return fact === 'unknown' ? undefined : fact.value;
}

/** Returns the first fact that is known. */
export function firstKnown<T>(...facts: readonly Fact<T>[]): Fact<T> {
  return facts.find((fact) => fact !== 'unknown') ?? 'unknown';
}

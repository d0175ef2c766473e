/** The figures of profile.json: the shares and numbers of what a listing has. `measure-profile.ts` measures them. */
import figures from '../profile.json' with { type: 'json' };

export const KINDS = ['gguf', 'safetensors', 'pytorch', 'adapter', 'diffusers', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export const RELATIONS = ['quantized', 'finetune', 'adapter', 'merge', 'none'] as const;
/** The relation that a repository states to another; `none` where it names no base model. */
export type Relation = (typeof RELATIONS)[number];

/** Name -> how often it occurs. */
export type Weights = Readonly<Record<string, number>>;

/** The values at the shares of `QUANTILES`, in ascending order. */
export type Quantiles = readonly number[];
export const QUANTILES = [
  0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925,
  0.95, 0.975, 0.99, 0.995, 0.999, 1,
];

/** A list of files, as patterns (see patterns.ts), that several repositories have, each with its own name. */
export interface Layout {
  readonly weight: number;
  readonly files: readonly string[];
}

export interface KindProfile {
  /** The share of all repositories, from 0 to 1. */
  readonly share: number;
  readonly relations: Weights;
  readonly layouts: readonly Layout[];
  /** The repositories whose list of files hardly another has. */
  readonly rare: { readonly weight: number; readonly files: Quantiles };
  /** Name of a file beside the weights -> the number of repositories that have it. */
  readonly besides: Weights;
  readonly tagsPerRepo: Quantiles;
  readonly tasks: Weights;
  readonly libraries: Weights;
}

export interface Profile {
  readonly about: string;
  readonly repositories: number;
  readonly filesPerRepo: { readonly mean: number; readonly quantiles: Quantiles };
  readonly bytes: { readonly record: number; readonly siblings: number; readonly tags: number };
  readonly tagsPerRepo: { readonly mean: number };
  readonly kinds: Readonly<Record<Kind, KindProfile>>;
  readonly names: {
    readonly length: Quantiles;
    /** The parts of names between hyphens that many owners use. */
    readonly words: Weights;
    /** The shares of the owners with most repositories. */
    readonly topOwners: readonly number[];
    readonly owners: number;
  };
  readonly tags: {
    readonly common: Weights;
    /** The share of the tags that few owners use, among all that name no other thing. */
    readonly rareShare: number;
    /** The share of the tags that name a data set, among all; `paperShare` is that of tags that name a paper. */
    readonly datasetShare: number;
    readonly paperShare: number;
    readonly licenses: Weights;
  };
  readonly ggufLabels: Weights;
  /** The names that quantized copies in safetensors give to their method in their tags. */
  readonly methods: Weights;
  /** The `model_type` and class of models; `rareTypeShare` is the share of all repositories whose type occurs once. */
  readonly modelTypes: readonly {
    readonly type: string;
    readonly className: string;
    readonly weight: number;
  }[];
  readonly rareTypeShare: number;
}

export const profile: Profile = figures;

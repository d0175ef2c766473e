/** The figures of profile.json: how often what comes, and how many of it. `measure-profile.ts` measures them. */
import figures from '../profile.json' with { type: 'json' };

export const KINDS = ['gguf', 'safetensors', 'pytorch', 'adapter', 'diffusers', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export const RELATIONS = ['quantized', 'finetune', 'adapter', 'merge', 'none'] as const;
/** What a repository says that it is of another; `none` where it names no base model. */
export type Relation = (typeof RELATIONS)[number];

/** Names, and how often each comes. */
export type Weights = Readonly<Record<string, number>>;

/** Values at the shares of `QUANTILES`, in ascending order. */
export type Quantiles = readonly number[];
export const QUANTILES = [
  0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925,
  0.95, 0.975, 0.99, 0.995, 0.999, 1,
];

/** A list of files that several repositories share but for their name, as patterns (see patterns.ts). */
export interface Layout {
  readonly weight: number;
  readonly files: readonly string[];
}

export interface KindProfile {
  /** Of all repositories, from 0 to 1. */
  readonly share: number;
  readonly relations: Weights;
  readonly layouts: readonly Layout[];
  /** Repositories whose list of files is like that of hardly another. */
  readonly rare: { readonly weight: number; readonly files: Quantiles };
  /** Names of files beside the weights, and in how many repositories each is found. */
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
    /** Shares of the owners with most repositories. */
    readonly topOwners: readonly number[];
    readonly owners: number;
  };
  readonly tags: {
    readonly common: Weights;
    /** Share of the tags that few owners use, of all that name no other thing. */
    readonly rareShare: number;
    /** Shares of the tags that name a data set or a paper, of all. */
    readonly datasetShare: number;
    readonly paperShare: number;
    readonly licenses: Weights;
  };
  readonly ggufLabels: Weights;
  /** How quantized copies in safetensors name their method in their tags. */
  readonly methods: Weights;
  /** `model_type` and class, and the share of all repositories whose type comes once. */
  readonly modelTypes: readonly {
    readonly type: string;
    readonly className: string;
    readonly weight: number;
  }[];
  readonly rareTypeShare: number;
}

export const profile: Profile = figures;

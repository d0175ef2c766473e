/** The facts about one worker, as the files in data/workers state them and `evaluate` uses them. */
import type { Format, Kind, Layout } from './vocabulary.ts';

export const BACKENDS = [
  'cpu',
  'cuda',
  'metal',
  'rocm',
  'vulkan',
  'sycl',
  'xpu',
  'tpu',
  'webgpu',
  'wasm',
] as const;
export type Backend = (typeof BACKENDS)[number];

/**
 * The fact that a program compares to find its loader. `repo`: it loads a fixed list of repositories. `any`:
 * it compares nothing.
 */
export const MATCH_KEYS = ['model_type', 'class', 'gguf', 'repo', 'any'] as const;
export type MatchKey = (typeof MATCH_KEYS)[number];

/** The models that find a loader, by the name that the program compares. */
export interface Match {
  readonly by: MatchKey;
  readonly names: readonly string[];
  /**
   * True where the program takes the first of all `architectures` that it knows, not only the first; for
   * `class` only.
   */
  readonly firstKnown?: boolean;
  /** The names that general code of another library loads, which the engine falls back to. */
  readonly fallback?: { readonly name: string; readonly names: readonly string[] };
  /**
   * Names that appeared in other engines after the facts of this one; it is unknown whether this one has them
   * by now.
   */
  readonly newer?: readonly string[];
}

/** A tool that makes another format into this one. */
export interface Conversion {
  readonly tool: string;
  readonly from: Format;
  readonly by: MatchKey;
  readonly names: readonly string[];
}

/** One way in: a format with everything that must hold for a model to be loaded in it. */
export interface Accept {
  readonly format: Format;
  readonly layouts: readonly Layout[];
  readonly kinds: readonly Kind[];
  /** The tasks that it takes; `any` where the program does not care. */
  readonly tasks: readonly string[];
  readonly match: Match;
  /**
   * GGUF labels, stored number types or methods, see `Variant.quantization`; `any`: all but
   * `exceptQuantizations`.
   */
  readonly quantizations: readonly string[];
  readonly exceptQuantizations: readonly string[];
  /** Method -> the part of it that the program reads, where it does not read all. */
  readonly methods?: Readonly<Record<string, MethodLimits>>;
  /**
   * True where GGUF mixtures are read whose experts lie in one tensor a layer; false where only the older,
   * separate ones are.
   */
  readonly mergedExperts?: boolean;
  /** True where weights in several files are read. */
  readonly splitWeights: boolean;
  /** Files that must lie at the root. */
  readonly requiredFiles: readonly string[];
  /** Files of which one must lie at the root. */
  readonly oneOfFiles?: readonly string[];
  /**
   * Kind -> graphs that are opened by name, as paths without precision and extension; other kinds take any
   * graph.
   */
  readonly graphs?: Readonly<Partial<Record<Kind, readonly string[]>>>;
  /**
   * The words by which sentences name the weights, where the name of the format says too little: `weights
   * converted by MLC`.
   */
  readonly reads?: string;
  /** A sentence for users of this way in, such as a step that comes first. */
  readonly advice?: string;
  readonly conversions?: readonly Conversion[];
}

/** The part of a quantization method that a program reads; an absent field sets no limit. */
export interface MethodLimits {
  readonly bits?: readonly number[];
  /** Formats of compressed-tensors groups. */
  readonly formats?: readonly string[];
  readonly groupSizes?: readonly number[];
  /** False where the program does not read the `g_idx` tensors that GPTQ tools write. */
  readonly groupIndex?: boolean;
}

/** The strengths of a source, the strongest first. Only the first three are runs of a model. */
export const STRENGTHS = [
  'ran-by-us',
  'ran-in-ci',
  'ran-in-suite',
  'manual-test',
  'built-in-ci',
  'random-weights',
  'conversion-example',
  'documented',
  'listed',
] as const;
export type Strength = (typeof STRENGTHS)[number];

/** Tells whether a model was run, by whomever. */
export function isRun({ strength }: { readonly strength: Strength }): boolean {
  return strength.startsWith('ran-');
}

/** A model that was run on this backend, or that a source of the program names in another way. */
export interface Evidence {
  readonly strength: Strength;
  /** The repository; a test with random weights has none. */
  readonly model?: string;
  /**
   * The name by which the program finds the loader: a model_type, a class, a GGUF architecture or a
   * repository.
   */
  readonly key: string;
  readonly kind: Kind;
  readonly format: Format;
  /**
   * A method, such as `awq`; undefined for weights that no method quantized, and for GGUF, whose labels are
   * all of one method.
   */
  readonly quantization?: string;
  readonly parameters?: number;
  readonly date: string;
  /** The name of the program that ran it, where this one is built on that. */
  readonly via?: string;
}

/** A defect of one version. Where a list is absent, it concerns all of that kind. */
export interface KnownIssue {
  readonly id: string;
  readonly status: 'reported' | 'confirmed';
  readonly version: string;
  readonly backends?: readonly Backend[];
  readonly formats?: readonly Format[];
  /** Families, model types or GGUF architectures. */
  readonly architectures?: readonly string[];
  /** One sentence for a visitor: what goes wrong. */
  readonly summary: string;
}

/** The part of the cache that an engine keeps of layers with a window and of latent ones. */
export interface CacheRule {
  /** `window`: the tokens of the window; `full`: every token all the same. */
  readonly window: 'full' | 'window';
  /** `latent`: the latent itself; `expanded`: the keys and values computed from it. */
  readonly latent: 'latent' | 'expanded';
  /** Tokens that a layer with a window holds beyond it, while a batch is read. */
  readonly batchTokens: number;
}

/** Architectures that an engine treats in another way than the rest. */
export interface CacheException extends Partial<Pick<CacheRule, 'window' | 'latent'>> {
  /** model_type or GGUF architecture. */
  readonly architectures: readonly string[];
}

/** Bytes that a worker takes beside weights and cache, for models of some architectures or some pipeline classes. */
export interface ExtraBytes {
  readonly bytes: number;
}

/** The way in which a worker fills the memory of its device. */
export interface MemoryRule {
  /** The rule of the cache; undefined where it is not known: the most that a layer can need is counted. */
  readonly cache?: CacheRule & { readonly exceptions: readonly CacheException[] };
  /**
   * Bytes that each parameter takes once loaded, in all formats but GGUF, which stays as it is; undefined: as
   * in the file.
   */
  readonly bytesPerParameter?: number;
  /**
   * Bytes to which floats that are stored wider, such as 32-bit ones, are shortened; undefined: as in the
   * file.
   */
  readonly mostBytesPerParameter?: number;
  /** Bytes of a cached number; two where undefined. */
  readonly bytesPerCachedNumber?: number;
  /** Bytes that the program takes whatever the model: the context of a driver, buffers, graphs. */
  readonly overheadBytes: number;
  /** The largest share of the device that it claims; undefined: all that the device leaves. */
  readonly usableShare?: number;
  /** True where part of the weights may stay in system memory when the device does not hold them all. */
  readonly weightsMayStayOnCpu?: boolean;
  /** Bytes for each layer beside its cache, of models with one of these model types or GGUF architectures. */
  readonly perLayer?: readonly (ExtraBytes & { readonly architectures: readonly string[] })[];
  /** Working memory of a diffusion pipeline of one of these classes, at its usual image size. */
  readonly pipelines?: readonly (ExtraBytes & { readonly classes: readonly string[] })[];
}

/** The day on which the facts about a program were read, and the names that they could know. */
export interface FactsOf {
  /** The day of the facts; a name that appeared later may run all the same. */
  readonly date: string;
  /** The place where the facts were read. A caller's own worker may leave it out. */
  readonly from?: string;
  /** True where the marketplace ships this very version: a name that its facts lack does not run. */
  readonly pinned?: true;
  /** Every name that some worker's facts list; set by `withListedNames`, and left out of JSON. */
  readonly listed?: ReadonlySet<string>;
}

/** The command that fetches a variant of this format and starts the program with it. */
export interface StartCommand {
  readonly format: Format;
  /** The command, with `{id}` and `{quantization}` in the places of the repo id and the label. */
  readonly command: string;
  /** The source, where this can be read. */
  readonly from: string;
}

/** A program on a backend, such as `llm-worker-rbee-cpu`. */
export interface Worker {
  readonly id: string;
  readonly program: string;
  readonly name: string;
  readonly version: string;
  /** The page from which people get the program; undefined where it is not known. */
  readonly homepage?: string;
  readonly start?: readonly StartCommand[];
  readonly backend: Backend;
  /** True for one of the marketplace's own workers, whose verdicts decide which models get a page. */
  readonly gate: boolean;
  readonly platforms: readonly string[];
  readonly cpuArchitectures: readonly string[];
  readonly accepts: readonly Accept[];
  readonly facts?: FactsOf;
  readonly memory: MemoryRule;
  /** The longest context in tokens; a longer model runs all the same, with a warning. */
  readonly maxContextLength: number | 'unknown';
  /**
   * Evidence of this backend. Undefined for a worker that a caller describes by hand: its confidence follows
   * a baseline by family.
   */
  readonly evidence?: readonly Evidence[];
  readonly knownIssues: readonly KnownIssue[];
}

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

/** What a program compares to find its loader. `repo`: it loads a fixed list of repositories. `any`: it does not. */
export const MATCH_KEYS = ['model_type', 'class', 'gguf', 'repo', 'any'] as const;
export type MatchKey = (typeof MATCH_KEYS)[number];

/** Which models find a loader, by the name that the program compares. */
export interface Match {
  readonly by: MatchKey;
  readonly names: readonly string[];
  /** Of `class`: the program takes the first of all `architectures` that it knows, not only the first. */
  readonly firstKnown?: boolean;
  /** What else is loaded by general code of another library, which the engine falls back to. */
  readonly fallback?: { readonly name: string; readonly names: readonly string[] };
  /** Names that appeared in other engines after the facts of this one: whether it has them by now is not known. */
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
  /** `any` where the program does not care. */
  readonly tasks: readonly string[];
  readonly match: Match;
  /** GGUF labels, stored number types or methods, see `Variant.quantization`; `any` stands for all but `exceptQuantizations`. */
  readonly quantizations: readonly string[];
  readonly exceptQuantizations: readonly string[];
  /** Method -> what it reads of it, where it does not read all. */
  readonly methods?: Readonly<Record<string, MethodLimits>>;
  /** Of GGUF: whether mixtures are read whose experts lie in one tensor a layer; false: only the older, separate ones. */
  readonly mergedExperts?: boolean;
  /** Whether weights in several files are read. */
  readonly splitWeights: boolean;
  /** Files that must lie at the root. */
  readonly requiredFiles: readonly string[];
  /** Files of which one must lie at the root. */
  readonly oneOfFiles?: readonly string[];
  /** Kind -> graphs that are opened by name, as paths without precision and extension; other kinds: any. */
  readonly graphs?: Readonly<Partial<Record<Kind, readonly string[]>>>;
  /** How sentences call what it reads, where the name of the format says too little: `weights converted by MLC`. */
  readonly reads?: string;
  /** A sentence for whoever takes this way in, such as a step that comes first. */
  readonly advice?: string;
  readonly conversions?: readonly Conversion[];
}

/** What a program reads of a quantization method; absent: all. */
export interface MethodLimits {
  readonly bits?: readonly number[];
  /** Formats of compressed-tensors groups. */
  readonly formats?: readonly string[];
  readonly groupSizes?: readonly number[];
  /** False: not with the `g_idx` tensors that GPTQ tools write. */
  readonly groupIndex?: boolean;
}

/** How much a source says, the strongest first. Only the first three are runs of a model. */
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

/** Returns whether a model was run, by whomever. */
export function isRun({ strength }: { readonly strength: Strength }): boolean {
  return strength.startsWith('ran-');
}

/** A model that was run on this backend, or that a source of the program names in another way. */
export interface Evidence {
  readonly strength: Strength;
  /** The repository; a test with random weights has none. */
  readonly model?: string;
  /** What the program compares to find the loader: a model_type, a class, a GGUF architecture or a repository. */
  readonly key: string;
  readonly kind: Kind;
  readonly format: Format;
  /** A method, such as `awq`; undefined: weights that no method quantized, or GGUF, whose labels are all of one method. */
  readonly quantization?: string;
  readonly parameters?: number;
  readonly date: string;
  /** The name of the program that ran it, where this one is built on that. */
  readonly via?: string;
}

/** A defect of one version. Without a list, it concerns all of that kind. */
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

/** What an engine keeps of layers with a window and of latent ones. */
export interface CacheRule {
  /** `full`: every token all the same. */
  readonly window: 'full' | 'window';
  /** `expanded`: the keys and values that the latent stands for. */
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

/** How a worker fills the memory of its device. */
export interface MemoryRule {
  /** undefined: not known; the most that a layer can need is counted. */
  readonly cache?: CacheRule & { readonly exceptions: readonly CacheException[] };
  /** Of all formats but GGUF: bytes that each parameter takes once loaded; undefined: as in the file. GGUF stays as it is. */
  readonly bytesPerParameter?: number;
  /** Of floats that are stored wider, such as 32-bit ones: bytes that they are shortened to; undefined: as in the file. */
  readonly mostBytesPerParameter?: number;
  /** Bytes of a cached number; undefined: two. */
  readonly bytesPerCachedNumber?: number;
  /** Bytes that the program takes whatever the model: the context of a driver, buffers, graphs. */
  readonly overheadBytes: number;
  /** Share of the device that it claims at the most; undefined: all that the device leaves. */
  readonly usableShare?: number;
  /** Whether part of the weights may stay in system memory, where the device does not hold them all. */
  readonly weightsMayStayOnCpu?: boolean;
  /** Bytes for each layer beside its cache, of models with one of these model types or GGUF architectures. */
  readonly perLayer?: readonly (ExtraBytes & { readonly architectures: readonly string[] })[];
  /** Working memory of a diffusion pipeline of one of these classes, at its usual image size. */
  readonly pipelines?: readonly (ExtraBytes & { readonly classes: readonly string[] })[];
}

/** When the facts about a program were read, and of which names they could know. */
export interface FactsOf {
  /** A day; what appeared later may run all the same. */
  readonly date: string;
  /** The marketplace ships this very version: what its facts lack does not run. */
  readonly pinned?: true;
  /** Every name that some worker's facts list; set by `withListedNames`, and left out of JSON. */
  readonly listed?: ReadonlySet<string>;
}

/** How a program is told to fetch a variant of this format and to start it. */
export interface StartCommand {
  readonly format: Format;
  /** With `{id}` and `{quantization}` in the places of the repo id and the label. */
  readonly command: string;
  /** Where this can be read. */
  readonly from: string;
}

/** A runnable: a program on a backend, such as `llm-worker-rbee-cpu`. */
export interface Worker {
  readonly id: string;
  readonly program: string;
  readonly name: string;
  readonly version: string;
  /** Where people get the program; undefined where it is not known. */
  readonly homepage?: string;
  readonly start?: readonly StartCommand[];
  readonly backend: Backend;
  /** Whether it is one of the marketplace's own, whose verdicts decide what gets a page. */
  readonly gate: boolean;
  readonly platforms: readonly string[];
  readonly cpuArchitectures: readonly string[];
  readonly accepts: readonly Accept[];
  readonly facts?: FactsOf;
  readonly memory: MemoryRule;
  /** In tokens; a longer model runs all the same, with a warning. */
  readonly maxContextLength: number | 'unknown';
  /** Of this backend. Undefined for a worker that a caller describes by hand: its confidence follows a baseline by family. */
  readonly evidence?: readonly Evidence[];
  readonly knownIssues: readonly KnownIssue[];
}

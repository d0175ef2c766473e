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
type Backend = (typeof BACKENDS)[number];

/** What a program compares to find its loader. `repo`: it loads a fixed list of repositories. `any`: it does not. */
export const MATCH_KEYS = ['model_type', 'class', 'gguf', 'repo', 'any'] as const;
export type MatchKey = (typeof MATCH_KEYS)[number];

/** One way in: a format with everything that must hold for a model to be loaded in it. */
export interface Accept {
  readonly format: Format;
  readonly layouts: readonly Layout[];
  readonly kinds: readonly Kind[];
  /** `any` where the program does not care. */
  readonly tasks: readonly string[];
  readonly match: {
    readonly by: MatchKey;
    readonly names: readonly string[];
    /** Of `class`: the program takes the first of all `architectures` that it knows, not only the first. */
    readonly firstKnown?: boolean;
  };
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

/** A run that somebody did: this family, in this format, on this backend, with this model. */
export interface Evidence {
  /** `own`: by the marketplace's people; `upstream`: in the engine's own tests, which counts less. */
  readonly grade: 'own' | 'upstream';
  readonly family: string;
  readonly format: Format;
  readonly backend: Backend;
  readonly model: string;
  readonly date: string;
  readonly result: string;
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
interface CacheException extends Partial<Pick<CacheRule, 'window' | 'latent'>> {
  /** model_type or GGUF architecture. */
  readonly architectures: readonly string[];
}

/** What the program holds in memory beside the files. */
export interface MemoryRule {
  /** undefined: not known; the most that a layer can need is counted. */
  readonly cache?: CacheRule & { readonly exceptions: readonly CacheException[] };
  /** Of safetensors: bytes that each parameter takes once loaded; undefined: as in the file. GGUF stays as it is. */
  readonly bytesPerParameter?: number;
  /** Bytes of a cached number; undefined: two. */
  readonly bytesPerCachedNumber?: number;
  readonly overheadBytes: number;
}

/** A runnable: a program on a backend, such as `llm-worker-rbee-cpu`. */
export interface Worker {
  readonly id: string;
  readonly program: string;
  readonly name: string;
  readonly version: string;
  readonly backend: Backend;
  /** Whether it is one of the marketplace's own, whose verdicts decide what gets a page. */
  readonly gate: boolean;
  readonly platforms: readonly string[];
  readonly cpuArchitectures: readonly string[];
  readonly accepts: readonly Accept[];
  readonly memory: MemoryRule;
  /** In tokens; a longer model runs all the same, with a warning. */
  readonly maxContextLength: number | 'unknown';
  /** Undefined: nobody keeps evidence for this worker, and confidence falls back to a baseline by family. */
  readonly evidence?: readonly Evidence[];
  readonly knownIssues: readonly KnownIssue[];
}

/** Numbers and names in words. */
import type { Confidence, ReasonCode } from '../../pipeline/evaluate/verdict.ts';
import type { Variant } from '../../pipeline/extract/metadata.ts';
import { BACKEND_WORDS } from '../../pipeline/lib/sentences.ts';

export { BACKEND_WORDS };
export type Backend = keyof typeof BACKEND_WORDS;
export const BACKENDS = Object.keys(BACKEND_WORDS) as Backend[];
/** The backends that most people have. */
export const COMMON_BACKENDS: readonly Backend[] = ['cuda', 'metal', 'rocm', 'vulkan', 'cpu'];

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  gguf: 'GGUF',
  pytorch: 'PyTorch',
  onnx: 'ONNX',
  openvino: 'OpenVINO',
  coreml: 'Core ML',
  mlx: 'MLX',
  tensorflow: 'TensorFlow',
  tflite: 'TFLite',
  flax: 'Flax',
  ggml: 'GGML',
};
export const formatWord = (format: string) => FORMAT_WORDS[format] ?? format;

const number = new Intl.NumberFormat('en-GB');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const inFull = (n: number) => number.format(n);
export const inShort = (n: number) => short.format(n);
export const gigabytes = (bytes: number) =>
  bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
export const counted = (n: number, one: string, many = `${one}s`) => `${inFull(n)} ${n === 1 ? one : many}`;

/** `Q4_K_M GGUF`; the format alone where the quantization is unknown. */
export function variantName({ format, quantization }: Variant): string {
  return `${quantization === 'unknown' ? '' : `${quantization.value} `}${formatWord(format)}`;
}

export const CONFIDENCE_NAMES: Readonly<Record<Confidence, string>> = {
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence',
  none: 'not running',
};

/** The codes of verdicts that do not run; the others say why one does. */
type RefusalCode = Exclude<ReasonCode, `${'run' | 'support' | 'fallback'}_${string}` | 'issue_reported'>;

/** The reasons why models are refused, as a row of a table says them. */
const REFUSAL_WORDS: Readonly<Record<RefusalCode, string>> = {
  repo_disabled: 'The Hub has disabled the repository',
  repo_private: 'The repository is private',
  kind_unsupported: 'It is another kind of model',
  kind_unknown: 'Its config does not say what kind of model it is',
  task_unsupported: 'It is made for another task',
  task_unknown: 'Its task is not stated',
  format_unsupported: 'The weights are in a format that it does not read',
  files_unknown: 'The list of files is missing',
  architecture_unsupported: 'There is no loader for the architecture',
  architecture_unknown: 'The architecture is not stated',
  architecture_newer: 'The architecture may be newer than what is known of the program',
  config_gated: 'The config can be read only after accepting terms',
  config_unreadable: 'The config cannot be read',
  repo_not_listed: 'It is not one of the repositories that the program loads',
  experts_unknown: 'How its experts are stored is not known',
  quantization_unsupported: 'The weights are stored in a way that it does not read',
  quantization_unknown: 'How the weights are stored is not stated',
  split_weights_unsupported: 'The weights are split into several files',
  weights_incomplete: 'Parts of the weights are missing',
  file_missing: 'A file that it needs is missing',
  known_issue: 'A confirmed defect prevents it',
};
export const refusalWords = (code: string) =>
  (REFUSAL_WORDS as Readonly<Record<string, string>>)[code] ?? code.replaceAll('_', ' ');

/** The meaning of the part before the colon of a capability. */
const CAPABILITY_WORDS: Readonly<Record<string, (name: string) => string>> = {
  model_type: (name) => `a loader for ${name}`,
  class: (name) => `a loader for ${name}`,
  gguf: (name) => `a loader for GGUF files of ${name}`,
  pipeline: (name) => `the pipeline ${name}`,
  quantization: (name) => `weights stored as ${name}`,
  format: (name) => `the format ${formatWord(name)}`,
  split: (name) => `${formatWord(name)} in several files`,
  without: (name) => `loading without ${name}`,
  issue: (name) => `the defect ${name.replaceAll('-', ' ')} repaired`,
};

/** `model_type:qwen3` -> `a loader for qwen3`; as it is where its words are not known. */
export function capabilityWords(capability: string): string {
  const cut = capability.indexOf(':');
  const words = CAPABILITY_WORDS[capability.slice(0, Math.max(cut, 0))];
  return words === undefined ? capability.replaceAll('_', ' ') : words(capability.slice(cut + 1));
}

/** The closed sets of words that data files, facts and verdicts share. */

export const KINDS = [
  'model',
  'adapter',
  'draft',
  'embedding',
  'reranker',
  'classifier',
  'reward',
  'encoder-decoder',
  'vision-language',
  'diffusion-pipeline',
  'component',
  'stub',
  'other',
] as const;
/** The content of a repository; `model` is a stand-alone text generator. */
export type Kind = (typeof KINDS)[number];

export const FORMATS = [
  'safetensors',
  'gguf',
  'pytorch',
  'onnx',
  'openvino',
  'coreml',
  'mlx',
  'tensorflow',
  'tflite',
  'flax',
  'ggml',
] as const;
/** A container of weights, recognized by file names. `ggml` is what GGUF replaced in August 2023. */
export type Format = (typeof FORMATS)[number];

/** `root`: files at the top of the repository; `folder`: in a folder; `diffusers`: a folder per component. */
export type Layout = 'root' | 'folder' | 'diffusers';

/**
 * The root-level files that rules of workers and extraction ask for, sorted. `*.tiktoken` and
 * `tokenization_*.py` mean any such file: a table of tokens, and a tokenizer in Python.
 */
export const COMPANIONS: readonly string[] = [
  '*.tiktoken',
  'adapter_config.json',
  'config.json',
  'genai_config.json',
  'generation_config.json',
  'mlc-chat-config.json',
  'model_index.json',
  'params.json',
  'preprocessor_config.json',
  'quantization_config.json',
  'sentencepiece.bpe.model',
  'spiece.model',
  'spm.model',
  'tekken.json',
  'tokenization_*.py',
  'tokenizer.json',
  'tokenizer.model',
  'tokenizer_config.json',
  'vocab.json',
  'vocab.txt',
];

/** Stored number types of weights that no method quantized, as safetensors spells them. */
export const FLOATS: readonly string[] = ['BF16', 'F16', 'F32', 'F64'];

/** Returns a GGUF label without `UD-`, which marks only who chose the mix. */
export function withoutUd(label: string): string {
  return label.startsWith('UD-') ? label.slice('UD-'.length) : label;
}

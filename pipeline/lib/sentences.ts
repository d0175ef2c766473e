/** Words for the sentences of a verdict. */

import type { Accept, Backend } from '../data/worker.ts';
import type { Format } from '../extract/metadata.ts';

/** The most names that are listed; more are counted. */
export const MOST_NAMES = 16;

/** Lists names as `a`, `a and b` or `a, b and c`; long lists end in a count. */
export function listNames(names: readonly string[], joiner: 'and' | 'or'): string {
  const shown = names.slice(0, MOST_NAMES);
  if (shown.length < names.length) return `${shown.join(', ')} ${joiner} ${names.length - shown.length} more`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} ${joiner} ${shown.at(-1)}`;
}

const FORMAT_WORDS: Readonly<Record<Format, string>> = {
  safetensors: 'safetensors',
  gguf: 'GGUF',
  pytorch: 'PyTorch pickle',
  onnx: 'ONNX',
  openvino: 'OpenVINO',
  coreml: 'Core ML',
  mlx: 'MLX npz',
  tensorflow: 'TensorFlow',
  tflite: 'TensorFlow Lite',
  flax: 'Flax',
  ggml: 'GGML (before GGUF)',
};

export function inWords(format: Format): string {
  return FORMAT_WORDS[format];
}

/** Returns the name that sentences give to what a worker's accept reads. */
export function formatWords({ reads, format }: Pick<Accept, 'reads' | 'format'>): string {
  return reads ?? inWords(format);
}

export const BACKEND_WORDS = {
  cpu: 'CPU',
  cuda: 'CUDA',
  rocm: 'ROCm',
  metal: 'Metal',
  vulkan: 'Vulkan',
  sycl: 'SYCL',
  xpu: 'XPU',
  webgpu: 'WebGPU',
  wasm: 'Wasm',
  tpu: 'TPU',
} as const satisfies Readonly<Record<Backend, string>>;

/** Numbers and names in words. */
import type { Variant } from '../../pipeline/extract/metadata.ts';
import { BACKEND_WORDS } from '../../pipeline/lib/sentences.ts';

export { BACKEND_WORDS };
export type Backend = keyof typeof BACKEND_WORDS;
export const BACKENDS = Object.keys(BACKEND_WORDS) as Backend[];

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

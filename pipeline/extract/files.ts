/** Tells from a file's path what it is: weights of which format, a helper that is not a model, or something else. */
import type { Format } from './metadata.ts';

type Role =
  | 'weights'
  /** LoRA and other adapter weights. */
  | 'adapter'
  /** A GGUF that accompanies a model: image or audio projector, importance matrix, vocabulary, draft head. */
  | 'helper'
  | 'other';

export interface FileFacts {
  readonly path: string;
  /** '' at the root, else without a slash at the end. */
  readonly folder: string;
  readonly base: string;
  readonly role: Role;
  readonly format: Format | undefined;
}

const OTHER = { role: 'other', format: undefined } as const;
const weights = (format: Format) => ({ role: 'weights', format }) as const;

/** `adapter_model.safetensors` (PEFT), `adapters.safetensors` (MLX), `pytorch_lora_weights.safetensors` (diffusers). */
const ADAPTER_FILE = /^(?:adapter_model|adapters?|pytorch_lora_weights)[._-]/;
/** `mmproj-model-f16.gguf`, `X.imatrix.gguf`, `ggml-vocab-llama.gguf`, `mtp-X.gguf`, `X-draft.gguf`. */
const GGUF_HELPER = /(?:^|[._-])mmproj|(?:^|[._-])imatrix|^ggml-vocab|^mtp-|[._-]draft(?:[._-]|$)/;
/** What training leaves behind beside the weights: Jianshu001/Efficient_CoT_DeepSeek-R1-Distill-Qwen-7B. */
const TRAINING_STATE = /^(?:optimizer|scheduler|scaler|rng_state|training_args|random_states|trainer_state)/;
const GGML_LEGACY = /\.ggml(?:v\d)?\.|^ggml[-_]|\.ggjt\.|\.ggmf\./;
/** A part of a cut GGUF whose name no longer ends in .gguf: `X.Q8_0.gguf.part1of2`, `X.Q6_K.gguf-split-a`. */
const GGUF_PART = /\.gguf[.-](?:part|split)[-_.]?\w{1,8}$/;

export function readFile(path: string): FileFacts {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  const base = path.slice(slash + 1);
  return { path, folder, base, ...classify(folder, base.toLowerCase()) };
}

function classify(folder: string, base: string): Pick<FileFacts, 'role' | 'format'> {
  switch (base.slice(base.lastIndexOf('.') + 1)) {
    case 'safetensors':
      return ADAPTER_FILE.test(base) ? { role: 'adapter', format: 'safetensors' } : weights('safetensors');
    case 'gguf':
      return GGUF_HELPER.test(base) ? { role: 'helper', format: 'gguf' } : weights('gguf');
    case 'bin':
      return classifyBin(folder, base);
    case 'pth':
    case 'pt':
    case 'ckpt':
      return TRAINING_STATE.test(base) ? OTHER : weights('pytorch');
    case 'onnx':
      return weights('onnx');
    case 'h5':
    case 'pb':
      return weights('tensorflow');
    case 'tflite':
      return weights('tflite');
    case 'msgpack':
      return weights('flax');
    case 'npz':
      return weights('mlx');
    case 'mlmodel':
      return weights('coreml');
    default:
      return classifyRest(folder, base);
  }
}

function classifyBin(folder: string, base: string): Pick<FileFacts, 'role' | 'format'> {
  if (/\.mlpackage(?:\/|$)/.test(folder)) return weights('coreml');
  if (base.startsWith('openvino')) return weights('openvino');
  if (GGML_LEGACY.test(base)) return weights('ggml');
  if (ADAPTER_FILE.test(base)) return { role: 'adapter', format: 'pytorch' };
  return TRAINING_STATE.test(base) ? OTHER : weights('pytorch');
}

function classifyRest(folder: string, base: string): Pick<FileFacts, 'role' | 'format'> {
  if (GGUF_PART.test(base)) return weights('gguf');
  if (/\.ml(?:package|modelc)(?:\/|$)/.test(folder)) return weights('coreml');
  return OTHER;
}

export interface Part {
  /** The name that all parts share. */
  readonly stem: string;
  /** From 1; 0 for `model-00000-of-00002` numbering. Undefined for a single file. */
  readonly number: number | undefined;
  /** How many parts there should be; undefined where the names do not say. */
  readonly total: number | undefined;
}

/** `-00001-of-00003`, `_00001-of-000002`, `model.safetensors-00001-of-00003`: five or six digits, 1 to 99,999 parts. */
const NUMBERED = /^(.*?)[-_]+(\d{5,6})-of-(\d{5,6})$/;
/** `.gguf.part1of2`, `.gguf-part-b`, `.gguf-split-aa`. */
const CUT = /^(.*)\.gguf[.-](?:part|split)[-_.]?(\w{1,8})$/i;
const ONE_OF_TWO = /^(\d{1,4})of(\d{1,4})$/i;

/** Splits a weight file's base name into the name that its parts share and its place among them. */
export function readPart(base: string): Part {
  const cut = CUT.exec(base);
  if (cut !== null) return readCut(cut[1] ?? '', cut[2] ?? '');
  const stem = base.slice(0, base.lastIndexOf('.'));
  const numbered = NUMBERED.exec(stem);
  if (numbered === null) return { stem, number: undefined, total: undefined };
  return { stem: numbered[1] ?? '', number: Number(numbered[2]), total: Number(numbered[3]) };
}

function readCut(stem: string, mark: string): Part {
  const counted = ONE_OF_TWO.exec(mark);
  if (counted !== null) return { stem, number: Number(counted[1]), total: Number(counted[2]) };
  return { stem, number: lettersToNumber(mark.toLowerCase()), total: undefined };
}

/** a, b, ... or aa, ab, ... or 1, 2, ... as split(1) and people number parts. */
function lettersToNumber(mark: string): number {
  if (/^\d+$/.test(mark)) return Number(mark);
  return [...mark].reduce((sum, letter) => sum * 26 + (letter.charCodeAt(0) - 97), 0) + 1;
}

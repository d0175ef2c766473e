/**
 * Recognizes by a file's path what it is: weights of some format, a helper that is not a model, or something
 * else.
 */
import { type FileFacts, isPath, MAY_BE_HELPER, NO_WEIGHTS_FOLDER, type SizedFile } from './file-facts.ts';
import { readOrdinaryGguf } from './gguf-files.ts';
import type { Format } from './metadata.ts';
import { NO_PART, readPart } from './parts.ts';

const OTHER = { role: 'other', format: undefined } as const;
const weights = (format: Format) => ({ role: 'weights', format }) as const;

/**
 * Matches `adapter_model.safetensors` (PEFT), `adapters.safetensors` (MLX),
 * `pytorch_lora_weights.safetensors` (diffusers).
 */
const ADAPTER_FILE = /^(?:adapter_model|adapters?|pytorch_lora_weights)[._-]/;
/**
 * Matches `mmproj-model-f16.gguf`, `ggml-vocab-llama.gguf`, `mtp-X.gguf`, `dflash-X.gguf` (draft heads beside
 * a model), `tokenizer-X.gguf` and `vocoder-X.gguf` (LFM2-Audio), `X-adapter.gguf`.
 */
const GGUF_HELPER =
  /(?:^|[._-])(?:mm-?proj|(?:vision-)?projector)|^ggml-vocab|^(?:mtp|dflash|dspark|eagle3?|tokenizer|vocoder|audiodecoder|vae)-|[._-](?:draft|adapter)\.gguf$|(?:^|[._-])drafter(?:[._-]|$)/;
/**
 * Matches tables of importances, `X.imatrix.gguf`; `X.Q4_K.imatrix.gguf` is a model made with one
 * (PowerInfer/SmallThinker).
 */
const IMATRIX = /(?:^|[._-])imatrix(?:[._-]|$)/;
const QUANTIZED = /(?:^|[._-])i?q\d/;
/**
 * Matches files that training leaves beside the weights:
 * Jianshu001/Efficient_CoT_DeepSeek-R1-Distill-Qwen-7B.
 */
const TRAINING_STATE =
  /^(?:optimizer|scheduler|scaler|rng_state|training_args|random_states|trainer_state|mp_rank_|zero_pp_rank_|global_step)/;
const GGML_LEGACY = /\.ggml(?:v\d)?\.|^ggml[-_]|\.ggjt\.|\.ggmf\./;
const COREML_FOLDER = /\.ml(?:package|modelc)(?:\/|$)/;
/** Matches weights beside an ONNX graph: `model_q4.onnx_data`, `model_q4.onnx_data_1`. */
const ONNX_DATA = /^onnx_data(?:_\d{1,4})?$/;
/** A part of a cut GGUF whose name no longer ends in .gguf: `X.Q8_0.gguf.part1of2`, `X.Q6_K.gguf-split-a`. */
const GGUF_PART = /\.gguf[.-](?:part|split)[-_.]?\w{1,8}$/;

/**
 * The facts by name: most names are among a few hundred (`config.json`, `model.safetensors`), each examined
 * once.
 */
const seen = new Map<string, SizedFile | undefined>();
const MOST_SEEN = 20_000;
/** The longest name that is remembered: a longer one rarely comes twice. */
const LONGEST_SEEN = 48;

/** Returns what a file of unknown size is; undefined for a path that cannot be in a repository. */
export function recognizeFile(path: string): SizedFile | undefined {
  const isGguf = path.endsWith('.gguf');
  const ordinary = isGguf ? readOrdinaryGguf(path) : undefined;
  if (ordinary !== undefined) return ordinary;
  // Names of GGUF files are of their model: they would only push the others out.
  if (isGguf || path.length > LONGEST_SEEN) return readFile(path);
  const remembered = seen.get(path);
  if (remembered !== undefined || seen.has(path)) return remembered;
  const facts = readFile(path);
  if (seen.size >= MOST_SEEN) seen.clear();
  seen.set(path, facts);
  return facts;
}

function readFile(path: string): SizedFile | undefined {
  if (!isPath(path)) return undefined;
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  const base = path.slice(slash + 1);
  // Loaders ask for the extension in lower case: MODEL.SAFETENSORS is not found.
  const extension = base.slice(base.lastIndexOf('.') + 1);
  const inside = folder !== '' && NO_WEIGHTS_FOLDER.test(folder);
  const { role, format } = inside ? OTHER : classify(folder, base.toLowerCase(), extension);
  const part = role === 'other' ? NO_PART : readPart(base);
  return {
    path,
    folder,
    base,
    role,
    format,
    part,
    companion: role === 'other' ? patternOf(base) : undefined,
    ending: undefined,
    sizeBytes: 'unknown',
  };
}

/** Returns the pattern among the companions that a file matches, if any. */
function patternOf(base: string): string | undefined {
  if (base.endsWith('.tiktoken')) return '*.tiktoken';
  if (base.endsWith('.py'))
    return /^(?:tokenization_.*|tiktoken|tokenizer.*)\.py$/.test(base) ? 'tokenization_*.py' : undefined;
  // Mistral: tokenizer.model.v3, tekken_240911.json.
  if (base.startsWith('tokenizer.model.')) return 'tokenizer.model';
  return base.startsWith('tekken') ? 'tekken.json' : undefined;
}

function classify(folder: string, base: string, extension: string): Pick<FileFacts, 'role' | 'format'> {
  switch (extension) {
    case 'safetensors':
      return classifySafetensors(base);
    case 'gguf':
      return isGgufHelper(base) ? { role: 'helper', format: 'gguf' } : weights('gguf');
    case 'bin':
      return classifyBin(folder, base);
    case 'pth':
    case 'pt':
    case 'ckpt':
      return TRAINING_STATE.test(base) ? OTHER : weights('pytorch');
    case 'onnx':
      return weights('onnx');
    case 'data':
      return base.endsWith('.onnx.data') ? weights('onnx') : OTHER;
    case 'h5':
    case 'pb':
      return weights('tensorflow');
    case 'tflite':
      return weights('tflite');
    case 'msgpack':
      return weights('flax');
    case 'npz':
      return /^weights/.test(base) ? weights('mlx') : OTHER;
    case 'mlmodel':
      return weights('coreml');
    default:
      return classifyRest(folder, base, extension);
  }
}

/**
 * Classifies safetensors, which may also be an optimizer, a value head of reinforcement learning or a LoRA.
 */
function classifySafetensors(base: string): Pick<FileFacts, 'role' | 'format'> {
  if (TRAINING_STATE.test(base) || /(?:^|[._-])(?:value|v)_head[._-]/.test(base)) return OTHER;
  const isAdapter = ADAPTER_FILE.test(base) || /adapter_model|(?:^|[._-])q?lora(?:[._-]|$)/.test(base);
  return isAdapter ? { role: 'adapter', format: 'safetensors' } : weights('safetensors');
}

function isGgufHelper(base: string): boolean {
  if (!MAY_BE_HELPER.test(base)) return false;
  return GGUF_HELPER.test(base) || (IMATRIX.test(base) && !QUANTIZED.test(base));
}

function classifyBin(folder: string, base: string): Pick<FileFacts, 'role' | 'format'> {
  if (COREML_FOLDER.test(folder)) return weights('coreml');
  // openai/gpt-oss-20b ships Apple's own copy; KenLM writes 5gram.bin.
  if (/(?:^|\/)metal$/.test(folder) || /^\d+gram\./.test(base)) return OTHER;
  if (base.startsWith('openvino')) return /tokenizer/.test(base) ? OTHER : weights('openvino');
  if (GGML_LEGACY.test(base)) return weights('ggml');
  if (ADAPTER_FILE.test(base)) return { role: 'adapter', format: 'pytorch' };
  return TRAINING_STATE.test(base) ? OTHER : weights('pytorch');
}

function classifyRest(folder: string, base: string, extension: string): Pick<FileFacts, 'role' | 'format'> {
  if (GGUF_PART.test(base)) return weights('gguf');
  if (ONNX_DATA.test(extension)) return weights('onnx');
  if (COREML_FOLDER.test(folder)) return weights('coreml');
  return OTHER;
}

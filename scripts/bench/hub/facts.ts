/**
 * Generates the objects in which the Hub states what it read from a repository's files, as often as the live Hub has
 * them.
 */
import { prose, type Random } from '../random.ts';
import { drawName } from './draw.ts';
import type { ModelType } from './identity.ts';
import { type Kind, profile, type Relation } from './profile.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Subject {
  readonly kind: Kind;
  /** The quantization method of a quantized copy in safetensors; undefined for all others. */
  readonly method: string | undefined;
  readonly type: ModelType;
  readonly files: readonly string[];
}

/** The shares that are too low in hub-data, whose sources did not ask the Hub. */
const COVERAGE = {
  /** The share of GGUF repositories with a task of use: 43,500 of 204,797 (the Hub's API, autumn 2026). */
  ggufTask: 0.21,
  /** The share of the others with a task: about three quarters. */
  task: 0.75,
  library: 0.8,
  /** The share of safetensors repositories with the object: nearly all, except those that the Hub could not parse. */
  safetensors: 0.97,
  config: 0.97,
  /** The share of GGUF repositories with a config.json, which is rare. */
  ggufConfig: 0.1,
  /**
   * The share with a chat template, set so that a record has as many bytes as one of hub-data, which has other fields
   * instead.
   */
  chatTemplate: 0.3,
} as const;
const TEMPLATE_LETTERS = 1_600;

export function isTasked(kind: Kind, random: Random): boolean {
  return random() < (kind === 'gguf' ? COVERAGE.ggufTask : COVERAGE.task);
}

export function hasLibrary(random: Random): boolean {
  return random() < COVERAGE.library;
}

/** The names that converters write into a GGUF header, where they are not the type without its underscores. */
const GGUF_NAMES: Readonly<Record<string, string>> = {
  mistral: 'llama',
  mixtral: 'llama',
  qwen3_5: 'qwen35',
  qwen3_5_moe: 'qwen35moe',
  deepseek_v3: 'deepseek2',
  gpt_oss: 'gpt-oss',
  gemma3_text: 'gemma3',
  gemma4_text: 'gemma4',
};

function chatTemplate(random: Random): string | undefined {
  return random() < COVERAGE.chatTemplate ? prose(random, TEMPLATE_LETTERS) : undefined;
}

/** Draws a number from 100 million to 100 thousand million, small ones as often as large ones. */
function parameters(random: Random): number {
  return Math.floor(10 ** (8 + random() * 3));
}

export function ggufFacts({ kind, type: { type } }: Subject, random: Random): Json {
  if (kind !== 'gguf') return {};
  const gguf = {
    total: parameters(random),
    architecture: GGUF_NAMES[type] ?? type.replaceAll('_', ''),
    context_length: 2 ** (11 + Math.floor(random() * 8)),
    chat_template: chatTemplate(random),
    bos_token: '<s>',
    eos_token: '</s>',
  };
  return { gguf };
}

const drawMethod = drawName(profile.methods);

export function methodOf(kind: Kind, relation: Relation, random: Random): string | undefined {
  return relation === 'quantized' && kind === 'safetensors' ? drawMethod(random) : undefined;
}

/** Returns the counts of stored numbers, and `config` with the method that a quantized copy names. */
export function weightFacts(subject: Subject, random: Random): Json {
  return { ...configFacts(subject, random), ...safetensorsFacts(subject, random) };
}

function safetensorsFacts({ kind, method, files }: Subject, random: Random): Json {
  const weights = files.filter((path) => path.endsWith('.safetensors') && !path.includes('/'));
  if (kind !== 'safetensors' || weights.length === 0 || random() > COVERAGE.safetensors) return {};
  const total = parameters(random);
  const stored = storedNumbers(method, total, random);
  return {
    safetensors: { parameters: stored, total: sum(Object.values(stored)), sharded: weights.length > 1 },
  };
}

function storedNumbers(method: string | undefined, total: number, random: Random): Record<string, number> {
  if (method === undefined || method === 'undeclared') {
    const draw = random();
    return { [draw < 0.7 ? 'BF16' : draw < 0.85 ? 'F16' : 'F32']: total };
  }
  if (method === 'fp8') return { BF16: Math.floor(total / 10), F8_E4M3: total };
  return { [method === 'mlx' ? 'U32' : 'I32']: Math.floor(total / 8), BF16: Math.floor(total / 16) };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function configFacts({ kind, method, type, files }: Subject, random: Random): Json {
  const covered = kind === 'gguf' ? COVERAGE.ggufConfig : COVERAGE.config;
  const peft = kind === 'adapter' ? { peft: { task_type: 'CAUSAL_LM' } } : {};
  const hasConfig = kind === 'gguf' || files.includes('config.json');
  if (random() > covered) return {};
  if (!hasConfig) return kind === 'adapter' ? { config: peft } : {};
  const template = kind === 'gguf' ? undefined : chatTemplate(random);
  return {
    config: {
      architectures: [type.className],
      model_type: type.type,
      ...quantizationConfig(method),
      tokenizer_config: { bos_token: '<s>', eos_token: '</s>', chat_template: template },
      ...peft,
    },
  };
}

function quantizationConfig(method: string | undefined): Json {
  if (method === undefined || method === 'undeclared') return {};
  // mlx-lm writes the bits and names no method.
  return { quantization_config: method === 'mlx' ? { bits: 4 } : { quant_method: method, bits: 4 } };
}

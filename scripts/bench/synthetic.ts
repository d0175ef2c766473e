/**
 * Generates records of an invented Hub: any number of them, with the real Hub's distributions. Equal seeds give equal
 * records.
 */
import {
  files,
  ggufArchitecture,
  ggufLabels,
  modelType,
  otherType,
  runs,
  TOKENIZER,
  TRAINING,
  tags,
  weightShards,
} from './names.ts';
import { hex, prose, type Random, randomOf, weighted, word } from './random.ts';
import profile from './synthetic-profile.json' with { type: 'json' };

type Json = Readonly<Record<string, unknown>>;

/** The Hub's oldest creation time in this listing, in seconds; `LAST_SECOND` is the newest. */
const FIRST_SECOND = Date.UTC(2022, 2, 3) / 1000;
const LAST_SECOND = Date.UTC(2026, 9, 3) / 1000;

export interface SyntheticHub {
  readonly count: number;
  readonly seed: number;
  /** The night: 0, or 1 for the night after, with some records changed, some new, some gone. */
  readonly night: 0 | 1;
}

/** Yields the listing in its order, a JSON line each. */
export function* syntheticLines({ count, seed, night }: SyntheticHub): Generator<string> {
  for (let n = 0; n < recordsOf(count, night); n += 1) {
    const { isGone, isChanged, moves } = fateOf(seed, n);
    if (night === 1 && isGone) continue;
    const version = night === 1 && isChanged ? 1 : 0;
    yield JSON.stringify(makeRecord(n / count, n, { seed, version, bump: night === 1 && moves ? 3 : 0 }));
  }
}

function recordsOf(count: number, night: SyntheticHub['night']): number {
  return night === 0 ? count : Math.round(count * (1 + profile.nextNight.new));
}

/** Returns the change of a record in the night after. */
function fateOf(seed: number, n: number) {
  const { changed, gone, downloadsChanged } = profile.nextNight;
  const fate = randomOf(seed, n, 7);
  return { isGone: fate() < gone, isChanged: fate() < changed, moves: fate() < downloadsChanged };
}

function secondOf(age: number): number {
  return Math.floor(FIRST_SECOND + age * (LAST_SECOND - FIRST_SECOND));
}

function objectId(second: number, n: number): string {
  return second.toString(16).padStart(8, '0') + n.toString(16).padStart(16, '0');
}

interface Version {
  readonly seed: number;
  readonly version: number;
  readonly bump: number;
}

function makeRecord(age: number, n: number, { seed, version, bump }: Version): Json {
  const random = randomOf(seed, n, 0);
  const seconds = secondOf(age);
  const createdAt = new Date(seconds * 1000).toISOString();
  const { kind } = weighted(profile.kinds, ({ weight }) => weight, random);
  const downloads = Math.floor(10 ** (random() ** 3 * 7) - 1);
  const base = {
    _id: objectId(seconds, n),
    id: `${word(random, 6)}${n % 9973}/${word(random, 10)}-${word(random, 5)}-${n.toString(36)}`,
    sha: hex(random, 40),
    createdAt,
    lastModified: createdAt,
    private: false,
    gated: random() < profile.gated ? 'manual' : false,
    disabled: false,
    downloads: downloads + (downloads > 0 ? bump : 0),
    likes: Math.floor(downloads / 400),
    trendingScore: 0,
  };
  const made = { ...base, ...MAKERS[kind as Kind](random, base.id.split('/')[1] ?? '') };
  if (version === 0) return made;
  const again = randomOf(seed, n, version);
  return { ...made, sha: hex(again, 40), lastModified: '2026-10-04T01:02:03.000Z' };
}

type Kind =
  | 'empty'
  | 'gguf'
  | 'llm'
  | 'adapter'
  | 'pickle'
  | 'classifier'
  | 'diffusion-lora'
  | 'vision-language'
  | 'speech'
  | 'reinforcement'
  | 'embedding'
  | 'untagged-safetensors';

const MAKERS: Readonly<Record<Kind, (random: Random, name: string) => Json>> = {
  empty: (random) => ({
    tags: tags(random, ['region:us']),
    siblings: files(random() < 0.7 ? [] : ['notes.ipynb', 'data.zip']),
  }),
  gguf: (random, name) => {
    const type = ggufArchitecture(random);
    const total = parameters(random);
    return {
      pipeline_tag: random() < 0.21 ? 'text-generation' : undefined,
      library_name: random() < 0.5 ? 'transformers' : 'gguf',
      tags: tags(random, ['gguf', 'conversational', `base_model:quantized:o/${name}`, 'region:us']),
      cardData: card(random, { base_model: `o/${name}` }),
      baseModels: { relation: 'quantized', models: [{ _id: hex(random, 24), id: `o/${name}` }] },
      gguf: {
        total,
        architecture: type,
        context_length: 2 ** (11 + Math.floor(random() * 7)),
        chat_template: prose(random, 2_500),
      },
      siblings: files(ggufLabels(random).map((label) => `${name}.${label}.gguf`)),
    };
  },
  llm: (random) => {
    const [type, className] = modelType(random);
    const total = parameters(random);
    const shards = Math.ceil(total / 2.4e9);
    return {
      pipeline_tag: 'text-generation',
      library_name: 'transformers',
      tags: tags(random, [
        'transformers',
        'safetensors',
        type,
        'text-generation',
        'conversational',
        'region:us',
      ]),
      cardData: card(random, {}),
      config: { ...config(random, type, className), ...quantization(random) },
      safetensors: { parameters: { BF16: total }, total, sharded: shards > 1 },
      siblings: files(['config.json', ...TOKENIZER, ...weightShards(shards)]),
    };
  },
  adapter: (random, name) => ({
    library_name: 'peft',
    tags: tags(random, ['peft', 'safetensors', 'lora', `base_model:adapter:o/${name}`, 'region:us']),
    cardData: card(random, { base_model: `o/${name}` }),
    baseModels: { relation: 'adapter', models: [{ _id: hex(random, 24), id: `o/${name}` }] },
    config: { peft: { base_model_name_or_path: `o/${name}`, task_type: 'CAUSAL_LM' }, ...tokenizer(random) },
    siblings: files(['adapter_config.json', 'adapter_model.safetensors', ...TOKENIZER, ...TRAINING]),
  }),
  pickle: (random) => {
    const [type, className] = modelType(random);
    return {
      pipeline_tag: 'text-generation',
      library_name: 'transformers',
      tags: tags(random, ['transformers', 'pytorch', type, 'region:us']),
      config: config(random, type, className),
      siblings: files(['config.json', 'pytorch_model.bin', ...TOKENIZER]),
    };
  },
  classifier: (random) => classic(random, 'text-classification'),
  'diffusion-lora': (random, name) => ({
    pipeline_tag: 'text-to-image',
    library_name: 'diffusers',
    tags: tags(random, ['diffusers', 'lora', 'template:sd-lora', 'region:us']),
    cardData: card(random, { instance_prompt: prose(random, 60) }),
    siblings: files([`${name}.safetensors`, 'images/sample_0.png', 'images/sample_1.png']),
  }),
  'vision-language': (random) => classic(random, 'image-text-to-text'),
  speech: (random) => classic(random, 'automatic-speech-recognition'),
  reinforcement: (random) => ({
    pipeline_tag: 'reinforcement-learning',
    library_name: 'stable-baselines3',
    tags: tags(random, ['stable-baselines3', 'deep-reinforcement-learning', 'model-index', 'region:us']),
    siblings: files(['ppo-LunarLander-v2.zip', 'config.json', 'replay.mp4', 'results.json']),
  }),
  embedding: (random) => classic(random, 'sentence-similarity'),
  'untagged-safetensors': (random) => {
    const [type, className] = random() < 0.5 ? modelType(random) : otherType(random);
    const total = parameters(random);
    return {
      tags: tags(random, ['safetensors', type, 'region:us']),
      config: config(random, type, className),
      safetensors: { parameters: { F32: total }, total },
      siblings: files([
        'config.json',
        'model.safetensors',
        ...TRAINING,
        ...(random() < 0.4 ? runs(random) : []),
      ]),
    };
  },
};

function classic(random: Random, task: string): Json {
  const [type, className] = otherType(random);
  const total = Math.floor(parameters(random) / 20);
  return {
    pipeline_tag: task,
    library_name: 'transformers',
    tags: tags(random, ['transformers', 'safetensors', type, task, 'generated_from_trainer', 'region:us']),
    cardData: card(random, {}),
    config: config(random, type, className),
    safetensors: { parameters: { F32: total }, total },
    siblings: files(['config.json', 'model.safetensors', ...TOKENIZER, ...TRAINING]),
  };
}

function config(random: Random, type: string, className: string): Json {
  return { architectures: [className], model_type: type, ...tokenizer(random) };
}

function tokenizer(random: Random): Json {
  return {
    tokenizer_config: {
      bos_token: '<s>',
      eos_token: '</s>',
      chat_template: random() < 0.4 ? prose(random, 2_300) : undefined,
    },
  };
}

function quantization(random: Random): Json {
  if (random() > 0.12) return {};
  const method = ['gptq', 'awq', 'bitsandbytes', 'fp8'][Math.floor(random() * 4)];
  return { quantization_config: { quant_method: method, bits: 4 } };
}

function card(random: Random, more: Json): Json {
  if (random() < 0.25) return { ...more, widget: [{ text: prose(random, 700) }] };
  const license = profile.licenses[Math.floor(random() * profile.licenses.length)];
  return { license, language: ['en'], ...more };
}

function parameters(random: Random): number {
  return Math.floor(10 ** (8 + random() * 2.8));
}

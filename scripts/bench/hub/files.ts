/**
 * Generates the names of a repository's files: those of a common layout, or as many as a rare repository of its kind has.
 */
import type { Random } from '../random.ts';
import { word } from '../random.ts';
import { drawFrom, drawName, drawNumber } from './draw.ts';
import { expandPattern } from './patterns.ts';
import { KINDS, type Kind, type KindProfile, profile } from './profile.ts';

type ListFiles = (random: Random, stem: string) => readonly string[];

const LISTS: ReadonlyMap<Kind, ListFiles> = new Map(
  KINDS.map((kind) => [kind, listerOf(kind, profile.kinds[kind])]),
);

/** Returns the file names of a repository of this kind, sorted by their code units, as the Hub lists them. */
export function filesOf(kind: Kind, random: Random, stem: string): string[] {
  return [...(LISTS.get(kind)?.(random, stem) ?? [])].sort();
}

function listerOf(kind: Kind, { layouts, rare }: KindProfile): ListFiles {
  const common = layouts.map(({ files, weight }) => [files, weight] as const);
  const draw = drawFrom<readonly string[] | undefined>([...common, [undefined, rare.weight]]);
  const drawCount = drawNumber(rare.files);
  return (random, stem) => {
    const patterns = draw(random);
    if (patterns !== undefined) return patterns.flatMap((pattern) => expandPattern(pattern, stem));
    return RARE[kind](random, stem, drawCount(random));
  };
}

type ListRare = (random: Random, stem: string, count: number) => string[];

const RARE: Readonly<Record<Kind, ListRare>> = {
  gguf: rareGguf,
  safetensors: (random, _, count) => withWeights('safetensors', random, count),
  pytorch: (random, _, count) => withWeights('pytorch', random, count),
  adapter: (random, _, count) => withBesides('adapter', random, ['adapter_model.safetensors'], count),
  diffusers: (_, __, count) => rareDiffusers(count),
  other: (random, _, count) => withBesides('other', random, [], count),
};

const drawLabel = drawName(profile.ggufLabels);
const MOST_LABELS = Object.keys(profile.ggufLabels).length;
/** The number of files from which a repository holds each label in a folder, cut into parts. */
const MANY_FILES = 40;
const ALWAYS = ['.gitattributes', 'README.md'];

function rareGguf(random: Random, stem: string, count: number): string[] {
  const projectors = random() < 0.2 ? ['mmproj-F16.gguf', 'mmproj-BF16.gguf'] : [];
  const besides = [...ALWAYS, ...projectors].slice(0, Math.max(2, count - 1));
  const left = Math.max(1, count - besides.length);
  const separator = random() < 0.5 ? '.' : '-';
  if (left < MANY_FILES && left <= MOST_LABELS - 4) {
    const labels = severalLabels(random, left);
    return [...besides, ...labels.map((label) => `${stem}${separator}${label}.gguf`)];
  }
  return [...besides, ...cutGguf(random, stem, left)];
}

function severalLabels(random: Random, count: number): string[] {
  const labels = new Set<string>();
  while (labels.size < count) labels.add(drawLabel(random));
  return [...labels];
}

/**
 * Lists the files of a large model, such as `Q8_0/X-Q8_0-00001-of-00004.gguf`. The last label gets the remaining files.
 */
function cutGguf(random: Random, stem: string, count: number): string[] {
  const labels = severalLabels(random, Math.min(MOST_LABELS - 4, Math.ceil(count / (3 + random() * 9))));
  const parts = Math.floor(count / labels.length);
  return labels.flatMap((label, at) => {
    const total = at === labels.length - 1 ? count - parts * at : parts;
    return expandPattern(`${label}/${stem}-${label}-*-of-${String(total).padStart(5, '0')}.gguf`, stem);
  });
}

/** The files beside the weights, with the share of rare repositories that have each. */
const drawBesides = new Map(
  KINDS.map((kind) => {
    const { besides, rare } = profile.kinds[kind];
    return [kind, Object.entries(besides).map(([name, times]) => [name, times / rare.weight] as const)];
  }),
);

function besidesOf(kind: Kind, random: Random, most: number): string[] {
  const drawn = (drawBesides.get(kind) ?? []).filter(([, share]) => random() < share).map(([name]) => name);
  return drawn.slice(0, Math.max(0, most));
}

const DEFAULT_NAMES: Readonly<Record<string, readonly [one: string, several: string]>> = {
  safetensors: ['model.safetensors', 'model-*-of-#.safetensors'],
  pytorch: ['pytorch_model.bin', 'pytorch_model-*-of-#.bin'],
};

function withWeights(kind: 'safetensors' | 'pytorch', random: Random, count: number): string[] {
  const besides = besidesOf(kind, random, count - 1);
  const left = count - besides.length;
  const [one, several] = DEFAULT_NAMES[kind] as readonly [string, string];
  if (left === 1) return [...besides, one];
  if (random() < LOOSE_FILES) return [...besides, ...looseFiles(random, kind, left)];
  return [...besides, ...expandPattern(several.replace('#', String(left).padStart(5, '0')), '')];
}

/** The share of rare repositories that hold several models in folders: ComfyUI repackagings, voices, LoRA collections. */
const LOOSE_FILES = 0.3;
const FOLDERS = [
  '',
  'vae/',
  'text_encoder/',
  'transformer/',
  'unet/',
  'voices/',
  'split_files/diffusion_models/',
];

function looseFiles(random: Random, kind: 'safetensors' | 'pytorch', count: number): string[] {
  const folder = FOLDERS[Math.floor(random() * FOLDERS.length)] ?? '';
  const end = kind === 'pytorch' ? 'bin' : 'safetensors';
  return Array.from({ length: count }, (_, at) => `${folder}${word(random, 7)}_${at}_fp8_e4m3fn.${end}`);
}

function withBesides(kind: Kind, random: Random, weights: readonly string[], count: number): string[] {
  const names = [...weights, ...besidesOf(kind, random, count - weights.length)];
  const ends = ['png', 'json', 'txt', 'py', 'mp4'];
  while (names.length < count) names.push(`assets/${word(random, 8)}.${ends[names.length % ends.length]}`);
  return names;
}

const PIPELINE = [
  ...ALWAYS,
  'model_index.json',
  'scheduler/scheduler_config.json',
  'text_encoder/config.json',
  'text_encoder/model.safetensors',
  'tokenizer/merges.txt',
  'tokenizer/special_tokens_map.json',
  'tokenizer/tokenizer_config.json',
  'tokenizer/vocab.json',
  'unet/config.json',
  'unet/diffusion_pytorch_model.safetensors',
  'vae/config.json',
  'vae/diffusion_pytorch_model.safetensors',
];

function rareDiffusers(count: number): string[] {
  const images = Array.from(
    { length: Math.max(0, count - PIPELINE.length) },
    (_, at) => `images/sample_${at}.png`,
  );
  return [...PIPELINE, ...images];
}

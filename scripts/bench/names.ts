/** Draws names as repositories of the Hub have them: files, tags, architectures, quantizations. */

import { hex, type Random, randomOf, weighted, word } from './random.ts';
import profile from './synthetic-profile.json' with { type: 'json' };

export const TOKENIZER = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'generation_config.json',
];
export const TRAINING = [
  'training_args.bin',
  'trainer_state.json',
  'all_results.json',
  'optimizer_notes.txt',
];

/** Returns one label, a set that a known publisher always makes, or one of some hundred rare ones. */
export function ggufLabels(random: Random): readonly string[] {
  const { oneFile, rareShare, rareSets, labels, sets } = profile.gguf;
  const draw = random();
  if (draw < oneFile) return ['Q4_K_M', 'Q8_0', 'Q4_0', 'Q5_K_M'].slice(Math.floor(random() * 4)).slice(0, 1);
  if (draw > 1 - rareShare) {
    const rare = randomOf(0, Math.floor(random() ** 2 * rareSets), 3);
    return ['Q4_K_M', ...labels.filter((label) => label !== 'Q4_K_M' && rare() < 0.4)];
  }
  return String(weighted(sets, ([weight]) => Number(weight), random)[1]).split(' ');
}

/** Returns an architecture that converters write into a GGUF and that engines know. */
export function ggufArchitecture(random: Random): string {
  return String(frequent(profile.modelTypes, random)[0]);
}

export function modelType(random: Random): [string, string] {
  return rareType(random) ?? frequent(profile.modelTypes, random);
}

export function otherType(random: Random): [string, string] {
  return rareType(random) ?? frequent(profile.otherTypes, random);
}

function frequent(types: readonly (readonly (string | number)[])[], random: Random): [string, string] {
  const [type, className] = weighted(types, (row) => Number(row[2]), random);
  return [String(type), String(className)];
}

/** Returns one of the endless names that people give to networks of their own; undefined where it is a frequent one. */
function rareType(random: Random): [string, string] | undefined {
  const { named, exponent } = profile.rareTypes;
  const rank = Math.floor(random() ** (-1 / exponent));
  if (rank <= named) return undefined;
  const name = `${word(randomOf(0, rank, 5), 5)}${rank.toString(36)}`;
  return [name, `${name.slice(0, 1).toUpperCase()}${name.slice(1)}ForCausalLM`];
}

export function tags(random: Random, known: readonly string[]): string[] {
  const more = Array.from(
    { length: Math.floor(random() * 8) },
    () => `${word(random, 4)}:${word(random, 8)}`,
  );
  return [...known, ...more];
}

export function files(names: readonly string[]): { rfilename: string }[] {
  return ['.gitattributes', 'README.md', ...names].map((rfilename) => ({ rfilename }));
}

export function weightShards(count: number): string[] {
  if (count <= 1) return ['model.safetensors'];
  const total = String(count).padStart(5, '0');
  const shards = Array.from(
    { length: count },
    (_, at) => `model-${String(at + 1).padStart(5, '0')}-of-${total}.safetensors`,
  );
  return [...shards, 'model.safetensors.index.json'];
}

export function runs(random: Random): string[] {
  return Array.from(
    { length: Math.ceil(random() * 12) },
    (_, at) => `runs/Dec02_05-49-5${at % 10}_${hex(random, 12)}/events.out.tfevents.${hex(random, 10)}.${at}`,
  );
}

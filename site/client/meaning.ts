/** The meanings that a word of a query may have beside a part of a name: a size, a quantization, a format, a license, a backend, a task. */
import type { SiteIndex } from '../lib/site-index.ts';

/** Tells whether the model at a place of the index is meant. */
export type Meaning = (at: number) => boolean;

/** Words that say nothing of a model. */
const NOISE = new Set(
  'a an and any best can compatible for from good gpu how i in is it large language llm llms local memory model models my no of offline on or run running runs small that the to top unified use using vram what which with ram'.split(
    ' ',
  ),
);

/** Returns the words that say something; all of them where none does. */
export function dropNoise(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => !NOISE.has(word.toLowerCase()));
  return kept.length > 0 ? kept : words;
}

/** The words for a kind of model -> the kind. */
const KIND_WORDS: Readonly<Record<string, string>> = {
  vision: 'vision-language',
  multimodal: 'vision-language',
  vlm: 'vision-language',
  ocr: 'vision-language',
  embedding: 'embedding',
  embeddings: 'embedding',
  embed: 'embedding',
  retrieval: 'embedding',
  reranker: 'reranker',
  rerank: 'reranker',
  reranking: 'reranker',
  image: 'diffusion-pipeline',
  images: 'diffusion-pipeline',
  diffusion: 'diffusion-pipeline',
  'text-to-image': 'diffusion-pipeline',
  txt2img: 'diffusion-pipeline',
  lora: 'adapter',
  adapter: 'adapter',
  classifier: 'classifier',
  classification: 'classifier',
  translation: 'encoder-decoder',
};

/** The words for a purpose -> how the names of such models say it. No fact of a repository tells it. */
const USE_WORDS: Readonly<Record<string, readonly string[]>> = {
  coding: ['code', 'coder', 'coding', 'codestral', 'starcoder'],
  programming: ['code', 'coder', 'coding', 'codestral', 'starcoder'],
  coder: ['code', 'coder', 'codestral', 'starcoder'],
  chat: ['chat', 'instruct', 'it'],
  assistant: ['assistant', 'chat', 'instruct'],
  reasoning: ['reasoning', 'reason', 'r1', 'thinking', 'qwq'],
  thinking: ['thinking', 'reasoning', 'r1', 'qwq'],
  math: ['math', 'mathstral'],
  maths: ['math', 'mathstral'],
};

/** Returns the words by which names say the same purpose; none for other words. */
export const usesOf = (word: string): readonly string[] => lookUp(USE_WORDS, word) ?? [];

/** Returns the kind of model that a word names. */
export const kindOf = (word: string): string | undefined => lookUp(KIND_WORDS, word);

function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

const BACKEND_NAMES: Readonly<Record<string, string>> = {
  mac: 'metal',
  macbook: 'metal',
  macos: 'metal',
  apple: 'metal',
  m1: 'metal',
  m2: 'metal',
  m3: 'metal',
  m4: 'metal',
  nvidia: 'cuda',
  rtx: 'cuda',
  amd: 'rocm',
  radeon: 'rocm',
};

/** Parameters that differ from what a name says by no more are called by that name: a "7b" has 6.2 to 7.9 billion. */
const [SIZE_BELOW, SIZE_ABOVE] = [0.88, 1.13];

/** Returns what a word means, or undefined where it can be a name alone. */
export function meaningOf(said: string, index: SiteIndex): Meaning | undefined {
  const word = said.toLowerCase();
  const tests = [bySize, byContext, byQuantization, byFormat, byLicense, byWorker, byKind].flatMap(
    (read) => read(word, index) ?? [],
  );
  return tests.length === 0 ? undefined : (at) => tests.some((test) => test(at));
}

type Reader = (word: string, index: SiteIndex) => Meaning | undefined;

const bySize: Reader = (word, { millions }) => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(b|m)$/.exec(word) ?? [];
  if (digits === undefined) return undefined;
  const wanted = Number(digits) * (unit === 'b' ? 1_000 : 1);
  return (at) => {
    const has = millions[at] ?? -1;
    return has >= wanted * SIZE_BELOW && has <= wanted * SIZE_ABOVE;
  };
};

const byContext: Reader = (word, { thousands }) => {
  const [, digits] = /^(\d+)k$/.exec(word) ?? [];
  return digits === undefined ? undefined : (at) => (thousands[at] ?? -1) >= Number(digits) * CONTEXT_SLACK;
};

/** "128k" is said of 131,072 and of 128,000 tokens. */
const CONTEXT_SLACK = 0.97;

const byQuantization: Reader = (word, { sets, set }) => {
  const wanted = plain(word).replace(/^fp(?=16|32)/, 'f');
  const bits = /^(\d)bits?$/.exec(wanted)?.[1];
  if (wanted.length < 2) return undefined;
  const fits = (label: string) => {
    const short = plain(label);
    if (bits !== undefined) return new RegExp(`^(?:ud)?(?:i?q|int|nf)${bits}`).test(short);
    return short === wanted || (/^(?:ud)?i?q\d/.test(wanted) && short.startsWith(wanted));
  };
  const meant = sets.map((labels) => labels.split(' ').some(fits));
  return meant.includes(true) ? (at) => meant[set[at] ?? -1] === true : undefined;
};

/** One of the groups that filters tell apart. */
type Group = SiteIndex['groups'][number];

function byGroup({ groups, group }: SiteIndex, fits: (group: Group) => boolean): Meaning | undefined {
  const meant = groups.map(fits);
  return meant.includes(true) ? (at) => meant[group[at] ?? -1] === true : undefined;
}

const byFormat: Reader = (word, index) =>
  byGroup(index, ([, formats]) => formats.some((format) => format === word));

/** Licenses that are no names of models, as `llama3.1` and `gemma` are. */
const LICENSES =
  /^(?:agpl|apache|artistic|bsd|cc0?|creativeml|gpl|isc|lgpl|mit|mpl|openrail|unlicense)(?![a-z])/;
const byLicense: Reader = (word, index) =>
  LICENSES.test(word) ? byGroup(index, ([, , license]) => plain(license).startsWith(plain(word))) : undefined;

/** `apache 2`, `apache2` and `apache-2.0` are one. */
const plain = (license: string) => license.toLowerCase().replace(/[^a-z0-9]/g, '');

const byWorker: Reader = (word, index) => {
  const backend = lookUp(BACKEND_NAMES, word) ?? word;
  const meant = new Set(
    index.names.flatMap(({ id, program, name, backend: of }) => {
      const said = name.toLowerCase().split(' ');
      return of === backend || said.includes(word) || program === word ? [id] : [];
    }),
  );
  const places = index.workers.flatMap((id, at) => (meant.has(id) ? [at] : []));
  if (places.length === 0) return undefined;
  return byGroup(index, ([, , , running]) => places.some((place) => running.includes(place)));
};

const byKind: Reader = (word, { kinds, kind }) => {
  const wanted = kinds.indexOf(kindOf(word) ?? '');
  return wanted < 0 ? undefined : (at) => kind[at] === wanted;
};

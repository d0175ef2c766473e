/**
 * Derives the identity of a record from its number alone: kind, base model, type, owner and name. A copy names an earlier
 * record as its base model without that record being kept, so that a listing of any length is written as a stream.
 */
import { type Random, randomOf, word } from '../random.ts';
import { drawFrom, drawNumber } from './draw.ts';
import { KINDS, type Kind, profile, RELATIONS, type Relation } from './profile.ts';

/** A stream of random numbers for each question, so that one answer does not depend on another. */
const STREAM = {
  kind: 11,
  relation: 12,
  base: 13,
  type: 14,
  owner: 15,
  name: 16,
  stem: 19,
  other: 18,
} as const;

const drawKind = drawFrom(KINDS.map((kind) => [kind, profile.kinds[kind].share] as const));
const drawRelation = new Map(
  KINDS.map((kind) => {
    const shares = RELATIONS.map(
      (relation) => [relation, profile.kinds[kind].relations[relation] ?? 0] as const,
    );
    return [kind, drawFrom(shares)];
  }),
);

export function kindOf(seed: number, n: number): Kind {
  return drawKind(randomOf(seed, n, STREAM.kind));
}

function relationOf(seed: number, n: number): Relation {
  return drawRelation.get(kindOf(seed, n))?.(randomOf(seed, n, STREAM.relation)) ?? 'none';
}

export interface Origin {
  readonly relation: Relation;
  /** The number of the record that this one is made from; undefined where the listing does not hold it. */
  readonly base: number | undefined;
}

/** The share of base models that were deleted, made private, or renamed since. */
const GONE_BASES = 0.04;
/**
 * The exponent that prefers old and popular base models. Half of the copies use it; the other half are made from any
 * model.
 */
const POPULAR_EXPONENT = 6;

export function originOf(seed: number, n: number): Origin {
  const relation = relationOf(seed, n);
  if (relation === 'none') return { relation, base: undefined };
  const random = randomOf(seed, n, STREAM.base);
  if (random() < GONE_BASES) return { relation, base: undefined };
  const popular = random() < 0.5;
  const mayBeOther = relation === 'finetune';
  const base = nextBase(
    { seed, n, mayBeOther },
    Math.floor(n * random() ** (popular ? POPULAR_EXPONENT : 1)),
  );
  return { relation, base };
}

interface Copy {
  readonly seed: number;
  readonly n: number;
  readonly mayBeOther: boolean;
}

/** Returns the first record from a number on, and before the copy itself, that can be a base model. */
function nextBase({ seed, n, mayBeOther }: Copy, first: number): number | undefined {
  for (let base = first; base < n; base += 1)
    if (isBase(seed, base) && (mayBeOther || !isOther(seed, base))) return base;
  return undefined;
}

function isBase(seed: number, n: number): boolean {
  const relation = relationOf(seed, n);
  return (
    /^(?:safetensors|pytorch)$/.test(kindOf(seed, n)) && (relation === 'none' || relation === 'finetune')
  );
}

const GENERATIVE_TASKS = ['text-generation', 'image-text-to-text', 'any-to-any'];

/** The share of the originals of each kind that do not generate text, by the tasks of all repositories. */
const OTHER_SHARES = new Map(
  KINDS.map((kind) => {
    const { tasks, relations } = profile.kinds[kind];
    const others = Object.keys(tasks).filter((task) => !GENERATIVE_TASKS.includes(task));
    const originals = (relations.none ?? 0) + (relations.finetune ?? 0);
    return [kind, others.reduce((all, task) => all + (tasks[task] ?? 0), 0) / Math.max(1, originals)];
  }),
);

/** Tells whether a model is of a type that does not generate text: a classifier, an encoder, speech, images. */
export function isOther(seed: number, n: number): boolean {
  const { base } = originOf(seed, n);
  if (base !== undefined) return isOther(seed, base);
  return randomOf(seed, n, STREAM.other)() < (OTHER_SHARES.get(kindOf(seed, n)) ?? 0);
}

export interface ModelType {
  readonly type: string;
  readonly className: string;
}

const drawType = drawFrom<ModelType>(profile.modelTypes.map((row) => [row, row.weight] as const));

/** The types that are too rare in hub-data, which has the config.json of few models that do not generate text. */
const OTHER_TYPES: ReadonlyMap<ModelType, number> = new Map([
  [{ type: 'bert', className: 'BertForSequenceClassification' }, 30],
  [{ type: 'distilbert', className: 'DistilBertForTokenClassification' }, 20],
  [{ type: 'roberta', className: 'RobertaForSequenceClassification' }, 15],
  [{ type: 'xlm-roberta', className: 'XLMRobertaModel' }, 12],
  [{ type: 'whisper', className: 'WhisperForConditionalGeneration' }, 15],
  [{ type: 'wav2vec2', className: 'Wav2Vec2ForCTC' }, 8],
  [{ type: 'vit', className: 'ViTForImageClassification' }, 12],
  [{ type: 't5', className: 'T5ForConditionalGeneration' }, 8],
]);
const drawOtherType = drawFrom([...OTHER_TYPES]);

/** Returns the type of a model; a copy has the type of its base model. */
export function typeOf(seed: number, n: number): ModelType {
  const { base } = originOf(seed, n);
  if (base !== undefined) return typeOf(seed, base);
  const random = randomOf(seed, n, STREAM.type);
  if (isOther(seed, n)) return drawOtherType(random);
  const { type, className } = random() < profile.rareTypeShare ? rareType(random) : drawType(random);
  return { type, className: className === '' ? `${camelCase(type)}ForCausalLM` : className };
}

/** Returns one of the endless names that people give to networks of their own. */
function rareType(random: Random): ModelType {
  return { type: `${word(random, 5)}_${word(random, 3)}`, className: '' };
}

function camelCase(type: string): string {
  return type.replace(/(?:^|[_-])(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const { topOwners, owners, words, length } = profile.names;
const topShare = topOwners.reduce((all, share) => all + share, 0);
const drawTopOwner = drawFrom(topOwners.map((share, rank) => [rank, share] as const));
/** Matches words for a copy's quantization, which names of originals do not have. */
const COPY_WORD = /^(?:gguf|i?q\d.*|nvfp4|mxfp4|b?f(?:loat|p)?16|fp8|\d+-?bit|awq|gptq|mlx|exl\d|imatrix)$/i;
const drawWord = drawFrom(Object.entries(words).filter(([part]) => !COPY_WORD.test(part)));
const drawLength = drawNumber(length);
const OWNER_LETTERS = 9;
/** The longest stem. The Hub takes ids of 96 characters: an owner, and what a copy adds, take 26 of them at the most. */
const LONGEST_STEM = 70;

function ownerOf(seed: number, n: number): string {
  const random = randomOf(seed, n, STREAM.owner);
  // A listing of more records has more owners, as the Hub has.
  const others = Math.max(owners, Math.ceil((n * owners) / profile.repositories));
  const rank = random() < topShare ? drawTopOwner(random) : topOwners.length + Math.floor(random() * others);
  return word(randomOf(0, rank, STREAM.owner), OWNER_LETTERS) + (rank % 3 === 0 ? rank : '');
}

/**
 * Returns the name without the words for the kind of a copy. It ends in the record's number, so no two records share it.
 */
function stemOf(seed: number, n: number): string {
  const random = randomOf(seed, n, STREAM.name);
  const mark = n.toString(36);
  const wanted = Math.min(LONGEST_STEM, drawLength(random)) - mark.length - 1;
  const parts: string[] = [];
  for (let left = wanted; left > 1; ) {
    const drawn = random() < 0.25 ? word(random, 6) : drawWord(random);
    const part = drawn.length <= left ? drawn : word(random, left);
    parts.push(part);
    left -= part.length + 1;
  }
  return [...parts, mark].join('-');
}

export interface Identity {
  readonly id: string;
  /** The stem of the names of the repository's files. */
  readonly fileStem: string;
}

/**
 * The share of GGUF copies whose files are named after the base model, so that copies by several people have the same
 * file names.
 */
const NAMED_AS_BASE = 0.3;

export function identityOf(seed: number, n: number): Identity {
  const stem = stemOf(seed, n);
  const { base } = originOf(seed, n);
  const name = kindOf(seed, n) === 'gguf' ? `${stem}-GGUF` : stem;
  const asBase = base !== undefined && randomOf(seed, n, STREAM.stem)() < NAMED_AS_BASE;
  return { id: `${ownerOf(seed, n)}/${name}`, fileStem: asBase ? stemOf(seed, base) : stem };
}

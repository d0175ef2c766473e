/**
 * Generates records of an invented Hub, shaped as real ones: the number and names of a repository's files, the number of
 * tags, and the copies of each base model follow the figures of profile.json. Equal seeds give equal records.
 */
import { hex, type Random, randomOf, word } from '../random.ts';
import { drawName, drawNumber } from './draw.ts';
import { ggufFacts, hasLibrary, isTasked, methodOf, type Subject, weightFacts } from './facts.ts';
import { filesOf } from './files.ts';
import { identityOf, isOther, kindOf, type ModelType, originOf, typeOf } from './identity.ts';
import { KINDS, type Kind, profile, type Weights } from './profile.ts';

/** The Hub's oldest creation time in this listing, in seconds; `LAST_SECOND` is the newest. */
const FIRST_SECOND = Date.UTC(2022, 2, 3) / 1000;
const LAST_SECOND = Date.UTC(2026, 9, 3) / 1000;
/** The share of gated repositories: 53,420 of 3,117,871 in the census of 3 October 2026. */
const GATED = 0.0171;
const STREAM = 17;

export interface HubSize {
  readonly count: number;
  readonly seed: number;
}

/** Yields the listing in its order, oldest first, a JSON line each without its newline. */
export function* hubLines({ count, seed }: HubSize): Generator<string> {
  for (let n = 0; n < count; n += 1) yield JSON.stringify(makeRecord(seed, n, n / count));
}

const draws = new Map(
  KINDS.map((kind) => {
    const { tasks, libraries, tagsPerRepo } = profile.kinds[kind];
    const drawn = {
      task: drawSome(tasks, 'text-generation'),
      library: drawSome(libraries, 'transformers'),
      tags: drawNumber(tagsPerRepo),
    };
    return [kind, drawn];
  }),
);
const drawTag = drawName(profile.tags.common);
const drawLicense = drawName(profile.tags.licenses);

function drawSome(weights: Weights, otherwise: string) {
  return drawName(Object.keys(weights).length === 0 ? { [otherwise]: 1 } : weights);
}

function makeRecord(seed: number, n: number, age: number): object {
  const random = randomOf(seed, n, STREAM);
  const kind = kindOf(seed, n);
  const type = typeOf(seed, n);
  const task = isTasked(kind, random) ? taskOf(kind, type, isOther(seed, n), random) : undefined;
  const library = hasLibrary(random) ? draws.get(kind)?.library(random) : undefined;
  const { id, fileStem } = identityOf(seed, n);
  const { relation, base } = originOf(seed, n);
  const baseId = base === undefined ? `gone/${fileStem}` : identityOf(seed, base).id;
  const files = filesOf(kind, random, fileStem);
  const subject: Subject = { kind, method: methodOf(kind, relation, random), type, files };
  const parent = relation === 'none' ? undefined : { relation, id: baseId };
  const license = random() < 0.8 ? drawLicense(random) : undefined;
  const tags = tagsOf(subject, { parent, license, library, task }, random);
  return {
    ...headOf(id, n, age, random),
    pipeline_tag: task,
    library_name: library,
    tags,
    cardData: { license, base_model: parent?.id },
    baseModels: baseModelsOf(parent, random),
    ...weightFacts(subject, random),
    ...ggufFacts(subject, random),
    siblings: files.map((rfilename) => ({ rfilename })),
  };
}

/** The share of language models with the task of another use, such as translation. */
const OTHER_USE = 0.05;

/**
 * Returns the task of a model. A language model's follows from its class, nearly always; others have those of their kind
 * of repository.
 */
function taskOf(kind: Kind, { className }: ModelType, other: boolean, random: Random): string | undefined {
  if (other || random() < OTHER_USE) return draws.get(kind)?.task(random);
  return className.endsWith('ForConditionalGeneration') ? 'image-text-to-text' : 'text-generation';
}

function headOf(id: string, n: number, age: number, random: Random): object {
  const second = Math.floor(FIRST_SECOND + age * (LAST_SECOND - FIRST_SECOND));
  const downloads = Math.floor(10 ** (random() ** 3 * 7) - 1);
  const gated = random();
  return {
    _id: second.toString(16).padStart(8, '0') + n.toString(16).padStart(16, '0'),
    id,
    sha: hex(random, 40),
    createdAt: new Date(second * 1000).toISOString(),
    lastModified: new Date((second + Math.floor(random() * 1e6)) * 1000).toISOString(),
    private: false,
    gated: gated < GATED ? (gated < GATED / 3 ? 'auto' : 'manual') : false,
    disabled: false,
    downloads,
    likes: Math.floor(downloads / 400),
    trendingScore: 0,
  };
}

interface Parent {
  readonly relation: string;
  readonly id: string;
}

function baseModelsOf(parent: Parent | undefined, random: Random): object | undefined {
  if (parent === undefined) return undefined;
  return { relation: parent.relation, models: [{ _id: hex(random, 24), id: parent.id }] };
}

interface Labels {
  readonly parent: Parent | undefined;
  readonly license: string | undefined;
  readonly library: string | undefined;
  readonly task: string | undefined;
}

const MOST_TRIES = 400;

/**
 * Returns the tags that the Hub makes of the other fields, then common ones and others, as many as such repositories
 * have.
 */
function tagsOf({ kind, method, type, files }: Subject, labels: Labels, random: Random): string[] {
  const tags = new Set(madeTags(kind, labels));
  if (files.includes('config.json')) tags.add(type.type);
  if (method !== undefined && method !== 'undeclared') tags.add(method);
  const wanted = draws.get(kind)?.tags(random) ?? 0;
  for (let tries = 0; tags.size < wanted - 1 && tries < MOST_TRIES; tries += 1) {
    tags.add(anyTag(random));
  }
  tags.add('region:us');
  return [...tags];
}

function madeTags(kind: Kind, { parent, license, library, task }: Labels): string[] {
  const format = kind === 'gguf' || kind === 'safetensors' || kind === 'pytorch' ? kind : undefined;
  const base = parent === undefined ? [] : [parent.id, `${parent.relation}:${parent.id}`];
  const made = [library, format, task, ...base.map((name) => `base_model:${name}`)];
  return [...made, license && `license:${license}`].filter(
    (tag) => tag !== undefined && tag !== '',
  ) as string[];
}

function anyTag(random: Random): string {
  const { datasetShare, paperShare, rareShare } = profile.tags;
  const draw = random();
  if (draw < datasetShare) return `dataset:${word(random, 7)}/${word(random, 11)}`;
  if (draw < datasetShare + paperShare) return `arxiv:2${Math.floor(random() * 1e8)}`;
  return random() < rareShare ? `${word(random, 5)}-${word(random, 5)}` : drawTag(random);
}

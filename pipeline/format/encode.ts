/** Encodes one model as its line in a data shard. `decode.ts` is the other direction. */
import type { Fact, ModelMetadata, Variant } from '../extract/metadata.ts';
import {
  type EncodedSet,
  type EncodedVariant,
  encodeAttention,
  type OwnFacts,
  SHARED_FACTS,
  SOURCE_LETTERS,
  SOURCED_FACTS,
} from './encoding.ts';

/**
 * Returns the facts that its row in rows/ holds of a model, as JSON. Its values are names that hold nothing
 * to escape.
 */
export function encodeShared(model: ModelMetadata): string {
  let json = '';
  let sources = '';
  for (let at = 0; at < SOURCED_FACTS.length; at += 1) {
    const [letter, name] = SOURCED_FACTS[at] as (typeof SOURCED_FACTS)[number];
    const fact = sourcedFact(model, name);
    sources += fact === 'unknown' ? '-' : SOURCE_LETTERS[fact.source];
    if (fact !== 'unknown' && at < SHARED_FACTS) json += `"${letter}":"${fact.value}",`;
  }
  const gate = model.gated === 'unknown' ? '?' : model.gated.slice(0, 1);
  return `{${json}"s":"${sources}"${model.gated === 'no' ? '' : `,"G":"${gate}"`}}`;
}

/**
 * Returns the facts of its line: all of an allowlisted model; of the others those that their refusal and
 * their copies rest on.
 */
export function encodeOwn(
  model: ModelMetadata,
  { allowed, sets }: { readonly allowed: boolean; readonly sets: readonly EncodedSet[] },
): OwnFacts {
  const own: OwnFacts = {};
  const { total, active } = model.parameters;
  if (model.contextLength !== 'unknown') own.x = model.contextLength.value;
  if (model.attention !== 'unknown') own.A = encodeAttention(model.attention);
  if (total !== 'unknown') own.p = total.value;
  if (active !== 'unknown') own.a = active.value;
  if (model.slidingWindow !== 'unknown') own.w = model.slidingWindow.value;
  const { relation, ids } = model.baseModels;
  // Of a refused model only what it is a copy of: that leads to the copies that run.
  if (ids.length > 0 && (allowed || relation === 'quantized')) own.b = [relation, ...ids];
  if (sets.length > 0) own.r = sets;
  if (allowed) {
    addRest(own, model);
    return own;
  }
  if (model.variants.length === 0) return own;
  const codes = model.variants.map(encodeKept);
  const one = new Set(codes).size === 1;
  own.V = model.variants.map(({ id }) => id);
  own.i = one ? codes.slice(0, 1) : codes;
  // An estimate of memory needs them where some engine runs the model.
  if (sets.length > 0 && model.variants.some(({ sizeBytes }) => sizeBytes !== 'unknown'))
    own.z = model.variants.map(({ sizeBytes }) => (sizeBytes === 'unknown' ? -1 : sizeBytes));
  return own;
}

function sourcedFact(model: ModelMetadata, name: (typeof SOURCED_FACTS)[number][1]): Fact<string | number> {
  if (name === 'totalParameters') return model.parameters.total;
  if (name === 'activeParameters') return model.parameters.active;
  return model[name];
}

function addRest(own: OwnFacts, model: ModelMetadata): void {
  const { sha, license, createdAt, lastModified, notes } = model;
  if (sha !== 'unknown') own.h = sha;
  if (license !== 'unknown') own.l = license;
  if (createdAt !== 'unknown' || lastModified !== 'unknown') own.d = [day(createdAt), day(lastModified)];
  if (model.customCode) own.y = 1;
  if (notes.length > 0) own.n = notes;
  own.v = model.variants.map(encodeVariant);
}

/**
 * Encodes a variant off the allowlist. `rn1`: a file at the root whose name gives its quantization; `rc2+1`:
 * two of three parts.
 */
function encodeKept({ layout, quantization, missingShards, files }: Variant): string {
  const source = quantization === 'unknown' ? '-' : SOURCE_LETTERS[quantization.source];
  const missing = missingShards === 'unknown' ? '+?' : missingShards > 0 ? `+${missingShards}` : '';
  return `${layout.slice(0, 1)}${source}${files.length}${missing}`;
}

/** Returns the day of a time: days are enough for pages, and keep lines short. */
function day(time: string): string {
  return time === 'unknown' ? '' : time.slice(0, 10);
}

function encodeVariant({
  id,
  layout,
  quantization,
  sizeBytes,
  missingShards,
  files,
}: Variant): EncodedVariant {
  const source = quantization === 'unknown' ? '-' : SOURCE_LETTERS[quantization.source];
  return [
    id,
    layout,
    source,
    sizeBytes === 'unknown' ? -1 : sizeBytes,
    missingShards === 'unknown' ? -1 : missingShards,
    ...files,
  ];
}

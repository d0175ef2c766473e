/** One model -> its line in a data shard. `read/decode.ts` is the other direction. */
import type { Fact, ModelMetadata, Variant } from '../extract/metadata.ts';
import { type EncodedFacts, type EncodedVariant, SOURCE_LETTERS, SOURCED_FACTS } from '../lib/encoding.ts';

/** The facts as a data shard holds them: all of an allowlisted model, those that decided of the others. */
export function encodeFacts(model: ModelMetadata, full: boolean): EncodedFacts {
  return {
    ...encodeSourced(model),
    ...encodeGate(model),
    ...encodeAttention(model),
    ...encodeBases(model, full),
    ...(full ? encodeRest(model) : {}),
  };
}

function sourcedFact(model: ModelMetadata, name: (typeof SOURCED_FACTS)[number][1]): Fact<string | number> {
  if (name === 'totalParameters') return model.parameters.total;
  if (name === 'activeParameters') return model.parameters.active;
  return model[name];
}

function encodeSourced(model: ModelMetadata): EncodedFacts {
  const facts: Record<string, string | number> = {};
  let sources = '';
  for (const [letter, name] of SOURCED_FACTS) {
    const fact = sourcedFact(model, name);
    sources += fact === 'unknown' ? '-' : SOURCE_LETTERS[fact.source];
    if (fact !== 'unknown') facts[letter] = fact.value;
  }
  return { ...facts, s: sources };
}

function encodeGate({ gated }: ModelMetadata): EncodedFacts {
  if (gated === 'no') return {};
  return { G: gated === 'unknown' ? '?' : gated.slice(0, 1) };
}

function encodeAttention({ attention }: ModelMetadata): EncodedFacts {
  if (attention === 'unknown') return {};
  const { layers, perToken, windowLayers, window } = attention;
  return { A: [layers, perToken, windowLayers, window] };
}

/** Of a refused model only what it is a copy of: that leads to the copies that run. */
function encodeBases({ baseModels: { relation, ids } }: ModelMetadata, full: boolean): EncodedFacts {
  return ids.length === 0 || !(full || relation === 'quantized') ? {} : { b: [relation, ...ids] };
}

function encodeRest(model: ModelMetadata): EncodedFacts {
  return {
    ...(model.sha === 'unknown' ? {} : { h: model.sha }),
    ...(model.license === 'unknown' ? {} : { l: model.license }),
    ...(model.createdAt === 'unknown' && model.lastModified === 'unknown'
      ? {}
      : { d: [day(model.createdAt), day(model.lastModified)] as const }),
    ...(model.customCode ? { y: 1 as const } : {}),
    ...(model.notes.length === 0 ? {} : { n: model.notes }),
    v: model.variants.map(encodeVariant),
  };
}

/** Days are enough for pages, and keep lines short. */
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
  return [id, layout, source, sizeBytes === 'unknown' ? -1 : sizeBytes, missingShards, ...files];
}

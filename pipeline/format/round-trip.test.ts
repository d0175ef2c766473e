import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS, KINDS } from '../data/vocabulary.ts';
import type { Fact, ModelMetadata, Variant } from '../extract/metadata.ts';
import { decodeFacts, decodeVolatile } from './decode.ts';
import { encodeOwn, encodeShared } from './encode.ts';
import { bitsFor, firstPrefixOf, PREFIX_BITS, prefixOfHash, shardName } from './hash-prefix.ts';
import { prefixOf } from './prefix-of.ts';
import { SCHEMAS } from './schema.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/);
const count = fc.integer({ min: 1, max: 2 ** 50 });
const fact = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> =>
  fc.oneof(
    fc.constant('unknown' as const),
    fc.record({
      value,
      source: fc.constantFrom(
        'config',
        'config-default',
        'gguf',
        'safetensors',
        'listing',
        'file-name',
        'base-model',
      ),
    }),
  );

const variant: fc.Arbitrary<Variant> = fc
  .record({
    format: fc.constantFrom(...FORMATS),
    layout: fc.constantFrom('root', 'folder', 'diffusers'),
    quantization: fact(name),
    files: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }),
    sizeBytes: fc.oneof(fc.constant('unknown' as const), count),
    missingShards: fc.nat(5),
  })
  .map((parts) => ({
    ...parts,
    id: `${parts.format}:${parts.quantization === 'unknown' ? 'unknown' : parts.quantization.value}`,
    weightShards: parts.files.length + parts.missingShards,
  }));

const layerGroup = fc.oneof(
  fc.record({ layers: count, cache: fc.constantFrom('full', 'none'), elementsPerToken: count }),
  fc.record({ layers: count, cache: fc.constant('window'), elementsPerToken: count, window: count }),
  fc.record({
    layers: count,
    cache: fc.constant('latent'),
    elementsPerToken: count,
    expandedElementsPerToken: count,
  }),
);

const day = fc.constantFrom('unknown', '2024-01-31', '2026-11-27');
const model: fc.Arbitrary<ModelMetadata> = fc.record({
  id: fc.constant('a/b'),
  sha: fc.constantFrom('unknown', 'f'.repeat(40)),
  kind: fact(fc.constantFrom(...KINDS)),
  task: fact(name),
  modelType: fact(name),
  architectureClass: fact(name),
  ggufArchitecture: fact(name),
  architecture: fact(name),
  variants: fc.array(variant, { maxLength: 3 }),
  filesKnown: fc.boolean(),
  companions: fc.constant([]),
  quantizationMethod: fact(name),
  parameters: fc.record({ total: fact(count), active: fact(count) }),
  contextLength: fact(count),
  slidingWindow: fact(count),
  attention: fc.oneof(
    fc.constant('unknown' as const),
    fc.record({
      source: fc.constantFrom('config', 'config-default', 'gguf', 'base-model'),
      groups: fc.array(layerGroup, { minLength: 1, maxLength: 3 }),
    }),
  ),
  license: fc.oneof(fc.constant('unknown' as const), fc.string({ minLength: 1 })),
  gated: fc.constantFrom('no', 'auto', 'manual', 'unknown'),
  private: fc.boolean(),
  disabled: fc.boolean(),
  downloads: fc.oneof(fc.constant('unknown' as const), fc.nat()),
  likes: fc.oneof(fc.constant('unknown' as const), fc.nat()),
  trendingScore: fc.oneof(fc.constant('unknown' as const), fc.nat()),
  createdAt: day,
  lastModified: day,
  customCode: fc.boolean(),
  baseModels: fc.record({
    relation: fc.constantFrom('quantized', 'finetune', 'unknown'),
    ids: fc.array(name, { minLength: 1, maxLength: 3 }),
  }),
  configUnreadable: fc.boolean(),
  notes: fc.array(fc.string()),
  otherClasses: fc.constant([]),
  experts: fact(count),
  configRead: fc.boolean(),
}) as unknown as fc.Arbitrary<ModelMetadata>;

describe('the encoding of a model', () => {
  it('gives back every fact of an allowlisted model', () => {
    fc.assert(
      fc.property(model, (facts) => {
        const shared = JSON.parse(encodeShared(facts));
        const own = JSON.parse(JSON.stringify(encodeOwn(facts, { allowed: true, sets: [] })));
        const { id, filesKnown, companions, configUnreadable, private: _, disabled, ...rest } = facts;
        const { otherClasses, experts, configRead, ...expected } = rest;
        const volatile = decodeVolatile(
          [facts.downloads, facts.likes, facts.trendingScore].map((n) => (n === 'unknown' ? -1 : n)),
        );
        const decoded = decodeFacts(shared, own, volatile);
        // A variant of an unknown quantization is named after it, but has no label of its own.
        expect(decoded).toEqual(expected);
      }),
    );
  });
});

describe('the encoding of a model off the allowlist', () => {
  it('gives back what a refusal rests on, with the number of files instead of their names', () => {
    fc.assert(
      fc.property(model, (facts) => {
        const own = JSON.parse(JSON.stringify(encodeOwn(facts, { allowed: false, sets: [] })));
        const decoded = decodeFacts(JSON.parse(encodeShared(facts)), own, decodeVolatile(undefined));
        expect(SCHEMAS['model.json']?.parse(['a/b', 'abcdefgh', own])).toBeDefined();
        expect(decoded.variants).toEqual(
          facts.variants.map((variant) => ({ ...variant, files: [], sizeBytes: 'unknown' })),
        );
        expect([decoded.kind, decoded.modelType, decoded.quantizationMethod, decoded.gated]).toEqual([
          facts.kind,
          facts.modelType,
          facts.quantizationMethod,
          facts.gated,
        ]);
      }),
    );
  });
});

describe('hash prefixes', () => {
  it('put every id into the file of its first bits', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: PREFIX_BITS }), (id, bits) => {
        const prefix = prefixOf(id);
        const shard = shardName(prefix, bits);
        expect(firstPrefixOf(shard, bits)).toBeLessThanOrEqual(prefix);
        expect(shardName(firstPrefixOf(shard, bits), bits)).toBe(shard);
      }),
    );
    expect(prefixOfHash('ffff0000')).toBe(65_535);
  });

  it('are as long as it takes to hold so many items a file', () => {
    expect([bitsFor(0, 128), bitsFor(128, 128), bitsFor(129, 128), bitsFor(1e9, 1)]).toEqual([0, 0, 1, 16]);
  });
});

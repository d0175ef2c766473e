import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { miniGguf } from '../testing/mini-gguf.ts';
import { parseGgufHeader } from './gguf-header.ts';

const LLAMA = {
  'general.architecture': 'llama',
  'general.name': 'A model',
  'llama.block_count': 32,
  'llama.attention.head_count': 32,
  'llama.attention.head_count_kv': [8, 8, 4],
  'other.block_count': 7,
};
const VALUES = { block_count: 32, 'attention.head_count': 32, 'attention.head_count_kv': [8, 8, 4] };

describe('parseGgufHeader', () => {
  it('reads the numbers of the architecture, without its name', () => {
    expect(parseGgufHeader(miniGguf(LLAMA))).toEqual({ architecture: 'llama', values: VALUES });
    expect(parseGgufHeader(miniGguf(LLAMA, 2))?.values).toEqual(VALUES);
  });

  it('needs no more than the bytes before the vocabulary', () => {
    const whole = miniGguf({
      ...LLAMA,
      'tokenizer.ggml.tokens': Array.from({ length: 999 }, (_, n) => `t${n}`),
    });
    expect(parseGgufHeader(whole.subarray(0, -100))).toEqual({ architecture: 'llama', values: VALUES });
    expect(parseGgufHeader(whole)).toEqual({ architecture: 'llama', values: VALUES });
  });

  it('passes over long lists', () => {
    const long = { ...LLAMA, 'llama.long': Array.from({ length: 2_000 }, () => 1), 'llama.last': 3 };
    expect(parseGgufHeader(miniGguf(long))?.values).toEqual({ ...VALUES, last: 3 });
  });

  it('knows no other file, nor an older version or one of the other byte order', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('GGUF'),
      Buffer.from('<html></html>'),
      miniGguf(LLAMA, 1),
    ])
      expect(parseGgufHeader(bytes)).toBeUndefined();
    expect(parseGgufHeader(miniGguf(LLAMA, 0x03000000))).toBeUndefined();
    expect(parseGgufHeader(miniGguf({ 'llama.block_count': 32 }))).toBeUndefined();
  });

  it('reads back what any header states', () => {
    const key = fc.stringMatching(/^[a-z_.]{1,30}$/);
    const item = fc.oneof(fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 99 }));
    fc.assert(
      fc.property(fc.dictionary(key, item, { maxKeys: 50, noNullPrototype: true }), (values) => {
        const entries = Object.entries(values).map(([name, value]) => [`x.${name}`, value] as const);
        const header = { 'general.architecture': 'x', ...Object.fromEntries(entries) };
        expect(parseGgufHeader(miniGguf(header))).toEqual({ architecture: 'x', values });
      }),
    );
  });

  it('ends without an error on bytes that are damaged anywhere, cut, or no file at all', () => {
    const whole = miniGguf({ ...LLAMA, 'tokenizer.ggml.tokens': ['a', 'b'] });
    const damages = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(damages, fc.nat(whole.length), (bytes, length) => {
        const copy = Buffer.from(whole.subarray(0, length));
        for (const [at, byte] of bytes) if (at < length) copy[at] = byte;
        const header = parseGgufHeader(copy);
        expect(Object.keys(header?.values ?? {}).length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (noise) => {
        parseGgufHeader(Buffer.concat([miniGguf({}), noise]));
      }),
      { numRuns: 2_000 },
    );
  });
});

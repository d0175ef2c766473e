import fc from 'fast-check';
import JSON5 from 'json5';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../testing/models.ts';
import { parseConfigText } from './config.ts';

const contextOf = (configJson: unknown) =>
  modelOf(['config.json', 'model.safetensors'], { configJson }).contextLength;

const parse = (text: string) => parseConfigText(text, JSON5.parse);

describe('config.json', () => {
  it.each([
    [
      'Infinity and NaN',
      '{"max_position_embeddings": 8192, "limit": [0.0, Infinity], "x": -Infinity, "y": NaN}',
    ],
    ['a byte order mark', '\ufeff{"max_position_embeddings": 8192}'],
    [
      'comments and trailing commas',
      '{\n// tokens\n"max_position_embeddings": 8192, /* more */ "l": [1,],\n}',
    ],
    ['doubled keys', '{"max_position_embeddings": 1, "max_position_embeddings": 8192}'],
    ['a number written as a string', '{"max_position_embeddings": "8192"}'],
    ['__proto__', '{"__proto__": {"max_position_embeddings": 1}, "max_position_embeddings": 8192}'],
  ])('is read with %s', (_, text) => {
    expect(contextOf(text)).toEqual({ value: 8192, source: 'config' });
  });

  it.each([
    ['beyond 2^53', '{"max_position_embeddings": 1e30}'],
    ['negative', '{"max_position_embeddings": -1}'],
    ['fractional', '{"max_position_embeddings": 0.5}'],
    ['a list', '{"max_position_embeddings": [8192]}'],
    ['inherited through __proto__', '{"__proto__": {"max_position_embeddings": 8192}}'],
  ])('gives no context length when it is %s', (_, text) => {
    expect(contextOf(text)).toBe('unknown');
  });

  it('is refused with a reason when it is too large, no JSON or no object', () => {
    expect(parse(`{"a": "${'x'.repeat(5_000_000)}"}`)).toEqual({ ok: false, problem: 'too large' });
    expect(parse('<html>')).toEqual({ ok: false, problem: 'not JSON' });
    expect(parse('[]')).toEqual({ ok: false, problem: 'not an object' });
    expect(modelOf(['config.json'], { configJson: '<html>' }).notes).toEqual([
      'config.json could not be used: not JSON.',
    ]);
  });

  it('survives nesting of any depth', () => {
    const deep = `${'{"text_config":'.repeat(50_000)}{}${'}'.repeat(50_000)}`;
    expect(() => contextOf(deep)).not.toThrow();
    expect(() => contextOf('['.repeat(400_000))).not.toThrow();
  });

  it('survives objects that cannot be turned into text', () => {
    const bad = JSON.parse('{"toString": 1, "valueOf": 1}');
    const keys = [
      'model_type',
      'architectures',
      'torch_dtype',
      'rope_scaling',
      'quantization_config',
      'num_hidden_layers',
    ];
    const configJson = {
      max_position_embeddings: 8192,
      sliding_window: 8,
      ...Object.fromEntries(keys.map((key) => [key, bad])),
    };
    expect(contextOf(configJson)).toEqual({ value: 8192, source: 'config' });
  });

  it('never makes extraction throw', () => {
    const anything = fc.oneof(fc.json(), fc.string(), fc.jsonValue());
    const hostile = fc.record({ configJson: anything, config: fc.jsonValue(), cardData: fc.jsonValue() });
    fc.assert(
      fc.property(hostile, (rest) => {
        expect(modelOf(['config.json', 'a.safetensors', 'b.gguf'], rest).id).toBe('owner/name');
      }),
    );
  });
});

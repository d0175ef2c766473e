import { describe, expect, it } from 'vitest';
import { modelOf } from '../testing/models.ts';

const GGUF = [{ rfilename: 'm-Q8_0.gguf' }];
const attentionOf = (rest: object) => modelOf([], { siblings: GGUF, ...rest }).attention;

describe('the attention of models of the same size', () => {
  it('is taken where no config is read', () => {
    expect(attentionOf({ gguf: { architecture: 'llama', total: 8_030_261_312 } })).toEqual({
      source: 'same-size',
      groups: [{ layers: 32, cache: 'full', elementsPerToken: 2048 }],
    });
  });

  it('is not taken of another key, nor of a count that is more than 1 % away', () => {
    expect(attentionOf({ gguf: { architecture: 'mamba', total: 8_030_261_312 } })).toBe('unknown');
    expect(attentionOf({ gguf: { architecture: 'llama', total: 8_200_000_000 } })).toBe('unknown');
  });

  it('is found by the bytes of the widest file, where the count is unknown', () => {
    const siblings = [
      { rfilename: 'm-Q2_K.gguf', size: 2.8e9 },
      { rfilename: 'm-Q8_0.gguf', size: 7.16e9 },
    ];
    expect(attentionOf({ siblings, gguf: { architecture: 'llama' } })).toMatchObject({
      groups: [{ elementsPerToken: 8192 }],
    });
  });

  it('is not taken beside a config.json that tells another shape', () => {
    const model = modelOf(['config.json', 'tokenizer.json', 'model.safetensors'], {
      safetensors: { parameters: { BF16: 8_030_261_248 }, total: 8_030_261_248 },
      configJson: { model_type: 'llama', num_hidden_layers: 4, num_attention_heads: 2, hidden_size: 8 },
    });
    expect(model.attention).toMatchObject({ source: 'config', groups: [{ layers: 4 }] });
    const told = attentionOf({
      gguf: { architecture: 'llama', total: 8_030_261_312 },
      configJson: { model_type: 'llama', num_hidden_layers: 32 },
    });
    expect(told).toBe('unknown');
  });

  it('is taken beside a config.json that was written for a tag', () => {
    const gguf = { architecture: 'llama', total: 8_030_261_312 };
    expect(attentionOf({ gguf, configJson: { model_type: 'llama' } })).toMatchObject({ source: 'same-size' });
  });
});

describe('the attention by a GGUF header', () => {
  const header = (architecture: string, values: object) =>
    attentionOf({ gguf: { architecture }, ggufHeader: { architecture, values } });

  it('is that of every layer, with heads of their own where the header lists them', () => {
    const values = { block_count: 3, embedding_length: 4096, 'attention.head_count': 32 };
    expect(header('llama', { ...values, 'attention.head_count_kv': 8 })).toEqual({
      source: 'gguf',
      groups: [{ layers: 3, cache: 'full', elementsPerToken: 2048 }],
    });
    expect(header('openelm', { ...values, 'attention.head_count_kv': [8, 0, 8] })).toMatchObject({
      groups: [
        { layers: 2, elementsPerToken: 2048 },
        { layers: 1, cache: 'none' },
      ],
    });
  });

  it('has windows in the pattern that llama.cpp gives the architecture', () => {
    const values = {
      block_count: 12,
      'attention.head_count': 4,
      'attention.head_count_kv': 1,
      'attention.key_length': 256,
      'attention.value_length': 256,
      'attention.sliding_window': 512,
    };
    expect(header('gemma3', values)).toMatchObject({
      groups: [
        { layers: 10, cache: 'window', window: 512 },
        { layers: 2, cache: 'full' },
      ],
    });
    expect(header('somenew', values)).toBe('unknown');
  });

  it('keeps one latent a token where a rank is stated', () => {
    const values = { block_count: 61, 'attention.kv_lora_rank': 512, 'rope.dimension_count': 64 };
    expect(header('deepseek2', values)).toMatchObject({ groups: [{ layers: 61, elementsPerToken: 576 }] });
  });

  it.each([
    ['state spaces', { 'ssm.conv_kernel': 4 }],
    ['shared caches', { 'attention.shared_kv_layers': 10 }],
    ['too many layers', { block_count: 100_000 }],
    ['no heads', { 'attention.head_count': 0 }],
  ])('is unknown of %s', (_, more) => {
    const values = { block_count: 2, embedding_length: 64, 'attention.head_count': 2 };
    expect(header('llama', values)).not.toBe('unknown');
    expect(header('llama', { ...values, ...more })).toBe('unknown');
  });
});

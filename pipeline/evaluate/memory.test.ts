import { describe, expect, it } from 'vitest';
import { LLM_FILES, llm, modelOf } from '../testing/models.ts';
import { cacheNumbers, estimateMemory } from './memory.ts';

const attentionOf = (configJson: object) => {
  const { attention } = llm('x', 'XForCausalLM', { configJson });
  if (attention === 'unknown') throw new Error('the attention of the test is unknown');
  return attention;
};
const RULE = { window: 'window', latent: 'latent', batchTokens: 2048 } as const;
const gib = (configJson: object, context: number) =>
  (2 * cacheNumbers(attentionOf(configJson), context, RULE)) / 2 ** 30;

describe('cacheNumbers, at two bytes', () => {
  it.each([
    [
      'Llama 3.1 8B at 8k',
      { num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, hidden_size: 4096 },
      8192,
      1.0,
    ],
    [
      'Qwen2.5 7B at 32k',
      { num_hidden_layers: 28, num_attention_heads: 28, num_key_value_heads: 4, hidden_size: 3584 },
      32_768,
      1.75,
    ],
    [
      'Gemma 3 27B at 128k, 52 of 62 layers with a window',
      {
        text_config: {
          model_type: 'gemma3_text',
          num_hidden_layers: 62,
          num_attention_heads: 32,
          num_key_value_heads: 16,
          head_dim: 128,
          hidden_size: 5376,
          sliding_window: 1024,
        },
      },
      131_072,
      11.2,
    ],
    [
      'DeepSeek-V3 at 32k, latent',
      {
        num_hidden_layers: 61,
        kv_lora_rank: 512,
        qk_rope_head_dim: 64,
        num_attention_heads: 128,
        hidden_size: 7168,
      },
      32_768,
      2.14,
    ],
  ])('of %s', (_, config, context, expected) => {
    expect(Math.abs(gib(config, context) / expected - 1)).toBeLessThan(0.02);
  });

  it('ignores a window that is switched off (Qwen2.5)', () => {
    const config = {
      num_hidden_layers: 2,
      num_attention_heads: 2,
      hidden_size: 8,
      sliding_window: 4,
      use_sliding_window: false,
    };
    expect(attentionOf(config).groups).toEqual([{ layers: 2, cache: 'full', elementsPerToken: 16 }]);
  });
});

describe('estimateMemory', () => {
  const rule = { memory: { bytesPerParameter: 4, overheadBytes: 0 } };
  const config = {
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    hidden_size: 4096,
    max_position_embeddings: 131_072,
  };

  it('counts four bytes a parameter where the worker loads 32-bit floats', () => {
    const model = llm('llama', 'LlamaForCausalLM', { configJson: config });
    const variant = model.variants[0];
    if (variant === undefined) throw new Error('no variant');
    const estimate = estimateMemory(model, variant, rule, undefined);
    expect(estimate).toMatchObject({
      weightBytes: 4 * 1_100_048_384,
      weightsFrom: 'parameters in memory',
      smallestDeviceGb: 8,
    });
    expect('cacheBytes' in estimate && [...estimate.cacheBytes.keys()]).toEqual([
      4096, 8192, 32_768, 131_072,
    ]);
  });

  it('takes the bytes of a GGUF, else its parameters and bits per weight, else does not know', () => {
    const gguf = (size: number | undefined, total: number | undefined) => {
      const siblings = [{ rfilename: 'm-Q4_K_M.gguf', ...(size === undefined ? {} : { size }) }];
      const model = modelOf(LLM_FILES, {
        siblings,
        gguf: { architecture: 'llama', ...(total === undefined ? {} : { total }) },
      });
      const variant = model.variants[0];
      if (variant === undefined) throw new Error('no variant');
      return estimateMemory(model, variant, rule, 4.9);
    };
    expect(gguf(5e9, 8e9)).toMatchObject({
      weightBytes: 5e9,
      weightsFrom: 'files',
      smallestDeviceGb: 'unknown',
    });
    expect(gguf(undefined, 8e9)).toMatchObject({
      weightBytes: 4.9e9,
      weightsFrom: 'parameters and bits per weight',
    });
    expect(gguf(undefined, undefined)).toHaveProperty('unknown');
  });
});

/**
 * Tests of helpers among files, shapes of attention, contexts and active weights, one row for each real case.
 */
import { describe, expect, it } from 'vitest';
import { llm, modelOf } from '../testing/models.ts';

const sized = (files: Readonly<Record<string, number>>, rest: object = {}) =>
  modelOf(Object.keys(files), {
    siblings: Object.entries(files).map(([rfilename, size]) => ({ rfilename, size })),
    ...rest,
  });
const ids = (files: Readonly<Record<string, number>>) =>
  sized(files).variants.map(({ files: [first] }) => first);

describe('helpers', () => {
  it.each([
    ['a folder of drafters', { 'm-Q4_K_M.gguf': 7e9, 'MTP/m-Q8_0-MTP.gguf': 4e8 }, ['m-Q4_K_M.gguf']],
    ['a drafter by its end', { 'm-Q8_0.gguf': 9e9, 'm-Q8_0-MTP.gguf': 4e8 }, ['m-Q8_0.gguf']],
    ['a small assistant', { 'm-Q4_0.gguf': 4e9, 'm-assistant-Q4_0.gguf': 6e7 }, ['m-Q4_0.gguf']],
    [
      'no model with its prediction layer',
      { 'm-MTP-Q4_0.gguf': 4e9, 'm-MTP-Q8_0.gguf': 8e9 },
      ['m-MTP-Q4_0.gguf', 'm-MTP-Q8_0.gguf'],
    ],
    [
      'no file of the same size',
      { 'm-Q4_0.gguf': 4e9, 'm-MTP-Q4_0.gguf': 4.2e9 },
      ['m-MTP-Q4_0.gguf', 'm-Q4_0.gguf'],
    ],
    [
      'a linear layer',
      { 'config.json': 1e3, 'pytorch_model.bin': 2e9, 'colbert_linear.pt': 2e6 },
      ['pytorch_model.bin'],
    ],
    [
      'a value head',
      { 'config.json': 1e3, 'pytorch_model.bin': 2e9, 'value_head.bin': 2e4 },
      ['pytorch_model.bin'],
    ],
    [
      'a pickle a hundred times smaller',
      { 'config.json': 1e3, 'model.safetensors': 2e9, 'extra.pt': 1e6 },
      ['model.safetensors'],
    ],
    ['no projector that is alone', { 'mm_projector.bin': 4e7 }, ['mm_projector.bin']],
  ])('are set apart: %s', (_, files, expected) => {
    expect(ids(files)).toEqual(expected);
  });

  it.each([
    ['a projector', 'clip', ['m-Q4_K_M.gguf', 'mmproj-m-F16.gguf']],
    ['a drafter', 'eagle3', ['m-Q4_K_M.gguf', 'eagle3-m-F16.gguf']],
    ['an assistant', 'gemma4_assistant', ['m-Q4_K_M.gguf', 'mtp-m-F16.gguf']],
  ])('do not lend the model their header: %s', (_, architecture, files) => {
    const model = modelOf(files, { gguf: { architecture, total: 4e8, context_length: 77 } });
    expect(model).toMatchObject({ ggufArchitecture: 'unknown', contextLength: 'unknown' });
    expect(model.parameters.total).toBe('unknown');
    expect(model.notes[0]).toContain(architecture);
  });

  it('are what a repository is about that holds nothing else', () => {
    for (const architecture of ['gemma4_assistant', 'gemma4-assistant', 'eagle3'])
      expect(modelOf(['m-Q8_0.gguf'], { gguf: { architecture } }).kind).toMatchObject({ value: 'draft' });
  });
});

const groups = (configJson: object) => {
  const { attention } = llm('x', 'XForCausalLM', { configJson });
  return attention === 'unknown'
    ? 'unknown'
    : attention.groups
        .map(({ layers, cache, elementsPerToken }) => `${layers} ${cache} ${elementsPerToken}`)
        .join(', ');
};
const BASE = {
  num_hidden_layers: 4,
  num_attention_heads: 8,
  num_key_value_heads: 2,
  head_dim: 64,
  hidden_size: 512,
};
const mixed = ['full_attention', 'linear_attention', 'sliding_attention', 'conv'];

describe('readAttention', () => {
  it.each([
    ['heads for each layer (OpenELM)', { ...BASE, num_kv_heads: [1, 1, 2, 2] }, '2 full 128, 2 full 256'],
    [
      'one head of keys and values (Falcon)',
      { ...BASE, num_key_value_heads: undefined, multi_query: true },
      '4 full 128',
    ],
    [
      'grouped queries (ChatGLM)',
      { num_layers: 4, num_attention_heads: 8, kv_channels: 64, multi_query_group_num: 2 },
      '4 full 256',
    ],
    ['a stated head size (Mistral Small)', { ...BASE, head_dim: 128 }, '4 full 512'],
    ['layer types', { ...BASE, layer_types: mixed, sliding_window: 8 }, '1 full 256, 2 none 0, 1 window 256'],
    ['layer types that are not read', { ...BASE, layer_types: ['full_attention', 'a', 'b', 'c'] }, 'unknown'],
    [
      'global layers of another shape (Gemma 4)',
      {
        ...BASE,
        layer_types: ['sliding_attention', 'sliding_attention', 'sliding_attention', 'full_attention'],
        sliding_window: 8,
        global_head_dim: 128,
        num_global_key_value_heads: 1,
      },
      '3 window 256, 1 full 256',
    ],
    ['shared caches (Gemma 3n)', { ...BASE, num_kv_shared_layers: 3 }, '1 full 256, 3 none 0'],
    [
      'a period (Jamba)',
      { ...BASE, attn_layer_period: 4, attn_layer_offset: 2, mamba_d_state: 16 },
      '3 none 0, 1 full 256',
    ],
    ['indices (LFM2)', { ...BASE, full_attn_idxs: [1] }, '3 none 0, 1 full 256'],
    [
      'a pattern of letters (Nemotron-H)',
      { ...BASE, hybrid_override_pattern: 'M-*M' },
      '3 none 0, 1 full 256',
    ],
    [
      'a latent beside linear layers (Kimi Linear)',
      { ...BASE, kv_lora_rank: 512, qk_rope_head_dim: 64, linear_attn_config: { full_attn_layers: [4] } },
      '3 none 0, 1 latent 576',
    ],
    ['state spaces without a list', { ...BASE, mamba_d_state: 16 }, 'unknown'],
    ['compressed caches (DeepSeek-V4)', { ...BASE, compress_ratios: [4, 128] }, 'unknown'],
    [
      'alternating windows by class (Gemma 2)',
      { ...BASE, model_type: 'gemma2', sliding_window: 8 },
      '2 window 256, 2 full 256',
    ],
    [
      'windows by class, one layer in six full (Gemma 3)',
      { text_config: { ...BASE, num_hidden_layers: 6, model_type: 'gemma3_text', sliding_window: 8 } },
      '5 window 256, 1 full 256',
    ],
    ['a latent that is not stated (DeepSeek-V3)', { ...BASE, model_type: 'deepseek_v3' }, 'unknown'],
    ['an encoder-decoder', { ...BASE, is_encoder_decoder: true }, 'unknown'],
  ])('reads %s', (_, config, expected) => {
    expect(groups(config)).toBe(expected);
  });

  it('says where a class default stood in', () => {
    const nested = {
      text_config: {
        model_type: 'gemma3_text',
        num_hidden_layers: 34,
        hidden_size: 2560,
        sliding_window: 1024,
      },
    };
    expect(llm('gemma3', 'G', { configJson: nested }).attention).toMatchObject({ source: 'config-default' });
    expect(llm('x', 'X', { configJson: BASE }).attention).toMatchObject({ source: 'config' });
    // At the top a config is written out: its size is no default.
    expect(llm('llama', 'L', { configJson: { model_type: 'llama', hidden_size: 4096 } }).attention).toBe(
      'unknown',
    );
  });
});

describe('readContextLength under rope scaling', () => {
  it.each([
    ['extended already (LLaMA-2-7B-32K)', 32_768, { type: 'linear', factor: 8 }, {}, 32_768],
    [
      'not extended (vicuna-7b-v1.5-16k)',
      4_096,
      { type: 'linear', factor: 4 },
      { max_sequence_length: 16_384 },
      16_384,
    ],
    ['not extended (airoboros)', 2_048, { type: 'linear', factor: 2 }, {}, 4_096],
    ['dynamic, which engines stretch', 32_768, { type: 'dynamic', factor: 2 }, {}, 32_768],
    [
      'an original length',
      40_960,
      { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 32_768 },
      {},
      131_072,
    ],
    ['deepseek_yarn', 1_048_576, { type: 'deepseek_yarn', factor: 32 }, {}, 1_048_576],
    ['model_max_length beside it (command-r-plus)', 8_192, undefined, { model_max_length: 131_072 }, 131_072],
  ])('is right of one that is %s', (_, length, rope, rest, expected) => {
    const configJson = { max_position_embeddings: length, rope_scaling: rope, ...rest };
    expect(llm('llama', 'LlamaForCausalLM', { configJson }).contextLength).toMatchObject({ value: expected });
  });

  it.each([
    [
      { model_type: 'falcon', hidden_size: 4544 },
      { value: 2_048, source: 'config-default' },
    ],
    [
      { model_type: 'gemma3', text_config: { model_type: 'gemma3_text', hidden_size: 2560 } },
      { value: 131_072, source: 'config-default' },
    ],
    [{ model_type: 'llama' }, 'unknown'],
  ])('takes the default of the class of %j', (configJson, expected) => {
    expect(llm('x', 'X', { configJson }).contextLength).toEqual(expected);
  });
});

describe('readActiveParameters', () => {
  const of = (configJson: object) => llm('x', 'X', { configJson }).parameters.active;
  it.each([
    [
      'experts inside ffn_config (DBRX)',
      { d_model: 6144, ffn_config: { moe_num_experts: 16, moe_top_k: 4 } },
    ],
    ['experts in a list', { hidden_size: 8, num_experts: [8, 16] }],
    ['a key that is not understood', { hidden_size: 8, expert_pool_size: 64 }],
    [
      'a tower that is not sized',
      {
        vision_config: { patch: 14 },
        text_config: {
          num_experts: 8,
          num_experts_per_tok: 2,
          hidden_size: 64,
          moe_intermediate_size: 64,
          num_hidden_layers: 4,
        },
      },
    ],
  ])('is unknown with %s', (_, config) => {
    expect(of(config)).toBe('unknown');
  });

  it('is the total of a dense model, whatever switched-off keys it has', () => {
    expect(of({ hidden_size: 8, num_experts: 0, use_moe: false, moe_layers: [] })).toMatchObject({
      value: 1_100_048_384,
    });
  });
});

describe('families of pipelines', () => {
  it.each([
    ['StableDiffusionPipeline', 'stable-diffusion'],
    ['StableDiffusionXLPipeline', 'sdxl'],
    ['FluxPipeline', 'flux'],
  ])('%s is %s', (name, family) => {
    const model = modelOf(['model_index.json', 'unet/model.safetensors'], {
      config: { diffusers: { _class_name: name } },
    });
    expect(model.architecture).toMatchObject({ value: family });
  });
});

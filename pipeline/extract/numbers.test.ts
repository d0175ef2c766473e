import { describe, expect, it } from 'vitest';
import { llm, modelOf } from '../testing/models.ts';

const context = (configJson: object) => {
  const { contextLength } = llm('llama', 'LlamaForCausalLM', { configJson });
  return contextLength === 'unknown' ? 'unknown' : contextLength.value;
};

describe('readContextLength', () => {
  it.each([
    ['the plain field', { max_position_embeddings: 4096 }, 4096],
    ['the smaller of two (Qwen-7B)', { max_position_embeddings: 32_768, seq_length: 8192 }, 8192],
    ['GPT-2', { n_positions: 1024 }, 1024],
    [
      'llama3 scaling, counted already',
      { max_position_embeddings: 131_072, rope_scaling: { rope_type: 'llama3', factor: 8 } },
      131_072,
    ],
    ['scaling without a type', { max_position_embeddings: 131_072, rope_scaling: { factor: 8 } }, 131_072],
    [
      'longrope, counted already',
      { max_position_embeddings: 131_072, rope_scaling: { type: 'longrope', factor: 32 } },
      131_072,
    ],
    [
      'linear, extended already (deepseek-coder)',
      { max_position_embeddings: 16_384, rope_scaling: { type: 'linear', factor: 4 } },
      16_384,
    ],
    [
      'yarn from the original length (DeepSeek-V3)',
      {
        max_position_embeddings: 163_840,
        rope_scaling: { type: 'yarn', factor: 40, original_max_position_embeddings: 4096 },
      },
      163_840,
    ],
    [
      'Gemma 3, which scales some layers only',
      {
        text_config: {
          model_type: 'gemma3_text',
          max_position_embeddings: 131_072,
          rope_scaling: { rope_type: 'linear', factor: 8 },
        },
      },
      131_072,
    ],
    [
      'parameters per layer type',
      {
        max_position_embeddings: 262_144,
        rope_parameters: { full_attention: { rope_type: 'yarn', factor: 4 } },
      },
      262_144,
    ],
    ['a nested text config', { text_config: { max_position_embeddings: 262_144 } }, 262_144],
    ['the top level beside an empty text config', { text_config: {}, max_position_embeddings: 4096 }, 4096],
    ['a thinker', { thinker_config: { text_config: { max_position_embeddings: 32_768 } } }, 32_768],
    ['nothing', {}, 'unknown'],
    ['more than any model takes', { max_position_embeddings: 13_000_000 }, 'unknown'],
  ])('reads %s', (_, config, expected) => {
    expect(context(config)).toBe(expected);
  });

  it('takes the header of a GGUF against its config.json', () => {
    const model = modelOf(['config.json', 'm-Q4_0.gguf'], {
      gguf: { architecture: 'llama', context_length: 2048 },
      configJson: { max_position_embeddings: 4096 },
    });
    expect(model.contextLength).toEqual({ value: 2048, source: 'gguf' });
  });
});

interface Packed {
  readonly quantization: object;
  readonly parameters: Readonly<Record<string, number>>;
  /** The bytes of the files. */
  readonly bytes?: number;
}

const parameters = ({ quantization, parameters: counts, bytes }: Packed) => {
  const total = Object.values(counts).reduce((a, b) => a + b, 0);
  const config = {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    quantization_config: quantization,
  };
  const siblings = [{ rfilename: 'config.json' }, { rfilename: 'model.safetensors', size: bytes }];
  const found = llm('llama', 'LlamaForCausalLM', {
    config,
    safetensors: { parameters: counts, total },
    ...(bytes === undefined ? {} : { siblings }),
  }).parameters.total;
  return found === 'unknown' ? 0 : found.value;
};

describe('readTotalParameters', () => {
  it.each([
    [
      'GPTQ of Llama 2 7B',
      {
        quantization: { quant_method: 'gptq', bits: 4 },
        parameters: { I32: 816_963_584, F16: 313_004_032 },
        bytes: 3_896_725_256,
      },
      6_738_415_616,
    ],
    [
      'compressed-tensors of Llama 3.1 8B',
      {
        quantization: {
          quant_method: 'compressed-tensors',
          format: 'pack-quantized',
          config_groups: { group_0: { weights: { num_bits: 4, group_size: 128 } } },
        },
        parameters: { I64: 448, I32: 872_415_232, BF16: 1_105_465_344 },
        bytes: 5_700_630_000,
      },
      8_030_261_248,
    ],
    [
      'bitsandbytes 4 bit of Llama 3.1 8B',
      {
        quantization: { quant_method: 'bitsandbytes', load_in_4bit: true },
        parameters: { F32: 486_912, U8: 3_598_730_304, BF16: 1_050_939_392 },
        bytes: 5_702_600_000,
      },
      8_030_261_248,
    ],
    [
      'bitsandbytes 8 bit of Llama Guard 3',
      {
        quantization: { quant_method: 'bitsandbytes', load_in_8bit: true },
        parameters: { F32: 1_376_256, F16: 1_050_939_392, I8: 6_979_321_856 },
      },
      8_030_261_248,
    ],
    [
      'MLX 4 bit of Llama 3.2 1B',
      { quantization: { bits: 4 }, parameters: { BF16: 38_684_672, U32: 154_468_352 } },
      1_235_814_400,
    ],
    [
      'MXFP4 of gpt-oss-20b',
      { quantization: { quant_method: 'mxfp4' }, parameters: { BF16: 1_804_459_584, U8: 19_707_494_400 } },
      20_914_757_184,
    ],
  ])('unpacks %s within 0.2 %', (_, packed, expected) => {
    expect(Math.abs(parameters(packed) / expected - 1)).toBeLessThan(0.002);
  });

  it('counts the weights of a mixture that a token uses', () => {
    const mixtral = {
      num_local_experts: 8,
      num_experts_per_tok: 2,
      hidden_size: 4096,
      intermediate_size: 14_336,
      num_hidden_layers: 32,
    };
    const safetensors = { parameters: { BF16: 46_702_792_704 }, total: 46_702_792_704 };
    const { active } = llm('mixtral', 'MixtralForCausalLM', { configJson: mixtral, safetensors }).parameters;
    expect(active).toEqual({ value: 12_879_925_248, source: 'config' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LLM_FILES, modelOf } from '../testing/models.ts';

interface Repository {
  readonly counts: Readonly<Record<string, number>>;
  readonly quantization?: object;
  /** The bytes of model.safetensors. */
  readonly bytes?: number;
  readonly usedStorage?: number;
  readonly total?: number;
  readonly config?: object;
}

function parametersOf({ counts, quantization, bytes, usedStorage, total, config }: Repository) {
  const siblings = LLM_FILES.map((rfilename) => ({
    rfilename,
    ...(rfilename === 'model.safetensors' && bytes !== undefined ? { size: bytes } : {}),
  }));
  const found = modelOf(LLM_FILES, {
    siblings,
    pipeline_tag: 'text-generation',
    config: {
      model_type: 'llama',
      architectures: ['LlamaForCausalLM'],
      ...(quantization === undefined ? {} : { quantization_config: quantization }),
    },
    safetensors: { parameters: counts, ...(total === undefined ? {} : { total }) },
    ...(usedStorage === undefined ? {} : { usedStorage }),
    ...(config === undefined ? {} : { configJson: config }),
  }).parameters.total;
  return found === 'unknown' ? 'unknown' : found.value;
}

const GPTQ = { quant_method: 'gptq', bits: 4, group_size: 128 };
const MLX = { bits: 4, group_size: 64 };
const GROUP = { num_bits: 4, group_size: 128, type: 'int' };
const PACKED = {
  quant_method: 'compressed-tensors',
  format: 'pack-quantized',
  config_groups: { group_0: { weights: GROUP } },
};
const LLAMA_8B = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: 4096,
  num_hidden_layers: 32,
  intermediate_size: 14_336,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  vocab_size: 128_256,
  tie_word_embeddings: false,
};

describe('counts as the Hub lists them', () => {
  it.each<[string, Repository, number | 'unknown']>([
    [
      'are taken as they stand where the files are too small for them to be stored',
      { counts: { I32: 6_979_321_856, F16: 1_050_939_392 }, quantization: GPTQ, bytes: 5_735_000_000 },
      8_030_261_248,
    ],
    [
      'are unpacked where the files are as large as what is stored',
      { counts: { I32: 879_231_488, F16: 1_105_465_344 }, quantization: GPTQ, bytes: 5_727_856_640 },
      8_030_220_000,
    ],
    [
      'are unpacked where storage holds no more than what is stored',
      { counts: { I32: 879_231_488, F16: 1_105_465_344 }, quantization: GPTQ, usedStorage: 5_745_000_000 },
      8_030_220_000,
    ],
    [
      'are unknown where storage leaves both readings open',
      { counts: { I32: 879_231_488, F16: 1_105_465_344 }, quantization: GPTQ, usedStorage: 60_000_000_000 },
      'unknown',
    ],
    [
      'are taken as they stand where storage is too small for them to be stored',
      { counts: { U32: 7_000_000_000, BF16: 1_030_000_000 }, quantization: MLX, usedStorage: 6_100_000_000 },
      8_030_000_000,
    ],
    [
      'are taken as they stand where the scales of the stored form are missing',
      { counts: { U32: 7_000_000_000, BF16: 30_000_000 }, quantization: MLX },
      7_030_000_000,
    ],
    [
      'are unpacked where the floats are just the scales and biases',
      { counts: { U32: 1_000_000_000, BF16: 250_100_000 }, quantization: MLX },
      8_000_100_000,
    ],
    [
      'are unpacked where the total was counted by the author of the index',
      {
        counts: { U32: 875_000_000, BF16: 248_750_000 },
        quantization: MLX,
        total: 7_030_000_000,
      },
      7_030_000_000,
    ],
    [
      'are believed by the shape of a plain decoder where nothing else decides',
      {
        counts: { I32: 879_231_488, F16: 1_105_465_344 },
        config: { ...LLAMA_8B, quantization_config: GPTQ },
      },
      8_030_220_000,
    ],
    [
      'are unknown where files fit neither reading',
      { counts: { I32: 879_231_488, F16: 1_105_465_344 }, quantization: GPTQ, bytes: 2_000_000_000 },
      'unknown',
    ],
  ])('%s', (_, repository, expected) => {
    const found = parametersOf(repository);
    if (expected === 'unknown' || found === 'unknown') expect(found).toBe(expected);
    else expect(Math.abs(found / expected - 1)).toBeLessThan(0.002);
  });
});

describe('packed layouts', () => {
  it.each<[string, Repository, number | 'unknown']>([
    [
      'without a rule are unknown',
      { counts: { I32: 900_000_000, F16: 500_000_000 }, quantization: { quant_method: 'quark' } },
      'unknown',
    ],
    [
      'without a width are unknown',
      { counts: { I32: 900_000_000, F16: 500_000_000 }, quantization: { quant_method: 'gptq' } },
      'unknown',
    ],
    ['without a declaration are unknown', { counts: { U8: 16e9, BF16: 1_500_000_000 } }, 'unknown'],
    [
      'with masks beside whole floats are counted without the masks',
      { counts: { U8: 4_000_000, F16: 1_000_000_000 } },
      1_000_000_000,
    ],
    [
      'of ternary weights hold four to a byte',
      {
        counts: { U8: 500_000_000, BF16: 300_000_000 },
        quantization: { quant_method: 'bitnet' },
        bytes: 1_100_000_000,
      },
      2_300_000_000,
    ],
    [
      'of experts in fp4 hold two to a byte beside FP8',
      {
        counts: { I8: 10_000_000_000, F8_E4M3: 3_000_000_000, BF16: 1_000_000_000 },
        quantization: { quant_method: 'fp8' },
        bytes: 15_000_000_000,
        config: { model_type: 'x', expert_dtype: 'fp4', quantization_config: { quant_method: 'fp8' } },
      },
      24_000_000_000,
    ],
    [
      'of compressed-tensors are read by their group',
      { counts: { I32: 872_415_232, BF16: 1_105_465_344 }, quantization: PACKED, bytes: 5_700_600_000 },
      8_030_261_248,
    ],
    [
      'of two widths in one type are unknown',
      {
        counts: { I32: 872_415_232, BF16: 1_105_465_344 },
        quantization: {
          ...PACKED,
          config_groups: { a: { weights: GROUP }, b: { weights: { ...GROUP, num_bits: 8 } } },
        },
        bytes: 5_700_600_000,
      },
      'unknown',
    ],
    [
      'of mixed precision are read group by group, each with its own format',
      {
        counts: { U8: 2_000_000_000, F8_E4M3: 1_500_000_000, BF16: 1_000_000_000 },
        quantization: {
          quant_method: 'compressed-tensors',
          format: 'mixed-precision',
          config_groups: {
            a: { format: 'nvfp4-pack-quantized', weights: { num_bits: 4, group_size: 16, type: 'float' } },
            b: { format: 'float-quantized', weights: { num_bits: 8, type: 'float' } },
          },
        },
        bytes: 5_500_000_000,
      },
      // 4 billion in FP4, of whose scales 250 million are among the FP8; 1.25 billion in FP8; a billion plain.
      6_250_000_000,
    ],
    [
      'of mixed precision whose groups name no format are unknown',
      {
        counts: { U8: 2_000_000_000, F8_E4M3: 1_500_000_000, BF16: 1_000_000_000 },
        quantization: {
          quant_method: 'compressed-tensors',
          format: 'mixed-precision',
          config_groups: { a: { weights: { num_bits: 4 } } },
        },
      },
      'unknown',
    ],
  ])('%s', (_, repository, expected) => {
    const found = parametersOf(repository);
    if (expected === 'unknown' || found === 'unknown') expect(found).toBe(expected);
    else expect(Math.abs(found / expected - 1)).toBeLessThan(0.002);
  });

  it('never give more than a weight a bit', () => {
    const types = fc.constantFrom('I32', 'U32', 'U8', 'I8', 'I16', 'BF16', 'F16', 'F8_E4M3', 'I64', 'F4');
    const methods = fc.constantFrom(
      'gptq',
      'awq',
      'mlx',
      'exl3',
      'bitnet',
      'bitsandbytes',
      'mxfp4',
      'nvfp4',
      'fp8',
    );
    fc.assert(
      fc.property(
        fc.dictionary(types, fc.integer({ min: 0, max: 2e10 })),
        fc.record({
          quant_method: methods,
          bits: fc.integer({ min: -1, max: 40 }),
          group_size: fc.integer(),
        }),
        fc.integer({ min: 1, max: 4e10 }),
        (counts, quantization, bytes) => {
          const found = parametersOf({ counts, quantization, bytes });
          expect(found === 'unknown' || (Number.isSafeInteger(found) && found <= bytes * 8)).toBe(true);
        },
      ),
    );
  });
});

it.each([
  ['files that are no weights', { usedStorage: undefined }],
  ['storage of an earlier commit', { usedStorage: 9_000_000_000 }],
])('a header counts no more weights than %s could hold', (_, stored) => {
  const siblings = [
    { rfilename: 'README.md', size: 1_000 },
    { rfilename: 'model-q4_k_m.gguf', size: 134 },
  ];
  const gguf = { architecture: 'llama', total: 8_030_261_312 };
  const { parameters } = modelOf([], { siblings, gguf, ...stored });
  expect(parameters.total).toBe('unknown');
});

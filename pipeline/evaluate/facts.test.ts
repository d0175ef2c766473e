/**
 * Tests of verdicts by facts: which file to take, what a method's limits refuse, which files must be there.
 */
import { describe, expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { LLM_FILES, llm, modelOf } from '../testing/models.ts';
import { checkCompatibility } from './index.ts';

const workers = loadWorkers(WORKERS_GLOB);
const workerOf = (id: string) => {
  const worker = workers.find((one) => one.id === id);
  if (worker === undefined) throw new Error(`no worker ${id}`);
  return worker;
};
const judge = (id: string, model: Parameters<typeof checkCompatibility>[0]) =>
  checkCompatibility(model, workerOf(id));
const LLAMA = { gguf: { architecture: 'llama' } };

describe('the file to take', () => {
  it.each([
    [['m-UD-IQ1_M.gguf', 'm-UD-Q2_K_XL.gguf', 'm-UD-Q4_K_XL.gguf', 'm-BF16.gguf'], 'gguf:UD-Q4_K_XL'],
    [['m-F16.gguf', 'm-IQ3_M.gguf', 'm-Q8_0.gguf'], 'gguf:IQ3_M'],
    [['m-Q4_K_L.gguf', 'm-Q4_K_M.gguf', 'm-UD-Q4_K_XL.gguf'], 'gguf:Q4_K_M'],
    [['m-F32.gguf', 'm-F16.gguf'], 'gguf:F16'],
    [['m-q4.gguf', 'm-fp16.gguf'], 'gguf:Q4'],
  ])('of %j is %s', (files, expected) => {
    expect(judge('llama.cpp-cuda', modelOf(files, LLAMA)).recommendedVariant).toBe(expected);
  });

  it.each([
    [
      'is split',
      ['m-Q4_K_M-00001-of-00002.gguf', 'm-Q4_K_M-00002-of-00002.gguf', 'm-Q8_0.gguf'],
      'Q4_K_M is nearer to the usual balance of size and quality, but it is split into several files, which rbee LLM worker cannot load.',
    ],
    [
      'is incomplete',
      ['m-Q4_K_M-00001-of-00002.gguf', 'm-Q8_0.gguf'],
      'Q4_K_M is nearer to the usual balance of size and quality, but some of its files are, or may be, missing.',
    ],
    [
      'is of a type that is not read',
      ['m-IQ4_NL.gguf', 'm-Q8_0.gguf'],
      'IQ4_NL is nearer to the usual balance of size and quality, but rbee LLM worker does not read it.',
    ],
  ])('says so where the usual one %s', (_, files, sentence) => {
    const verdict = judge('llm-worker-rbee-cpu', modelOf(files, LLAMA));
    expect(verdict.recommendedVariant).toBe('gguf:Q8_0');
    expect(verdict.recommendations).toContain(sentence);
  });
});

const quantized = (quantization: object) =>
  llm('qwen3', 'Qwen3ForCausalLM', {
    config: { model_type: 'qwen3', architectures: ['Qwen3ForCausalLM'], quantization_config: quantization },
    configJson: {
      model_type: 'qwen3',
      architectures: ['Qwen3ForCausalLM'],
      quantization_config: quantization,
    },
    safetensors: undefined,
  });
const compressed = (format: string, weights: object) =>
  quantized({ quant_method: 'compressed-tensors', format, config_groups: { a: { weights } } });

describe('limits of a method', () => {
  it.each([
    ['MLX of 4 bits', quantized({ bits: 4, group_size: 64 }), 'compatible'],
    ['MLX of 1 bit', quantized({ bits: 1, group_size: 128 }), 'incompatible'],
    ['GPTQ of 8 bits', quantized({ quant_method: 'gptq', bits: 8 }), 'incompatible'],
    [
      'GPTQ with an order of activations',
      quantized({ quant_method: 'gptq', bits: 4, desc_act: true }),
      'incompatible',
    ],
    [
      'GPTQ whose tensors were not read',
      quantized({ quant_method: 'gptq', bits: 4, desc_act: false }),
      'unknown',
    ],
    ['FP8 in a container', compressed('float-quantized', { num_bits: 8, type: 'float' }), 'incompatible'],
    ['8 bits in a container', compressed('pack-quantized', { num_bits: 8 }), 'incompatible'],
    [
      '4 bits in groups of 128',
      compressed('pack-quantized', { num_bits: 4, group_size: 128 }),
      'incompatible',
    ],
    ['4 bits in groups of 32', compressed('pack-quantized', { num_bits: 4, group_size: 32 }), 'compatible'],
    ['a container that was not read', quantized({ quant_method: 'compressed-tensors' }), 'unknown'],
  ])('make MLX LM judge %s', (_, model, status) => {
    expect(judge('mlx-lm-metal', model).status).toBe(status);
  });
});

describe('one of several files', () => {
  it.each([
    [['config.json', 'model.safetensors'], 'incompatible'],
    [['config.json', 'model.safetensors', 'tokenizer.model'], 'compatible'],
    [['config.json', 'model.safetensors', 'qwen.tiktoken'], 'compatible'],
    [['config.json', 'model.safetensors', 'tokenization_x.py'], 'compatible'],
  ])('makes vLLM judge %j', (files, status) => {
    const siblings = files.map((rfilename) => ({ rfilename }));
    expect(judge('vllm-cuda', llm('llama', 'LlamaForCausalLM', { siblings })).status).toBe(status);
  });
});

describe('graphs that are opened by name', () => {
  const onnx = (files: readonly string[], rest: object = {}) =>
    modelOf(['config.json', ...files], {
      pipeline_tag: 'text-generation',
      config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
      ...rest,
    });
  const twoData = {
    configJson: { 'transformers.js_config': { use_external_data_format: { 'model_q4.onnx': 2 } } },
  };
  it.each([
    ['a whole model', onnx(['onnx/model_q4.onnx']), 'compatible'],
    ['the decoder of version 2', onnx(['onnx/decoder_model_merged.onnx']), 'incompatible'],
    ['a graph elsewhere', onnx(['gpu/model.onnx', 'gpu/model.onnx.data']), 'incompatible'],
    ['data that nobody counted', onnx(['onnx/model_q4.onnx', 'onnx/model_q4.onnx_data']), 'unknown'],
    [
      'all data',
      onnx(['onnx/model_q4.onnx', 'onnx/model_q4.onnx_data', 'onnx/model_q4.onnx_data_1'], twoData),
      'compatible',
    ],
    ['a part of the data', onnx(['onnx/model_q4.onnx', 'onnx/model_q4.onnx_data'], twoData), 'incompatible'],
  ])('make Transformers.js judge %s', (_, model, status) => {
    expect(judge('transformers.js-webgpu', model).status).toBe(status);
  });
});

describe('names', () => {
  it('of all classes are looked through by an engine that takes the first it knows', () => {
    const model = llm('llama', 'AcmeLlamaForCausalLM', {
      config: { model_type: 'llama', architectures: ['AcmeLlamaForCausalLM', 'LlamaForCausalLM'] },
    });
    expect(judge('vllm-cuda', model)).toMatchObject({ status: 'compatible' });
    expect(judge('exllamav3-cuda', model)).toMatchObject({ status: 'incompatible' });
  });

  it.each([
    ['its config.json does not name it', { configJson: { max_position_embeddings: 2048, hidden_size: 64 } }],
    ['the Hub does not name it, and its config.json was not read', {}],
  ])('that are missing are explained: %s', (words, rest) => {
    const model = modelOf([...LLM_FILES], { pipeline_tag: 'text-generation', ...rest });
    expect(judge('vllm-cuda', model).reasons.join(' ')).toContain(words);
  });

  it('of a header that the listing lacks are not said to be unreadable', () => {
    const model = modelOf(['m-Q4_0.gguf'], { pipeline_tag: 'text-generation' });
    expect(judge('llama.cpp-cuda', model).reasons.join(' ')).toContain('the Hub does not show the header');
  });
});

describe('a mixture under the GGUF architecture llama', () => {
  const copy = (id: string) =>
    modelOf(['m.Q4_K_M.gguf'], {
      pipeline_tag: 'text-generation',
      gguf: { architecture: 'llama', total: 46_702_792_704 },
      baseModels: { relation: 'quantized', models: [{ id }] },
    });
  it.each([
    ['mistralai/Mixtral-8x7B-Instruct-v0.1', 'unknown', 'mistral'],
    ['mistralai/Mistral-7B-Instruct-v0.2', 'compatible', 'mistral'],
    ['meta-llama/Llama-3.1-8B', 'compatible', 'llama'],
  ])('is known by its base %s', (id, status, family) => {
    expect(judge('llm-worker-rbee-cpu', copy(id)).status).toBe(status);
    expect(copy(id).architecture).toMatchObject({ value: family });
  });

  it('has the active weights of its base', () => {
    expect(copy('mistralai/Mixtral-8x7B-v0.1').parameters.active).toEqual({
      value: 12_879_925_248,
      source: 'base-model',
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { MemoryRule } from '../data/worker.ts';
import { loadWorkers } from '../data/workers.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { LLM_FILES, llm, modelOf } from '../testing/models.ts';
import { estimateMemory, type SizingWorker } from './memory.ts';
import { DEVICE_GB, usableBytes } from './memory-device.ts';

const workers = new Map(loadWorkers(WORKERS_GLOB).map((worker) => [worker.id, worker]));
const workerOf = (id: string): SizingWorker => {
  const worker = workers.get(id);
  if (worker === undefined) throw new Error(`no worker ${id}`);
  return worker;
};
const RULE: MemoryRule = {
  overheadBytes: 0,
  cache: { window: 'window', latent: 'latent', batchTokens: 2048, exceptions: [] },
};
const by = (memory: MemoryRule, backend: SizingWorker['backend'] = 'cuda'): SizingWorker => ({
  backend,
  memory,
});

describe('the cache, at two bytes a number', () => {
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
  ])('of %s', (_, config, contextLength, gib) => {
    const model = llm('x', 'XForCausalLM', {
      configJson: { max_position_embeddings: 131_072, ...config },
    });
    const { cacheBytes } = estimateMemory(model, by(RULE), { contextLength });
    expect(Math.abs(Number(cacheBytes) / 2 ** 30 / gib - 1)).toBeLessThan(0.02);
  });

  it('ignores a window that is switched off (Qwen2.5)', () => {
    const configJson = {
      num_hidden_layers: 2,
      num_attention_heads: 2,
      hidden_size: 8,
      sliding_window: 4,
      use_sliding_window: false,
    };
    const model = llm('x', 'XForCausalLM', { configJson });
    expect(estimateMemory(model, by(RULE), { contextLength: 1000 }).cacheBytes).toBe(2 * 16 * 1000 * 2);
  });

  it('is counted up to the context of the model', () => {
    const configJson = {
      num_hidden_layers: 1,
      num_attention_heads: 1,
      hidden_size: 1,
      max_position_embeddings: 100,
    };
    const model = llm('x', 'XForCausalLM', { configJson });
    const memory = estimateMemory(model, by(RULE), { contextLength: 4096 });
    expect([memory.contextLength, memory.cacheBytes]).toEqual([100, 400]);
  });
});

const TINY = {
  num_hidden_layers: 22,
  num_attention_heads: 32,
  num_key_value_heads: 4,
  hidden_size: 2048,
  max_position_embeddings: 2048,
};

describe('the weights', () => {
  const f32 = { safetensors: { parameters: { F32: 1_000_000_000 }, total: 1_000_000_000 } };

  it('are four bytes a parameter where the worker loads 32-bit floats', () => {
    const model = llm('llama', 'LlamaForCausalLM', { configJson: TINY });
    const memory = estimateMemory(model, by({ ...RULE, bytesPerParameter: 4 }));
    expect(memory).toMatchObject({
      weightBytes: 4 * 1_100_048_384,
      grade: 'exact',
      from: { weights: 'parameters', cache: 'config' },
    });
  });

  it('in 32 bits are shortened where the worker loads them in 16', () => {
    const model = llm('gpt2', 'GPT2LMHeadModel', f32);
    expect(estimateMemory(model, by({ ...RULE, mostBytesPerParameter: 2 })).weightBytes).toBe(2e9);
    expect(estimateMemory(model, by(RULE)).weightBytes).toBe(4e9);
  });

  it('of GGUF are the bytes of the files, else parameters by the bits of the label, else unknown', () => {
    const gguf = (size: number | undefined, total: number | undefined) => {
      const siblings = [{ rfilename: 'm-Q4_K_M.gguf', ...(size === undefined ? {} : { size }) }];
      const header = { architecture: 'mamba', ...(total === undefined ? {} : { total }) };
      const model = modelOf(LLM_FILES, { siblings, gguf: header });
      return estimateMemory(model, by({ ...RULE, bytesPerParameter: 4 }));
    };
    expect(gguf(5e9, 8e9)).toMatchObject({ weightBytes: 5e9, grade: 'at least', from: { weights: 'files' } });
    const { weightBytes, from } = gguf(undefined, 8e9);
    expect([Math.round((Number(weightBytes) * 8) / 8e8) / 10, from.weights]).toEqual([
      4.9,
      'bits of the label',
    ]);
    expect(gguf(undefined, undefined)).toMatchObject({ totalBytes: 'unknown', grade: 'unknown' });
  });

  it('are sized by the id of a variant alone, where no list of files is kept', () => {
    const model = { ...llm('llama', 'LlamaForCausalLM', { configJson: TINY }), variants: [] };
    expect(estimateMemory(model, by(RULE), { variant: 'safetensors:BF16' })).toMatchObject({
      weightBytes: 2 * 1_100_048_384,
      grade: 'exact',
    });
    const bitsPerWeight = new Map([['Q8_0', 8.5]]);
    expect(estimateMemory(model, by(RULE), { variant: 'gguf:UD-Q8_0#2', bitsPerWeight })).toMatchObject({
      weightBytes: Math.round((1_100_048_384 * 8.5) / 8),
      grade: 'estimate',
    });
    expect(estimateMemory(model, by(RULE), { variant: 'safetensors:awq' }).grade).toBe('unknown');
  });
});

describe('models without a key-value cache', () => {
  const pipeline = (name: string) =>
    modelOf([], {
      library_name: 'diffusers',
      config: { diffusers: { _class_name: name } },
      siblings: [
        { rfilename: 'model_index.json', size: 1 },
        { rfilename: 'unet/diffusion_pytorch_model.fp16.safetensors', size: 5_135_149_760 },
        { rfilename: 'vae/diffusion_pytorch_model.fp16.safetensors', size: 167_335_342 },
      ],
    });

  it('take the weights of all components and the working memory that the worker states for their class', () => {
    const memory = estimateMemory(pipeline('StableDiffusionXLPipeline'), workerOf('diffusers-cpu'));
    expect(memory).toMatchObject({
      weightBytes: 5_135_149_760 + 167_335_342,
      cacheBytes: 0,
      overheadBytes: 2_680_000_000,
      grade: 'estimate',
      from: { cache: 'no cache', working: 'pipeline class' },
    });
  });

  it('say at least where no working memory is stated', () => {
    const memory = estimateMemory(pipeline('SomeNewPipeline'), workerOf('diffusers-cpu'));
    expect(memory).toMatchObject({ overheadBytes: 0, grade: 'at least', from: { working: 'unknown' } });
  });
});

it('refuses a context that is none, and a variant that the model lacks', () => {
  const model = llm('llama', 'LlamaForCausalLM', { configJson: TINY });
  for (const contextLength of [0, -1, 1.5, Number.NaN])
    expect(() => estimateMemory(model, by(RULE), { contextLength })).toThrow('options.contextLength');
  expect(() => estimateMemory(model, by(RULE), { variant: 'gguf:Q4_K_M' })).toThrow(
    'it has safetensors:BF16',
  );
});

describe('a worker', () => {
  it('adds its overhead, and what a loader makes for each layer', () => {
    const attention = {
      source: 'config',
      groups: [{ layers: 26, cache: 'full', elementsPerToken: 512 }],
    } as const;
    const gemma = modelOf([], {
      gguf: { architecture: 'gemma3', total: 1e9 },
      siblings: [{ rfilename: 'm-Q8_0.gguf', size: 1e9 }],
    });
    const memory = estimateMemory({ ...gemma, attention }, workerOf('llm-worker-rbee-cuda'));
    expect(memory.overheadBytes).toBe(429_496_729 + 26 * 134_217_728);
    expect(memory.totalBytes).toBe(1e9 + 4 * 26 * 512 * 8192 + memory.overheadBytes);
  });

  it('takes other numbers on some backends', () => {
    expect(workerOf('llama.cpp-cpu').memory.overheadBytes).toBeLessThan(
      workerOf('llama.cpp-cuda').memory.overheadBytes,
    );
    expect(workerOf('sd-worker-rbee-cpu').memory.bytesPerParameter).toBe(4);
    expect(workerOf('sd-worker-rbee-cuda').memory.bytesPerParameter).toBe(2);
  });

  it('of every program states its rule', () => {
    const without = [...workers.values()].filter(({ memory }) => memory.weightsMayStayOnCpu === undefined);
    expect(without.map(({ id }) => id)).toEqual([]);
  });
});

describe('fits', () => {
  const sized = (bytes: number, worker = by({ ...RULE })) => {
    const attention = { source: 'config', groups: [] } as const;
    const model = modelOf([], {
      gguf: { architecture: 'llama' },
      siblings: [{ rfilename: 'm-Q8_0.gguf', size: bytes }],
    });
    return estimateMemory({ ...model, attention }, worker);
  };

  it('leaves 1 GB of a device to its system', () => {
    expect(sized(31.4e9).fits(32)).toBe(false);
    expect(sized(11e9).fits(12)).toBe(true);
    expect(sized(11e9 + 1).fits(12)).toBe(false);
  });

  it('keeps to what Metal and what the worker claim at the most', () => {
    expect(usableBytes(24, by(RULE, 'metal'))).toBe(16e9);
    expect(usableBytes(64, by(RULE, 'metal'))).toBe(48e9);
    expect(usableBytes(24, by({ ...RULE, usableShare: 0.9 }))).toBe(21.6e9);
    expect(usableBytes(8, by({ ...RULE, usableShare: 0.99 }))).toBe(7e9);
  });

  it('is never less on a larger device', () => {
    for (const worker of workers.values()) {
      const usable = DEVICE_GB.map((gb) => usableBytes(gb, worker));
      expect(usable).toEqual([...usable].sort((a, b) => a - b));
    }
  });
});

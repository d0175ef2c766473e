import { describe, expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { LLM_FILES, llm, modelOf } from '../testing/models.ts';
import { checkCompatibility } from './index.ts';

const workers = loadWorkers(WORKERS_GLOB);
const unlockedBy = (model: ReturnType<typeof modelOf>, id = 'llm-worker-rbee-cpu') => {
  const worker = workers.find((one) => one.id === id);
  if (worker === undefined) throw new Error(`no worker ${id}`);
  return checkCompatibility(model, worker).unlockedBy;
};
const llama = {
  pipeline_tag: 'text-generation',
  config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
};

describe('unlockedBy', () => {
  it('names the one capability that is missing', () => {
    expect(unlockedBy(llm('qwen3', 'Qwen3ForCausalLM'))).toEqual(['model_type:qwen3']);
    expect(unlockedBy(modelOf(['m-Q4_0.gguf'], { gguf: { architecture: 'qwen3' } }))).toEqual(['gguf:qwen3']);
    const gguf = { gguf: { architecture: 'llama' } };
    expect(unlockedBy(modelOf(['m-IQ2_M.gguf', 'm-IQ4_XS.gguf'], gguf))).toEqual([
      'quantization:IQ2_M',
      'quantization:IQ4_XS',
    ]);
    expect(unlockedBy(modelOf(['m-Q8_0-00001-of-00002.gguf', 'm-Q8_0-00002-of-00002.gguf'], gguf))).toEqual([
      'split:gguf',
    ]);
    expect(unlockedBy(modelOf(['config.json', 'tokenizer.json', 'pytorch_model.bin'], llama))).toEqual([
      'format:pytorch',
    ]);
    const silent = { ...llama, safetensors: { parameters: { BF16: 7e9 } } };
    expect(unlockedBy(modelOf(['config.json', 'model.safetensors'], silent))).toEqual([
      'without:tokenizer.json',
    ]);
    const sdxl = {
      pipeline_tag: 'text-to-image',
      config: { diffusers: { _class_name: 'StableDiffusionXLPipeline' } },
    };
    expect(
      unlockedBy(modelOf(['model_index.json', 'unet/m.safetensors'], sdxl), 'sd-worker-rbee-cpu'),
    ).toEqual(['pipeline:StableDiffusionXLPipeline']);
  });

  it('names none where two things are missing, a fact is, or nothing', () => {
    expect(
      unlockedBy(llm('qwen3', 'Qwen3ForCausalLM', { safetensors: { parameters: { F8_E4M3: 7e9 } } })),
    ).toEqual([]);
    expect(
      unlockedBy(
        modelOf(['config.json', 'pytorch_model.bin'], { ...llama, config: { model_type: 'qwen3' } }),
      ),
    ).toEqual([]);
    expect(unlockedBy(modelOf(LLM_FILES, { gated: 'manual', pipeline_tag: 'text-generation' }))).toEqual([]);
    expect(unlockedBy(llm('llama', 'LlamaForCausalLM'))).toEqual([]);
  });
});

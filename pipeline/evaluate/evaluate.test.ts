import { describe, expect, it } from 'vitest';
import type { Worker } from '../data/worker.ts';
import { loadWorkers } from '../data/workers.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { LLM_FILES, llm, modelOf } from '../testing/models.ts';
import { checkCompatibility } from './index.ts';

const workers = loadWorkers(WORKERS_GLOB);
const worker = (id: string): Worker => {
  const found = workers.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no worker ${id}`);
  return found;
};
const cpu = worker('llm-worker-rbee-cpu');
const judge = (model: ReturnType<typeof modelOf>, on = cpu) => checkCompatibility(model, on);

describe('checkCompatibility', () => {
  it('says high where a model of the family, in the format, was run on the backend', () => {
    const verdict = judge(llm('llama', 'LlamaForCausalLM'));
    expect(verdict).toMatchObject({
      status: 'compatible',
      confidence: 'high',
      reasonCodes: ['run_verified'],
    });
    expect(verdict.variants).toEqual(['safetensors:BF16']);
  });

  it('says medium where support is declared, low where nothing ran or an issue is reported', () => {
    expect(judge(llm('phi', 'PhiForCausalLM')).confidence).toBe('medium');
    expect(judge(llm('phi', 'PhiForCausalLM'), worker('llm-worker-rbee-rocm')).confidence).toBe('low');
    const mistral = judge(llm('mistral', 'MistralForCausalLM'));
    expect(mistral.confidence).toBe('low');
    expect(mistral.warnings[0]).toMatch(
      /^A defect is reported, but not confirmed: every request resets the cache/,
    );
  });

  it('falls back to a baseline by family for a worker without evidence', () => {
    const { evidence: _, ...bare } = { ...cpu, knownIssues: [] };
    const confidence = (type: string) => judge(llm(type, 'XForCausalLM'), bare).confidence;
    expect(['llama', 'mistral', 'qwen2', 'gemma'].map(confidence)).toEqual([
      'high',
      'medium',
      'medium',
      'medium',
    ]);
  });

  it('turns a confirmed issue of this version into a refusal, and ignores those of others', () => {
    const issue = { id: 'x', status: 'confirmed', summary: 'It crashes.' } as const;
    const broken = (version: string) => ({ ...cpu, knownIssues: [{ ...issue, version }] });
    expect(judge(llm('phi', 'PhiForCausalLM'), broken('0.1.0'))).toMatchObject({
      status: 'incompatible',
      reasonCodes: ['known_issue'],
    });
    expect(judge(llm('phi', 'PhiForCausalLM'), broken('0.0.9')).compatible).toBe(true);
  });

  it('names the first failing rule first and the others after it', () => {
    const adapter = modelOf(['adapter_config.json', 'adapter_model.bin'], {
      disabled: true,
      pipeline_tag: 'text-classification',
    });
    expect(judge(adapter).reasonCodes).toEqual([
      'repo_disabled',
      'kind_unsupported',
      'task_unsupported',
      'format_unsupported',
    ]);
    const qwen3 = modelOf(['config.json', 'model.safetensors'], {
      config: {
        model_type: 'qwen3',
        architectures: ['Qwen3ForCausalLM'],
        quantization_config: { quant_method: 'awq' },
      },
    });
    expect(judge(qwen3).reasonCodes).toEqual([
      'architecture_unsupported',
      'quantization_unsupported',
      'file_missing',
    ]);
  });

  it('says unknown where a needed fact is missing, and refuses where another fact is enough', () => {
    const gated = { gated: 'manual', pipeline_tag: 'text-generation' };
    expect(judge(modelOf(LLM_FILES, gated))).toMatchObject({ status: 'unknown', confidence: 'none' });
    expect(judge(modelOf(LLM_FILES, gated)).reasonCodes).toContain('config_gated');
    expect(judge(modelOf(['config.json', 'model.safetensors'], gated))).toMatchObject({
      status: 'incompatible',
      reasonCodes: ['file_missing'],
    });
    expect(judge(modelOf(['m-Q4_0.gguf'], { pipeline_tag: 'text-generation' })).reasonCodes).toEqual([
      'architecture_unknown',
    ]);
    expect(judge(modelOf([], { siblings: undefined, pipeline_tag: 'text-generation' })).reasonCodes).toEqual([
      'files_unknown',
    ]);
  });

  it('does not take the silence of a config for unquantized weights', () => {
    const silent = llm('llama', 'LlamaForCausalLM', { safetensors: undefined });
    expect(judge(silent)).toMatchObject({ status: 'unknown', reasonCodes: ['quantization_unknown'] });
  });

  it('does not run a model whose config.json could not be read, though its listing says llama', () => {
    for (const rest of [
      { configJson: '<html>' },
      { configJson: [1] },
      { configProblem: 'it redirects to another host' },
    ]) {
      expect(judge(llm('llama', 'LlamaForCausalLM', rest))).toMatchObject({
        status: 'unknown',
        reasonCodes: ['config_unreadable'],
      });
    }
  });

  it('does not believe names that contradict each other', () => {
    const configs = [
      { architectures: ['LlamaForCausalLM'], model_type: 'mistral' },
      { architectures: ['LlamaForSequenceClassification'], model_type: 'llama' },
    ];
    for (const configJson of configs) {
      const verdict = judge(llm('llama', 'LlamaForCausalLM', { configJson }));
      expect(verdict).toMatchObject({ status: 'unknown', reasonCodes: ['kind_unknown'] });
    }
    expect(judge(llm('llama', 'MambaForCausalLM')).compatible).toBe(false);
  });

  it('takes a GGUF that the listing calls an adapter for one, unless a K-quant proves a model', () => {
    const adapter = {
      gguf: { architecture: 'llama', total: 2e7 },
      baseModels: { relation: 'adapter', models: [] },
    };
    expect(judge(modelOf(['MyAdapter-f16.gguf'], adapter)).reasonCodes).toContain('kind_unsupported');
    expect(judge(modelOf(['m-Q4_K_M.gguf'], adapter)).compatible).toBe(true);
  });

  it('judges GGUF file by file', () => {
    const gguf = { gguf: { architecture: 'llama' } };
    const mixed = judge(
      modelOf(
        ['m-IQ2_M.gguf', 'm-Q4_K_M.gguf', 'm-Q8_0-00001-of-00002.gguf', 'm-Q8_0-00002-of-00002.gguf'],
        gguf,
      ),
    );
    expect(mixed).toMatchObject({
      status: 'compatible',
      variants: ['gguf:Q4_K_M'],
      recommendedVariant: 'gguf:Q4_K_M',
    });
    expect(judge(modelOf(['m-IQ2_M.gguf'], gguf)).reasonCodes).toEqual(['quantization_unsupported']);
    expect(
      judge(modelOf(['m-Q4_0-00001-of-00002.gguf', 'm-Q4_0-00002-of-00002.gguf'], gguf)).reasonCodes,
    ).toEqual(['split_weights_unsupported']);
    expect(judge(modelOf(['m-q2.gguf'], gguf)).reasonCodes).toEqual(['quantization_unknown']);
    expect(judge(modelOf(['m-Q4_0.gguf'], { gguf: { architecture: 'phi2' } })).reasonCodes).toEqual([
      'architecture_unsupported',
    ]);
  });

  it('does not let one bad container sink a good one', () => {
    const both = llm('gemma', 'GemmaForCausalLM', {
      siblings: [...LLM_FILES, 'gemma-2b.gguf'].map((rfilename) => ({ rfilename })),
      gguf: { architecture: 'gemma' },
    });
    expect(judge(both)).toMatchObject({ compatible: true, variants: ['safetensors:BF16'] });
  });

  it('warns of gates and of contexts beyond the worker, and refuses neither', () => {
    const verdict = judge(
      llm('llama', 'LlamaForCausalLM', { gated: 'manual', configJson: { max_position_embeddings: 131_072 } }),
    );
    expect(verdict.compatible).toBe(true);
    expect(verdict.warnings).toEqual([
      'This repository is gated: ask its owner on the Hub for access before downloading.',
      'The model has a context of 131072 tokens; this worker supports at most 32768.',
    ]);
    expect(verdict.recommendations).toEqual(['Keep the prompt and the answer together within 32768 tokens.']);
  });

  it('lets the image worker load the repositories on its list and no other', () => {
    const pipeline = {
      pipeline_tag: 'text-to-image',
      config: { diffusers: { _class_name: 'StableDiffusionXLPipeline' } },
    };
    const files = ['model_index.json', 'unet/model.safetensors'];
    const sd = worker('sd-worker-rbee-cuda');
    expect(judge(modelOf(files, { ...pipeline, id: 'stabilityai/sdxl-turbo' }), sd).compatible).toBe(true);
    expect(judge(modelOf(files, { ...pipeline, id: 'SG161222/RealVisXL_V4.0' }), sd).reasonCodes).toEqual([
      'repo_not_listed',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { llm, modelOf } from '../testing/models.ts';

const kind = (model: ReturnType<typeof modelOf>) => (model.kind === 'unknown' ? 'unknown' : model.kind.value);

describe('readKind', () => {
  it('takes a causal language model with weights for a model', () => {
    expect(kind(llm('llama', 'LlamaForCausalLM'))).toBe('model');
    expect(kind(llm('chatglm', 'ChatGLMModel'))).toBe('model');
  });

  it('tells adapters by their files, unless merged weights lie beside them', () => {
    expect(kind(modelOf(['adapter_config.json', 'adapter_model.safetensors']))).toBe('adapter');
    const merged = ['adapter_config.json', 'adapter_model.safetensors', 'config.json', 'pytorch_model.bin'];
    expect(kind(modelOf(merged, { config: { architectures: ['LlamaForCausalLM'] } }))).toBe('model');
    // nerijs/pixel-art-xl
    expect(
      kind(modelOf(['pixel-art-xl.safetensors'], { baseModels: { relation: 'adapter', models: [] } })),
    ).toBe('adapter');
  });

  it('tells draft heads by class, by config and by shape', () => {
    expect(kind(llm('llama', 'LlamaForCausalLMEagle3'))).toBe('draft');
    expect(kind(modelOf(['config.json', 'pytorch_model.bin'], { configJson: { medusa_num_heads: 3 } }))).toBe(
      'draft',
    );
    const shape = { num_hidden_layers: 1, hidden_size: 4096 };
    expect(kind(llm('llama', 'LlamaForCausalLM', { configJson: shape }))).toBe('draft');
  });

  it.each(['sentence-similarity', 'feature-extraction'])(
    'believes the task %s against a causal class',
    (task) => {
      expect(kind(llm('qwen2', 'Qwen2ForCausalLM', { pipeline_tag: task }))).toBe('embedding');
    },
  );

  it('tells embedders by layout and by a class without a head', () => {
    expect(kind(modelOf(['modules.json', 'config.json', 'model.safetensors']))).toBe('embedding');
    expect(kind(llm('mistral', 'MistralModel'))).toBe('embedding');
    expect(kind(modelOf(['m-Q8_0.gguf'], { gguf: { architecture: 'nomic-bert' } }))).toBe('embedding');
  });

  it('tells rerankers, rewards and classifiers apart', () => {
    expect(kind(llm('qwen3', 'Qwen3ForCausalLM', { pipeline_tag: 'text-ranking' }))).toBe('reranker');
    const head = (configJson: object) => kind(llm('llama', 'LlamaForSequenceClassification', { configJson }));
    expect(head({ id2label: { 0: 'LABEL_0' } })).toBe('reward');
    expect(head({ id2label: { 0: 'no', 1: 'yes' } })).toBe('classifier');
    expect(kind(llm('internlm2', 'InternLM2ForRewardModel'))).toBe('reward');
  });

  it('tells wrappers and sequence-to-sequence models from generators', () => {
    expect(kind(llm('t5', 'T5ForConditionalGeneration'))).toBe('encoder-decoder');
    expect(kind(llm('qwen2_5_vl', 'Qwen2_5_VLForConditionalGeneration'))).toBe('vision-language');
    expect(kind(llm('new_vl', 'NewThingForCausalLM', { configJson: { vision_config: {} } }))).toBe(
      'vision-language',
    );
    expect(kind(llm('bart', 'BartModel', { pipeline_tag: 'feature-extraction' }))).toBe('encoder-decoder');
    expect(kind(llm('bert', 'BertForMaskedLM'))).toBe('other');
    expect(kind(llm('whisper', 'WhisperForConditionalGeneration'))).toBe('other');
  });

  it('tells pipelines from components', () => {
    expect(kind(modelOf(['model_index.json', 'unet/model.safetensors']))).toBe('diffusion-pipeline');
    const controlNet = { config: { diffusers: { _class_name: 'ControlNetModel' } } };
    expect(kind(modelOf(['config.json', 'diffusion_pytorch_model.safetensors'], controlNet))).toBe(
      'component',
    );
    expect(kind(modelOf(['flux1-dev-Q4_0.gguf'], { gguf: { architecture: 'flux' } }))).toBe('component');
  });

  it('tells test stubs by their size', () => {
    const tiny = { safetensors: { parameters: { F32: 1_032_272 }, total: 1_032_272 } };
    expect(kind(llm('llama', 'LlamaForCausalLM', tiny))).toBe('stub');
    expect(kind(llm('gemma', 'GemmaForCausalLM', { configJson: { hidden_size: 32 } }))).toBe('stub');
  });

  it('does not guess', () => {
    expect(kind(modelOf(['config.json', 'model.safetensors']))).toBe('unknown');
    expect(kind(modelOf(['config.json', 'model.safetensors'], { pipeline_tag: 'translation' }))).toBe(
      'unknown',
    );
    expect(kind(modelOf(['m-Q4_0.gguf'], { gguf: { architecture: 'never-heard-of' } }))).toBe('unknown');
  });
});

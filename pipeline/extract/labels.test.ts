import { describe, expect, it } from 'vitest';
import { tables } from '../testing/models.ts';
import { readLabel, UNCLEAR } from './labels.ts';

const label = (base: string) => readLabel(base, tables.labels);

describe('readLabel', () => {
  it.each([
    ['tinyllama-1.1b-chat-v1.0.Q4_K_M', 'Q4_K_M'],
    ['qwen2.5-7b-instruct-q3_k_m', 'Q3_K_M'],
    ['Meta-Llama-3.1-8B-Instruct-f32', 'F32'],
    ['Phi-3-mini-4k-instruct-fp16', 'F16'],
    ['Llama-3.2-3B-Instruct-Q4_0_4_4', 'Q4_0_4_4'],
    ['Llama-3.2-3B-Instruct-Q4_K_L', 'Q4_K_L'],
    ['gemma-3-4b-it-UD-Q4_K_XL', 'UD-Q4_K_XL'],
    ['Hermes-3-Llama-3.1-8B.i1-IQ2_XXS', 'IQ2_XXS'],
    ['mistral-7b-instruct-v0.3-iq4_nl-imat', 'IQ4_NL'],
    ['ggml-model-i2_s', 'I2_S'],
    ['Fimbulvetr-11B-fp16.Q6_K', 'Q6_K'],
    ['Sparse-Llama-3.1-8B-2of4.Q8_0', 'Q8_0'],
    ['gpt-oss-20b-mxfp4', 'MXFP4'],
    ['DeepSeek-V3.1-IQ1_KT', 'IQ1_KT'],
    ['ggml-model-Q3_K', 'Q3_K_M'],
    ['bitnet-TQ2_0', 'TQ2_0'],
    ['Llama-3-8B-TKK-Elite.Q2_K.f32', 'Q2_K'],
    ['Qwen3-30B-MXFP4_MOE_BF16', 'MXFP4_MOE'],
    ['Muse-Glimmer-Q8_0-embd-bf16', 'Q8_0'],
    ['gemma-Q4_K_XL_MTP', 'Q4_K_XL'],
    ['model.Q8_0_L', 'Q8_0_L'],
    ['SmallThinker-21BA3B.Q4_K.imatrix', 'Q4_K_M'],
    ['Phi-3-mini-4k-instruct-q4', 'Q4'],
    ['Llama-3.1-8B-Uncensored_V2_Q8', 'Q8'],
    ['qwen1_5-7b-chat.q6', 'Q6'],
    ['Q3.5-9B-Opus-DA-BF16', 'BF16'],
  ])('reads %s as %s', (base, expected) => {
    expect(label(base)).toBe(expected);
  });

  it.each(['Qwen3-Coder-Next-APEX-Quality', 'Kimi-K2.6-Q4_X', 'model', 'Q2_K_MIXED', 'Qwen-Q4_K_Gv2', ''])(
    'does not guess at %s',
    (base) => {
      expect([undefined, UNCLEAR]).toContain(label(base));
    },
  );

  it('reads every label of the table back from a file name, in any case', () => {
    for (const canonical of new Set(tables.labels.values())) {
      expect(label(`some-model-7B-${canonical}`)).toBe(canonical);
      expect(label(`some_model.${canonical.toLowerCase()}`)).toBe(canonical);
      expect(label(`UD-${canonical}`)).toBe(`UD-${canonical}`);
    }
  });
});

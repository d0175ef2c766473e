import { describe, expect, it } from 'vitest';
import type { Evidence, Worker } from '../data/worker.ts';
import { loadWorkers } from '../data/workers.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { llm, modelOf } from '../testing/models.ts';
import { checkCompatibility } from './index.ts';

const workers = loadWorkers(WORKERS_GLOB);
const worker = (id: string): Worker => {
  const found = workers.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no worker ${id}`);
  return found;
};
const cpu: Worker = { ...worker('llm-worker-rbee-cpu'), knownIssues: [] };
const run: Evidence = {
  strength: 'ran-by-us',
  model: 'a/run',
  key: 'llama',
  kind: 'model',
  format: 'safetensors',
  parameters: 1_100_048_384,
  date: '2026-01',
};
const judge = (evidence: readonly Evidence[], model = llm('llama', 'LlamaForCausalLM'), on = cpu) =>
  checkCompatibility(model, { ...on, evidence });
const sized = (total: number, rest: object = {}) =>
  llm('llama', 'LlamaForCausalLM', { safetensors: { parameters: { BF16: total }, total }, ...rest });

describe('the ladder of confidence', () => {
  it('is high only with a run of the same loader key, kind and format', () => {
    expect(judge([run]).confidence).toBe('high');
    const others = [
      { ...run, key: 'qwen2' },
      { ...run, kind: 'embedding' as const },
      { ...run, format: 'gguf' as const },
    ];
    for (const other of others)
      expect(judge([other])).toMatchObject({ confidence: 'medium', reasonCodes: ['support_declared'] });
  });

  it('is low where no run on the backend is on record, whatever the family', () => {
    expect(judge([])).toMatchObject({ confidence: 'low' });
    expect(judge([]).reasons[0]).toMatch(/No run on this backend is on record/);
    const documented = judge([{ ...run, strength: 'documented' }]);
    expect(documented.confidence).toBe('low');
    expect(documented.reasons[0]).toMatch(/names a\/run \(2026-01\), which is not a run/);
  });

  it('says of a network that tests build that it was not run', () => {
    const built = judge([{ ...run, strength: 'built-in-ci' }]);
    expect(built).toMatchObject({ confidence: 'medium', reasonCodes: ['support_declared'] });
    expect(built.reasons[0]).toMatch(/The tests of .* build the network of a\/run without its weights/);
  });

  it('says that a run of unquantized weights is one, where it vouches for others', () => {
    const vllm = worker('vllm-cuda');
    const awq = llm('llama', 'LlamaForCausalLM', {
      config: {
        model_type: 'llama',
        architectures: ['LlamaForCausalLM'],
        quantization_config: { quant_method: 'awq' },
      },
    });
    const plain = { ...run, key: 'LlamaForCausalLM' };
    const verdict = judge([plain], awq, vllm);
    expect(verdict.confidence).toBe('medium');
    expect(verdict.reasons[0]).toMatch(
      /but with unquantized weights; no run with the quantization of this model/,
    );
    expect(judge([plain, { ...plain, quantization: 'awq' }], awq, vllm).confidence).toBe('high');
  });

  it('names the run that is nearest: this repository, its base model, else the nearest in parameters', () => {
    const runs = [
      { ...run, model: 'a/small', parameters: 5e8 },
      { ...run, model: 'a/large', parameters: 7e10 },
    ];
    const named = (model = sized(8e9), more: Evidence[] = []) => judge([...runs, ...more], model).reasons[0];
    expect(named(sized(8e8))).toMatch(/ran a\/small on CPU/);
    expect(named(sized(4e10))).toMatch(/ran a\/large on CPU/);
    const copy = sized(8e8, { tags: ['base_model:a/large', 'base_model:finetune:a/large'] });
    expect(named(copy)).toMatch(/ran a\/large, its base model, on CPU/);
    expect(named(copy, [{ ...run, model: 'owner/name' }])).toMatch(/ran this very repository on CPU/);
  });

  it('warns of a model more than four times as large as any that was run', () => {
    expect(judge([run], sized(4e9)).warnings).toEqual([]);
    expect(judge([run], sized(5e9)).warnings[0]).toMatch(
      /more than four times as large .* the largest was a\/run/,
    );
  });

  it('shows a run that a reported defect contradicts as such', () => {
    const issue = { id: 'x', status: 'reported', version: cpu.version, summary: 'It hangs.' } as const;
    const on = { ...cpu, knownIssues: [issue] };
    expect(judge([run], undefined, on)).toMatchObject({
      confidence: 'low',
      reasonCodes: ['run_contradicted'],
    });
    expect(judge([], undefined, on)).toMatchObject({ confidence: 'low', reasonCodes: ['issue_reported'] });
  });

  it('does not take the run of what a program is built on for its own', () => {
    const inherited = judge([{ ...run, via: 'candle' }]);
    expect(inherited).toMatchObject({ confidence: 'medium', reasonCodes: ['support_declared'] });
    expect(inherited.reasons[0]).toMatch(/built on candle, and no run of its own is on record/);
  });

  it('leaves the baseline by family to workers that a caller describes by hand', () => {
    expect(workers.every(({ evidence }) => evidence !== undefined)).toBe(true);
  });
});

describe('what engines take through a fallback', () => {
  it.each([
    ['vllm-cuda', 'dots1', 'Dots1ForCausalLM', 'the Transformers backend'],
    ['sglang-cuda', 'gpt_neox', 'GPTNeoXForCausalLM', 'the Transformers backend'],
    ['tgi-cuda', 'qwen3', 'Qwen3ForCausalLM', 'transformers'],
  ])('runs on %s with low confidence, and the sentence names it', (id, type, name, fallback) => {
    const verdict = checkCompatibility(llm(type, name), worker(id));
    expect(verdict).toMatchObject({
      status: 'compatible',
      confidence: 'low',
      reasonCodes: ['fallback_declared'],
    });
    expect(verdict.reasons[0]).toContain(`through ${fallback}`);
  });
});

describe('an architecture that is newer than the facts', () => {
  const spark = (createdAt: string, gguf: string) =>
    modelOf(['m-Q8_0.gguf'], {
      createdAt,
      pipeline_tag: 'text-generation',
      gguf: { architecture: gguf, total: 7e9 },
    });

  it('is unknown for an engine whose facts are older than those that list it', () => {
    const verdict = checkCompatibility(spark('2026-10-01T00:00:00.000Z', 'spark2_5'), worker('ollama-cpu'));
    expect(verdict).toMatchObject({ status: 'unknown', reasonCodes: ['architecture_newer'] });
    expect(verdict.reasons[0]).toContain('what we know of it is from 2026-08');
    expect(
      checkCompatibility(spark('2026-10-01T00:00:00.000Z', 'spark2_5'), worker('llama.cpp-cpu')).compatible,
    ).toBe(true);
  });

  it('is unknown where nobody lists it and the repository is younger, and refused where that is older', () => {
    const type = (createdAt: string) => llm('brandnew', 'BrandNewForCausalLM', { createdAt });
    expect(checkCompatibility(type('2026-11-20T00:00:00.000Z'), worker('vllm-cuda')).reasonCodes).toEqual([
      'architecture_newer',
    ]);
    const old = checkCompatibility(type('2025-01-01T00:00:00.000Z'), worker('vllm-cuda'));
    expect(old.reasons[0]).toBe(
      'vLLM has no loader for the model class BrandNewForCausalLM (as of 2026-08).',
    );
    expect(checkCompatibility(type('2026-11-20T00:00:00.000Z'), cpu).reasonCodes).toEqual([
      'architecture_unsupported',
    ]);
  });
});

describe('a refusal', () => {
  const qwen3 = llm('qwen3', 'Qwen3ForCausalLM');

  it('names the tool that converts the weights to what the worker reads', () => {
    expect(checkCompatibility(qwen3, worker('llama.cpp-cpu')).recommendations).toEqual([
      'convert_hf_to_gguf.py of llama.cpp can convert its weights to GGUF.',
    ]);
    expect(checkCompatibility(qwen3, worker('lm-studio-metal'))).toMatchObject({
      reasons: ['Its weights are stored as BF16; LM Studio reads GGUF or safetensors converted for MLX.'],
    });
    expect(checkCompatibility(qwen3, worker('mlc-llm-cuda')).reasons[0]).toMatch(
      /MLC LLM reads weights converted by MLC/,
    );
  });

  it('never offers test material, nor a support for this repository', () => {
    const all = workers.map((one) => checkCompatibility(qwen3, one)).flatMap(({ reasons }) => reasons);
    expect(all.filter((reason) => /test material|declares support/.test(reason))).toEqual([]);
  });
});

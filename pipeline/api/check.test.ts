import { describe, expect, it } from 'vitest';
import {
  checkCompatibility,
  checkModelWorkerCompatibility,
  extractMetadata,
  filterCompatibleModels,
  generateCompatibilityMatrix,
  getCompatibleModelsForWorker,
  getWorker,
  isModelCompatible,
  listWorkerBinaries,
} from '../index.ts';

const cpu = {
  worker_type: 'cpu',
  supported_architectures: ['llama'],
  supported_formats: ['safetensors'],
  max_context_length: 8_192,
};
const llama = { architecture: 'llama', format: 'safetensors', max_context_length: 4_096 };

const tiny = extractMetadata(
  {
    id: 'tiny/llama',
    pipeline_tag: 'text-generation',
    gated: false,
    config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
    safetensors: { parameters: { BF16: 1e9 }, total: 1e9 },
    siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
  },
  '{"model_type": "llama", "max_position_embeddings": 2048}',
);

describe('checkCompatibility of flat objects', () => {
  it('runs llama in safetensors on a CPU worker that takes both, with high confidence', () => {
    expect(checkCompatibility(llama, cpu)).toMatchObject({ compatible: true, confidence: 'high' });
    expect(checkModelWorkerCompatibility).toBe(checkCompatibility);
  });

  it('refuses a format that the worker does not take, in so many words', () => {
    const verdict = checkCompatibility({ architecture: 'llama', format: 'gguf' }, cpu);
    expect(verdict.compatible).toBe(false);
    expect(verdict.reasons.join(' ')).toContain('format');
  });

  it('does without the type of a worker, which its verdict does not rest on', () => {
    const { worker_type: _, ...worker } = cpu;
    expect(checkCompatibility(llama, worker)).toMatchObject({ compatible: true, confidence: 'high' });
    const refused = checkCompatibility({ architecture: 'llama', format: 'gguf' }, worker);
    expect(refused).toMatchObject({ status: 'incompatible', confidence: 'none' });
    expect(refused.reasons.join(' ')).toContain('format');
  });

  it.each<[string, object, object, string]>([
    ['the architecture of the model', { format: 'safetensors' }, cpu, 'architecture_unknown'],
    ['the format of the model', { architecture: 'llama' }, cpu, 'files_unknown'],
    [
      'the architectures of the worker',
      llama,
      { supported_formats: ['safetensors'] },
      'architecture_unknown',
    ],
    ['the formats of the worker', llama, { supported_architectures: ['llama'] }, 'files_unknown'],
    ['everything', {}, {}, 'files_unknown'],
    ['what is null', { ...llama, architecture: null }, cpu, 'architecture_unknown'],
  ])('is unknown without %s', (_, model, worker, code) => {
    const verdict = checkCompatibility(model, worker);
    expect(verdict).toMatchObject({ status: 'unknown', compatible: false, confidence: 'none', variants: [] });
    expect(verdict.reasonCodes).toContain(code);
    expect(filterCompatibleModels([model], [worker])).toEqual([]);
    const matrix = generateCompatibilityMatrix([model], [worker]);
    expect([...matrix].map((cell) => cell.verdict)).toEqual([verdict]);
    expect(matrix.row(matrix.models[0] ?? '')).toEqual([verdict]);
  });

  it('refuses by what is given, whatever is missing', () => {
    expect(
      checkCompatibility({ architecture: 'gpt_neox', format: 'gguf' }, { supported_architectures: ['llama'] })
        .status,
    ).toBe('incompatible');
    expect(checkCompatibility({ format: 'gguf' }, { supported_formats: ['safetensors'] }).status).toBe(
      'incompatible',
    );
  });

  it('reads snake_case and camelCase alike', () => {
    const camel = {
      workerType: 'cpu',
      supportedArchitectures: ['llama'],
      supportedFormats: ['safetensors'],
      maxContextLength: 1_024,
    };
    const { compatible, warnings } = checkCompatibility(
      { architecture: 'Llama', format: 'SafeTensors', maxContextLength: 4_096 },
      camel,
    );
    expect(compatible).toBe(true);
    expect(warnings).toEqual(['The model has a context of 4096 tokens; this worker supports at most 1024.']);
  });

  it.each<[string, unknown, unknown, string]>([
    [
      'an architecture that is no text',
      { ...llama, architecture: 7 },
      cpu,
      'model.architecture is 7; give a text, or none.',
    ],
    ['a model in no known format', { ...llama, format: 'zip' }, cpu, 'model.format is "zip"; give one of'],
    ['no model at all', null, cpu, 'model is null; give an object: extractMetadata gives one'],
    [
      'a worker on no known backend',
      llama,
      { ...cpu, worker_type: 'abacus' },
      'worker.worker_type is "abacus"',
    ],
    [
      'a worker whose formats are no list',
      llama,
      { ...cpu, supported_formats: 'gguf' },
      'worker.supported_formats is "gguf"; give a list of texts, or none.',
    ],
    ['a negative context', { ...llama, max_context_length: -1 }, cpu, 'model.max_context_length is -1'],
  ])('names what is wrong with %s', (_, model, worker, message) => {
    expect(() => checkCompatibility(model as never, worker as never)).toThrow(message);
  });
});

describe('questions over models at hand', () => {
  it('are answered for the marketplace where no workers are named', () => {
    expect(tiny.contextLength).toEqual({ value: 2_048, source: 'config' });
    expect(isModelCompatible(tiny)).toBe(true);
    expect(isModelCompatible({ architecture: 'llama', format: 'onnx' })).toBe(false);
    const other = { ...tiny, id: 'other/kind', kind: { value: 'classifier', source: 'config' } } as const;
    expect(filterCompatibleModels([other, tiny])).toEqual([tiny]);
    expect(getCompatibleModelsForWorker('llm-worker-rbee-cpu', [other, tiny])).toEqual([tiny]);
    expect(() => getCompatibleModelsForWorker('no-such', [])).toThrow('There is no worker no-such');
  });

  it('know every worker by its id', () => {
    const ids = listWorkerBinaries().map(({ id }) => id);
    expect(ids).toContain('llm-worker-rbee-cuda');
    expect(ids).toEqual([...ids].sort());
    expect(getWorker('llm-worker-rbee-cuda')?.backend).toBe('cuda');
    expect(getWorker('no-such')).toBeUndefined();
  });

  it('refuse what is no record', () => {
    expect(() => extractMetadata({ id: 'a/b', gated: 'maybe' })).toThrow('field gated');
    expect(() => extractMetadata(7)).toThrow("This is not a record of the Hub's listing: not an object.");
  });
});

describe('generateCompatibilityMatrix', () => {
  const workers = listWorkerBinaries().filter(({ id }) => /rbee|llama\.cpp/.test(id));

  it('answers by ids, by row and cell by cell, as checkCompatibility does', () => {
    const matrix = generateCompatibilityMatrix([tiny, llama], workers);
    expect(matrix.models).toEqual(['tiny/llama', 'llama']);
    expect(matrix.workers).toEqual(workers.map(({ id }) => id));
    const cells = [...matrix];
    expect(cells).toHaveLength(2 * workers.length);
    for (const { model, worker, verdict } of cells) {
      expect(verdict).toEqual(matrix.get(model, worker));
      const one = workers.find(({ id }) => id === worker);
      expect(verdict).toEqual(checkCompatibility(model === 'llama' ? llama : tiny, one as never));
    }
    expect(matrix.row('tiny/llama')).toHaveLength(workers.length);
    expect(matrix.get('tiny/llama', 'no-such')).toBeUndefined();
    expect(matrix.get('no/such', 'llm-worker-rbee-cpu')).toBeUndefined();
  });

  it('holds a hundred thousand models by a dozen workers', () => {
    const models = Array.from({ length: 100_000 }, (_, n) => ({ ...tiny, id: `m/${n}` }));
    const matrix = generateCompatibilityMatrix(models, workers.slice(0, 12));
    let compatible = 0;
    for (const { verdict } of matrix) if (verdict.compatible) compatible += 1;
    expect(compatible % 100_000).toBe(0);
    expect(matrix.get('m/99999', 'llm-worker-rbee-cpu')?.compatible).toBe(true);
  });
});

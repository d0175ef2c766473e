import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadTables } from '../data/load-tables.ts';
import { loadWorkers } from '../data/workers.ts';
import { extractMetadata } from '../extract/index.ts';
import { parseRecord } from '../extract/record.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { checkCompatibility } from './index.ts';
import { rememberRows, rememberVerdicts } from './memo.ts';

const tables = loadTables();
const workers = loadWorkers(WORKERS_GLOB);

const names = fc.constantFrom(
  'llama',
  'qwen3',
  'bert',
  'nobody_knows',
  'nor_this',
  'model',
  'undefined',
  '',
  'a\nb',
);
const files = fc.subarray([
  'config.json',
  'tokenizer.json',
  'model.safetensors',
  'model-00001-of-00002.safetensors',
  'x.Q4_K_M.gguf',
  'x.IQ2_M.gguf',
  'x.unclear.gguf',
  'adapter_model.safetensors',
  'x.Q8_0-00001-of-00002.gguf',
  'pytorch_model.bin',
  'adapter_config.json',
  'model_index.json',
  'unet/m.safetensors',
]);
/** Generates records that differ in the facts that a verdict may rest on. */
const records = fc.record(
  {
    id: fc.constantFrom('a/b', 'segmind/SSD-1B', 'stabilityai/sdxl-turbo'),
    gated: fc.constantFrom(false, 'auto', 'manual'),
    disabled: fc.boolean(),
    private: fc.boolean(),
    pipeline_tag: fc.constantFrom(
      'text-generation',
      'text-to-image',
      'fill-mask',
      'juggling',
      'text',
      'x\ny',
      '',
    ),
    library_name: fc.constantFrom('transformers', 'diffusers', 'mlx'),
    config: fc.record({
      model_type: names,
      architectures: fc.array(fc.constantFrom('LlamaForCausalLM', 'BertModel', 'JugglerModel', 'undefined'), {
        maxLength: 1,
      }),
      quantization_config: fc.record({
        quant_method: fc.constantFrom('gptq', 'our_own', 'safetensors', 'undefined', 'unknown'),
      }),
    }),
    configJson: fc.record({ max_position_embeddings: fc.constantFrom(2_048, 4_096, 8_192, 131_072) }),
    gguf: fc.record({ architecture: names, context_length: fc.constantFrom(512, 40_960) }),
    safetensors: fc.constantFrom({ parameters: { BF16: 7e9 } }, { parameters: { F8_E4M3: 7e9 } }),
    siblings: files.map((list) => list.map((rfilename) => ({ rfilename }))),
  },
  { requiredKeys: ['id'] },
);

it('remembers verdicts without changing one', () => {
  const remembered = rememberRows(workers, 5_000);
  fc.assert(
    fc.property(fc.array(records, { minLength: 2, maxLength: 20 }), (batch) => {
      for (const record of batch) {
        const parsed = parseRecord(record);
        if (!parsed.ok) continue;
        const model = extractMetadata(parsed.record, tables);
        expect(remembered(model).all()).toEqual(workers.map((worker) => checkCompatibility(model, worker)));
      }
    }),
    { numRuns: 60 },
  );
});

it('judges names that no worker knows once, whatever and however many they are', () => {
  let judged = 0;
  const remembered = rememberVerdicts(workers, (row) => {
    judged += 1;
    return row[0]?.reasons;
  });
  const reasons = ['juggler', 'tightrope', 'trapeze'].map((name) => {
    const parsed = parseRecord({
      id: 'a/b',
      pipeline_tag: `${name}-generation`,
      config: {
        model_type: name,
        architectures: [`${name}Model`],
        quantization_config: { quant_method: name },
      },
      siblings: [{ rfilename: 'config.json' }, { rfilename: 'model.safetensors' }],
    });
    return parsed.ok ? remembered(extractMetadata(parsed.record, tables)).made : [];
  });
  expect(judged).toBe(1);
  expect(new Set(reasons.map(String)).size).toBe(1);
});

import { expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import type { MatrixModel } from '../format/decode.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { modelOf, tables } from '../testing/models.ts';
import { copyFiles } from './copy-files.ts';

const workers = loadWorkers(WORKERS_GLOB).filter(({ id }) => id === 'llm-worker-rbee-cuda');

function copy(
  id: string,
  files: Readonly<Record<string, number | undefined>>,
  architecture = 'qwen2',
): MatrixModel {
  const facts = modelOf([], {
    id,
    gguf: { architecture, context_length: 32_768, total: 7e9 },
    siblings: Object.entries(files).map(([rfilename, size]) => ({ rfilename, size })),
  });
  const verdicts = new Map(workers.map((worker) => [worker.id, checkCompatibility(facts, worker)]));
  return { id, facts, verdicts, detailed: true };
}

const filesOf = (...models: readonly MatrixModel[]) =>
  copyFiles({ models, bitsPerWeight: tables.bitsPerWeight }, { workers, devices: [8, 24] });

it('puts the files of the model before those of its copies, and of both those that run first', () => {
  const rows = filesOf(
    copy('a/own', { 'm-IQ1_S.gguf': 2e9, 'm-Q4_K_M.gguf': 4.7e9 }),
    copy('b/copy', { 'm-Q8_0.gguf': 7.5e9 }),
  );
  expect(rows.map(({ model, variant, refusal }) => [model, variant.id, refusal])).toEqual([
    ['a/own', 'gguf:Q4_K_M', undefined],
    ['a/own', 'gguf:IQ1_S', 'quantization_unsupported'],
    ['b/copy', 'gguf:Q8_0', undefined],
  ]);
});

it('says which devices hold the weights where the cache is not known, and the bits of a weight', () => {
  const [row] = filesOf(copy('a/own', { 'm-Q4_K_M.gguf': 4.7e9 }));
  expect(row).toMatchObject({ fits: ['maybe', 'maybe'], bits: tables.bitsPerWeight.get('Q4_K_M') });
});

it('says why a file does not run: parts, missing parts, or what the verdict says of the model', () => {
  const split = {
    'm-Q4_K_M.gguf': 4.7e9,
    'm-Q8_0-00001-of-00002.gguf': 4e9,
    'm-Q8_0-00002-of-00002.gguf': 4e9,
  };
  const broken = { 'm-Q4_K_M.gguf': 4.7e9, 'm-Q8_0-00001-of-00002.gguf': 4e9 };
  expect(filesOf(copy('a/split', split))[1]?.refusal).toBe('split_weights_unsupported');
  expect(filesOf(copy('a/broken', broken))[1]?.refusal).toBe('weights_incomplete');
  expect(filesOf(copy('a/other', { 'm-Q4_K_M.gguf': 4.7e9 }, 'rwkv7'))[0]?.refusal).toBe(
    'architecture_unsupported',
  );
});

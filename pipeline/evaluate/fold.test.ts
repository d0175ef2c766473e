import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTables } from '../data/load-tables.ts';
import { loadWorkers } from '../data/workers.ts';
import { extractMetadata } from '../extract/index.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { parseRecord } from '../extract/record.ts';
import { findMatches } from '../lib/find-files.ts';
import { SNAPSHOT_GLOB, WORKERS_GLOB } from '../lib/paths.ts';
import { Folder } from './fold.ts';
import { checkCompatibility } from './index.ts';
import { rememberRows } from './memo.ts';

const tables = loadTables();
const workers = loadWorkers(WORKERS_GLOB);
const own = workers.filter(({ gate }) => gate);
const labels = [...new Set(tables.labels.values())].flatMap((label) => [label, `UD-${label}`]);

function modelOf(record: unknown): ModelMetadata {
  const parsed = parseRecord(record);
  if (!parsed.ok) throw new Error(parsed.reason);
  return extractMetadata(parsed.record, tables);
}

const files = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...labels).map((label) => `x.${label}.gguf`) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('Q4_K_M', 'Q8_0', 'IQ4_XS', 'F16').map((label) => `y.${label}.gguf`),
  },
  { weight: 2, arbitrary: fc.constantFrom(...labels).map((label) => `in/x.${label}.gguf`) },
  { weight: 2, arbitrary: fc.constantFrom(...labels).map((label) => `x.${label}-00001-of-00001.gguf`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'z.gguf',
      'model.safetensors',
      'x.Q4_K_M-00001-of-00002.gguf',
      'x.Q8_0-00001-of-00002.gguf',
      'x.Q8_0-00002-of-00002.gguf',
      'x.safetensors',
    ),
  },
);
const models = fc
  .record({
    architecture: fc.constantFrom('llama', 'qwen3', 'flux', 'bert', 'whisper', 'nobody-knows'),
    config: fc.constantFrom({}, { architectures: ['LlamaForCausalLM'], model_type: 'llama' }),
    paths: fc.uniqueArray(files, { maxLength: 30 }),
    task: fc.constantFrom('text-generation', 'text-to-image', 'feature-extraction'),
  })
  .map(({ architecture, config, paths, task }) =>
    modelOf({
      id: 'a/b',
      pipeline_tag: task,
      config,
      gguf: { architecture, total: 7e9 },
      siblings: paths.map((rfilename) => ({ rfilename })),
    }),
  );

describe.each([
  ['the gate workers', own, 60],
  ['all workers', workers, 15],
])('folding for %s', (_, some, numRuns) => {
  it('changes no verdict on any list of labels', () => {
    const remembered = rememberRows(some, 100_000);
    fc.assert(
      fc.property(fc.array(models, { minLength: 2, maxLength: 10 }), (batch) => {
        for (const model of batch)
          expect(remembered(model).all()).toEqual(some.map((worker) => checkCompatibility(model, worker)));
      }),
      { numRuns },
    );
  });
});

it('changes no verdict on the snapshot', () => {
  const remembered = rememberRows(own);
  const lines = findMatches(SNAPSHOT_GLOB).flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'));
  for (const line of lines) {
    const parsed = parseRecord(JSON.parse(line));
    if (!parsed.ok) continue;
    const model = extractMetadata(parsed.record, tables);
    expect(remembered(model).all()).toEqual(own.map((worker) => checkCompatibility(model, worker)));
  }
});

it('leaves one variant of labels that all gate workers read, whichever they are', () => {
  const folder = new Folder(own);
  const paths = ['x.Q2_K.gguf', 'x.Q4_K_M.gguf', 'x.Q6_K.gguf', 'x.Q8_0.gguf'];
  const fold = (some: readonly string[]) =>
    folder.fold(modelOf({ id: 'a/b', siblings: some.map((rfilename) => ({ rfilename })) }).variants);
  expect(fold(paths).variants.map(({ id }) => id)).toEqual(['gguf:Q4_K_M']);
  expect(fold(paths).places).toEqual([[1, 0, 2, 3]]);
  expect(fold(paths.slice(2)).likenesses).toEqual(fold(paths).likenesses);
  expect(fold(['x.IQ2_M.gguf', 'x.IQ4_XS.gguf']).likenesses).toBeUndefined();
});

import { expect, it } from 'vitest';
import { workersOf } from '../data/named-workers.ts';
import { loadWorkers } from '../data/workers.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import type { MatrixModel } from '../format/decode.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { modelOf, tables } from '../testing/models.ts';
import { answerFit } from './best-file.ts';

const all = loadWorkers(WORKERS_GLOB);
const workers = ['llama.cpp-cpu', 'llama.cpp-cuda', 'vllm-cuda', 'llm-worker-rbee-cuda'].flatMap(
  (id) => all.find((worker) => worker.id === id) ?? [],
);
/** The attention of Llama 3.1 8B: 1.07 GB for 8,192 tokens, two bytes each. */
const ATTENTION = {
  source: 'base-model',
  groups: [{ layers: 32, cache: 'full', elementsPerToken: 2048 }],
} as const;

function copy(
  id: string,
  sizes: Readonly<Record<string, number | undefined>>,
  more: object = {},
): MatrixModel {
  const facts = modelOf([], {
    id,
    gguf: { architecture: 'qwen3', context_length: 40_960 },
    siblings: Object.entries(sizes).map(([rfilename, size]) => ({ rfilename, size })),
    ...more,
  });
  const verdicts = new Map(workers.map((worker) => [worker.id, checkCompatibility(facts, worker)]));
  return { id, facts: { ...facts, attention: ATTENTION }, verdicts, detailed: true };
}

const ask = (models: readonly MatrixModel[], deviceGb: number, worker?: string) =>
  answerFit(
    { models, bitsPerWeight: tables.bitsPerWeight },
    workersOf(worker === undefined ? [] : [worker], workers),
    { deviceGb },
  );

const SMALL = copy('a/small', { 'm-Q4_K_M.gguf': 4.9e9 }, { downloads: 5 });
const LARGE = copy(
  'b/large',
  { 'n-Q4_K_M.gguf': 4.9e9, 'n-Q8_0.gguf': 8.5e9, 'n-BF16.gguf': 16e9 },
  { downloads: 9 },
);

it('names the widest file of all copies that fits, and how much it takes', () => {
  expect(ask([SMALL, LARGE], 12, 'llama.cpp-cuda')).toMatchObject({
    answer: 'yes',
    model: 'b/large',
    variant: 'gguf:Q8_0',
    files: ['n-Q8_0.gguf'],
    memory: { totalBytes: 8.5e9 + 1_073_741_824 + 751_619_276, grade: 'estimate' },
    sentence:
      'On 12 GB with llama.cpp on CUDA: yes, n-Q8_0.gguf from b/large takes about 10.3 of 12 GB at 8k.',
  });
  expect(ask([SMALL, LARGE], 24, 'llama.cpp-cuda').variant).toBe('gguf:BF16');
});

it('names of equals the one in the repository that was asked for, then the most downloaded', () => {
  expect(ask([SMALL, LARGE], 8, 'llama.cpp-cuda').model).toBe('a/small');
  const other = copy('c/other', { 'o-Q4_K_M.gguf': 4.9e9 }, { downloads: 7 });
  const none = copy('d/none', { 'o-Q2_K.gguf': 3e9 });
  expect(ask([none, other, LARGE], 8, 'llama.cpp-cuda').model).toBe('b/large');
});

it('takes no wider numbers than 16 bits for better', () => {
  const floats = copy('e/floats', { 'm-F32.gguf': 32e9, 'm-BF16.gguf': 16e9 });
  expect(ask([floats], 192, 'llama.cpp-cuda').variant).toBe('gguf:BF16');
});

it('says no with the smallest file, and whether weights may stay in system memory', () => {
  expect(ask([LARGE], 4, 'llama.cpp-cuda')).toMatchObject({
    answer: 'no',
    words:
      'no, even the smallest file, n-Q4_K_M.gguf from b/large, takes about 6.73 GB at 8k. Part of the weights may stay in system memory.',
  });
});

it('says perhaps where only the weights are known to fit', () => {
  const { facts, ...rest } = SMALL;
  const blind = { ...rest, facts: { ...facts, attention: 'unknown' } } as const;
  expect(ask([blind], 12, 'llama.cpp-cuda').words).toBe(
    'perhaps, m-Q4_K_M.gguf from a/small takes at least 5.7 of 12 GB; the cache for 8k comes on top, and how much is not known.',
  );
  expect(ask([blind, LARGE], 8, 'llama.cpp-cuda').answer).toBe('yes');
});

it('says what it does not know, and what nothing runs', () => {
  const unsized = copy('f/unsized', { 'm-Q4_K_M.gguf': undefined });
  expect(ask([unsized], 12, 'llama.cpp-cuda')).toMatchObject({ answer: 'unknown', model: 'f/unsized' });
  expect(ask([SMALL], 12, 'llm-worker-rbee-cuda')).toMatchObject({
    answer: 'not run',
    sentence: 'On 12 GB with rbee LLM worker on CUDA: no copy of this model is known to run.',
  });
});

it('asks the own workers before others, and graphics before processors', () => {
  expect(ask([SMALL], 12).worker).toBe('llama.cpp-cuda');
  const own = copy('g/own', { 'm-Q4_K_M.gguf': 4.9e9 }, { gguf: { architecture: 'llama' } });
  expect(ask([SMALL, own], 12).worker).toBe('llm-worker-rbee-cuda');
});

it('counts the context that is asked for', () => {
  const copies = { models: [SMALL], bitsPerWeight: tables.bitsPerWeight };
  const at = (contextLength: number) =>
    answerFit(copies, workersOf(['llama.cpp-cuda'], workers), { deviceGb: 12, contextLength });
  expect(at(4096).words).toContain('6.2 of 12 GB at 4k');
  expect(at(40_000).words).toContain('10.9 of 12 GB at 40000 tokens');
});

it('names a worker that is called nearly so', () => {
  expect(() => ask([SMALL], 12, 'llama.cpp-cude')).toThrow('the nearest name is llama.cpp-cuda');
});

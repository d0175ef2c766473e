import { expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import { estimateMemory } from '../evaluate/memory.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { modelOf, tables } from '../testing/models.ts';
import { adviseMemory, describeDevices, describeMemory } from './advice.ts';

it('names the largest variant that each usual device holds', async () => {
  const workers = loadWorkers(WORKERS_GLOB).filter(({ id }) => id === 'llm-worker-rbee-cpu');
  const sizes = {
    'm-Q4_K_M.gguf': 4.9e9,
    'm-Q8_0.gguf': 8.5e9,
    'm-F16.gguf': 16e9,
    'm-IQ2_M.gguf': 2e9,
    'm-Q2_K.gguf': 3e9,
  };
  const facts = modelOf([], {
    gguf: { architecture: 'llama', context_length: 131_072 },
    siblings: Object.entries(sizes).map(([rfilename, size]) => ({ rfilename, size })),
  });
  const verdicts = new Map(workers.map((worker) => [worker.id, checkCompatibility(facts, worker)]));
  // That of Llama 3.1 8B: half a GiB of numbers for 8,192 tokens, four bytes each.
  const attention = {
    source: 'config',
    groups: [{ layers: 32, cache: 'full', elementsPerToken: 2048 }],
  } as const;
  const advice = adviseMemory(
    { id: facts.id, facts: { ...facts, attention }, verdicts, detailed: true },
    workers,
    tables.bitsPerWeight,
  );
  const found = advice.get('llm-worker-rbee-cpu');
  if (found === undefined) throw new Error('no advice');
  expect(describeDevices(found)).toBe('best by device: 8 GB gguf:Q2_K, 12 GB gguf:Q8_0, 24 GB gguf:F16');
  expect(describeMemory(found.memory)).toBe(
    'memory of gguf:Q4_K_M at 8192 tokens, exact: 4.90 GB of weights (files) + 2.15 GB of cache (config) = 7.05 GB: a device of 12 GB',
  );
});

it('says what is missing, and what comes on top', () => {
  const [worker] = loadWorkers(WORKERS_GLOB).filter(({ id }) => id === 'llm-worker-rbee-cpu');
  if (worker === undefined) throw new Error('no worker');
  const gguf = (sizes: object) =>
    modelOf([], { gguf: { architecture: 'x' }, siblings: [{ rfilename: 'm-Q8_0.gguf', ...sizes }] });
  expect(describeMemory(estimateMemory(gguf({ size: 5e9 }), worker))).toBe(
    'memory of gguf:Q8_0 at 8192 tokens, at least: 5.00 GB of weights (files) = 5.00 GB: a device of 8 GB; the cache comes on top, the shape of the attention is not known',
  );
  expect(describeMemory(estimateMemory(gguf({}), worker))).toBe(
    'memory of gguf:Q8_0: unknown, neither the sizes of the files nor the number of weights is known',
  );
});

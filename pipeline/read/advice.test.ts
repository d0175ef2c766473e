import { expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { modelOf, tables } from '../testing/models.ts';
import { adviseMemory, describeDevices, describeMemory } from './advice.ts';

it('names the largest variant that each usual device holds', async () => {
  const workers = loadWorkers(WORKERS_GLOB).filter(({ id }) => id === 'llm-worker-rbee-cpu');
  const sizes = { 'm-Q4_K_M.gguf': 4.9e9, 'm-Q8_0.gguf': 8.5e9, 'm-F16.gguf': 16e9, 'm-IQ2_M.gguf': 2e9 };
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
  expect(describeDevices(found)).toBe('best by device: 8 GB gguf:Q4_K_M, 12 GB gguf:Q8_0, 24 GB gguf:F16');
  expect(describeMemory(found)).toBe(
    'memory of gguf:Q4_K_M: 4.90 GB of weights (files) + 2.15 GB for 8192 tokens = 7.05 GB: a device of 8 GB',
  );
});

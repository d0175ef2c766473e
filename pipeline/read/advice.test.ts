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
  expect(describeDevices(found)).toBe(
    'best variant by memory of the device: gguf:Q2_K on 8 GB, gguf:Q8_0 on 12 GB, gguf:F16 on 24 GB',
  );
  expect(describeMemory(found.memory)).toBe(
    'the variant gguf:Q4_K_M takes 7.05 GB with a context of 8192 tokens: 4.90 GB of weights (from the sizes of the files) and 2.15 GB of key-value cache (from config.json). A device with 12 GB holds it',
  );
});

it('says what is missing, and what comes on top', () => {
  const [worker] = loadWorkers(WORKERS_GLOB).filter(({ id }) => id === 'llm-worker-rbee-cpu');
  if (worker === undefined) throw new Error('no worker');
  const gguf = (sizes: object) =>
    modelOf([], { gguf: { architecture: 'x' }, siblings: [{ rfilename: 'm-Q8_0.gguf', ...sizes }] });
  expect(describeMemory(estimateMemory(gguf({ size: 5e9 }), worker))).toBe(
    'the variant gguf:Q8_0 takes at least 5.00 GB with a context of 8192 tokens: 5.00 GB of weights (from the sizes of the files); the key-value cache is not counted, as the shape of the attention is not known. A device with 8 GB holds these',
  );
  expect(describeMemory(estimateMemory(gguf({}), worker))).toBe(
    'the memory that gguf:Q8_0 takes is not known: neither the sizes of its files nor its number of weights are',
  );
});

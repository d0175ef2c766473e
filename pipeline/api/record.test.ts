import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadTables } from '../data/load-tables.ts';
import { extractMetadata } from '../extract/index.ts';
import { parseRecord } from '../extract/record.ts';
import { readRecord } from './record.ts';

const tables = loadTables();

/** Generates a value that is often right, and often anything. */
const maybe = (...right: unknown[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.jsonValue() });

const records = fc.record(
  {
    id: maybe('a/b', '../c', 'x'.repeat(300)),
    sha: maybe('a'.repeat(40), 'x'.repeat(2_000)),
    gated: maybe(false, 'auto', 'maybe'),
    disabled: maybe(true, false),
    private: maybe(false),
    downloads: maybe(5, -1, 1.5, 1e300),
    trendingScore: maybe(0.5),
    pipeline_tag: maybe('text-generation'),
    tags: maybe(['a', 'license:mit'], [1]),
    config: maybe({ model_type: 'llama', architectures: ['LlamaForCausalLM'] }),
    configJson: maybe('{"max_position_embeddings": 8192, "x": NaN}', '{'),
    gguf: maybe({ total: 5, architecture: 'llama', context_length: 8 }, { total: 'many' }, {}),
    safetensors: maybe({ parameters: { BF16: 7 }, total: 7 }, { parameters: { BF16: -7 } }),
    baseModels: maybe({ relation: 'quantized', models: [{ id: 'c/d' }] }, { models: 3 }, { relation: 'x' }),
    siblings: maybe(
      [{ rfilename: 'm.Q4_K_M.gguf', size: 9 }],
      [{ rfilename: 'm.Q4_K_M.gguf', size: null }],
      [{ rfilename: 3 }],
      [{ size: 3 }],
      null,
    ),
  },
  { requiredKeys: [] },
);

it('is read by hand as zod reads it: the same record, the same fields dropped, the same reason', () => {
  fc.assert(
    fc.property(fc.oneof(records, fc.jsonValue()), (input) => {
      const [byHand, byZod] = [readRecord(input), parseRecord(input)];
      expect(byHand.ok).toBe(byZod.ok);
      if (!byHand.ok || !byZod.ok) return;
      expect([...byHand.ignored].sort()).toEqual([...byZod.ignored].sort());
      expect(extractMetadata(byHand.record, tables)).toEqual(extractMetadata(byZod.record, tables));
    }),
    { numRuns: 2_000 },
  );
});

it('takes null for a field that is not there, as pandas and DuckDB write it', () => {
  const bare = { id: 'a/b', sha: 'a'.repeat(40), siblings: [{ rfilename: 'm.Q4_K_M.gguf' }] };
  const full = {
    ...bare,
    siblings: [{ rfilename: 'm.Q4_K_M.gguf', size: null, blobId: null }],
    gated: null,
    private: null,
    disabled: null,
    pipeline_tag: null,
    library_name: null,
    tags: null,
    downloads: null,
    gguf: { architecture: null, total: null, context_length: null },
    safetensors: null,
    baseModels: null,
    config: null,
    cardData: null,
  };
  for (const parse of [parseRecord, readRecord]) {
    const found = parse(full);
    expect(found).toMatchObject({ ok: true, ignored: [] });
    const wanted = parse(bare);
    if (found.ok && wanted.ok)
      expect(extractMetadata(found.record, tables)).toEqual(extractMetadata(wanted.record, tables));
  }
});

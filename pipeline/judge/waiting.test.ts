import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ModelMetadata } from '../extract/metadata.ts';
import { placeOf } from '../lib/hash.ts';
import { PARTITIONS } from '../lib/partitions.ts';
import { llm } from '../testing/models.ts';
import { releaseCopies, Waiting } from './waiting.ts';

const dir = mkdtempSync(join(tmpdir(), 'waiting-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('gives a quantized copy the context length of its base, whichever comes first and whoever reads it', () => {
  const base = llm('llama', 'LlamaForCausalLM', {
    id: 'meta/base',
    configJson: { max_position_embeddings: 8192 },
  });
  const of = (relation: string, id: string, base = 'meta/base') =>
    llm('llama', 'LlamaForCausalLM', { id, baseModels: { relation, models: [{ id: base }] } });
  const take = (waiting: Waiting, model: ModelMetadata) => waiting.take(model, placeOf(model.id));
  const [one, other] = [new Waiting(dir, 1), new Waiting(dir, 2)];
  expect(take(one, of('quantized', 'a/copy'))).toBe(true);
  expect(take(other, base)).toBe(false);
  expect(take(other, of('quantized', 'b/copy'))).toBe(true);
  expect(take(other, of('quantized', 'c/orphan', 'no/such'))).toBe(true);
  // A fine-tune may have been trained for another length.
  expect(take(one, of('finetune', 'a/tune'))).toBe(false);
  one.flush();
  other.flush();
  const released = [...Array(PARTITIONS).keys()].flatMap((partition) => [
    ...releaseCopies(dir, partition, () => []),
  ]);
  expect(released.map(({ id, contextLength }) => [id, contextLength]).sort()).toEqual([
    ['a/copy', { value: 8192, source: 'base-model' }],
    ['b/copy', { value: 8192, source: 'base-model' }],
    ['c/orphan', 'unknown'],
  ]);
});

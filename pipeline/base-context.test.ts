import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BaseContexts } from './base-context.ts';
import { llm } from './testing/models.ts';

const dir = mkdtempSync(join(tmpdir(), 'base-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('gives a quantized copy the context length of its base, whichever comes first', () => {
  const base = llm('llama', 'LlamaForCausalLM', {
    id: 'meta/base',
    configJson: { max_position_embeddings: 8192 },
  });
  const of = (relation: string, id: string) =>
    llm('llama', 'LlamaForCausalLM', { id, baseModels: { relation, models: [{ id: 'meta/base' }] } });
  const contexts = new BaseContexts(join(dir, 'waiting'));
  expect(contexts.mustWait(of('quantized', 'a/copy'))).toBe(true);
  contexts.wait(of('quantized', 'a/copy'));
  expect(contexts.mustWait(base)).toBe(false);
  // A fine-tune may have been trained for another length.
  expect(contexts.mustWait(of('finetune', 'a/tune'))).toBe(false);
  expect([...contexts.release()].map(({ id, contextLength }) => [id, contextLength])).toEqual([
    ['a/copy', { value: 8192, source: 'base-model' }],
  ]);
  expect(readdirSync(dir)).toEqual([]);
});

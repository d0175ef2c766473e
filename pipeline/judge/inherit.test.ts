import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prefixOf } from '../format/prefix-of.ts';
import { llm } from '../testing/models.ts';
import { baseToAsk, InheritanceWriter, readAnswers } from './inherit.ts';
import { PARTITIONS } from './partitions.ts';

const dir = mkdtempSync(join(tmpdir(), 'inherit-'));
afterAll(() => rmSync(dir, { recursive: true }));

const model = (id: string, tokens: number | undefined, lastModified: string) =>
  llm('llama', 'LlamaForCausalLM', {
    id,
    lastModified,
    ...(tokens === undefined ? {} : { configJson: { max_position_embeddings: tokens } }),
  });

it('answers a copy with the facts of its base, whichever comes first and whichever thread reads it', () => {
  const [one, other] = [new InheritanceWriter(dir, 1), new InheritanceWriter(dir, 2)];
  const tell = (writer: InheritanceWriter, of: ReturnType<typeof model>, pass = 0) =>
    writer.tell(of, prefixOf(of.id), pass);
  one.ask('m/base', 'a/copy');
  tell(other, model('m/base', 1_024, '2024-01-01'));
  tell(one, model('m/base', 4_096, '2025-01-01'), 1);
  tell(one, model('m/base', 2_048, '2025-01-01'));
  other.ask('m/base', 'b/copy');
  other.ask('m/none', 'c/copy');
  tell(other, model('m/gone', 512, '2025-01-01'));
  other.takeBack('m/gone', prefixOf('m/gone'), { lastModified: '2025-01-01', pass: 1 });
  other.ask('m/gone', 'd/copy');
  for (const writer of [one, other]) writer.flush();
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    (partition % 2 === 0 ? one : other).answer(partition);
  for (const writer of [one, other]) writer.flushAnswers();
  const answers = [...Array(PARTITIONS).keys()].flatMap((partition) => [...readAnswers(dir, partition)]);
  expect(answers.sort()).toEqual([
    ['a/copy', '{"x":4096}'],
    ['b/copy', '{"x":4096}'],
    ['d/copy', '{}'],
  ]);
});

it('asks for a quantized copy of one model that lacks a fact, and for no other', () => {
  const of = (relation: string, ids: string[], rest = {}) =>
    baseToAsk(
      llm('llama', 'LlamaForCausalLM', {
        baseModels: { relation, models: ids.map((id) => ({ id })) },
        ...rest,
      }),
    );
  expect(of('quantized', ['m/base'])).toBe('m/base');
  expect(of('quantized', ['m/base', 'm/other'])).toBeUndefined();
  // A fine-tune may have been trained for another length.
  expect(of('finetune', ['m/base'])).toBeUndefined();
});

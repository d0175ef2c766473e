import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadWorkers } from '../data/workers.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { tables } from '../testing/models.ts';
import { type Entry, parseEntry } from './entry.ts';
import { entriesDir, Judge, type JudgeSetup } from './judge.ts';
import { PARTITIONS, readPartition } from './partitions.ts';

const root = mkdtempSync(join(tmpdir(), 'judge-'));
afterAll(() => rmSync(root, { recursive: true }));

const workers = loadWorkers(WORKERS_GLOB);
const gate = [...workers.keys()].filter((at) => workers[at]?.gate);
let folders = 0;

function judgeOf(rest: Partial<JudgeSetup> = {}) {
  folders += 1;
  const dir = join(root, String(folders));
  const judge = new Judge({ workers, gate, tables, dir, writer: 0, detailBudget: undefined, ...rest });
  const take = (record: unknown, again = false) =>
    judge.takeLine(Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)), again);
  const entries = (): Entry[] => {
    judge.flush();
    return [...Array(PARTITIONS).keys()]
      .flatMap((partition) => readPartition(entriesDir(dir), partition))
      .map(parseEntry);
  };
  return { judge, take, entries };
}

const llama = (rest: Record<string, unknown> = {}) => ({
  _id: '6'.repeat(24),
  id: 'a/b',
  sha: 'f'.repeat(40),
  gated: false,
  downloads: 5,
  pipeline_tag: 'text-generation',
  config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
  safetensors: { parameters: { BF16: 7e9 }, total: 7e9 },
  siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
  ...rest,
});

describe('a record', () => {
  it('becomes one entry, which says whether a gate worker runs it', () => {
    const { take, entries } = judgeOf();
    take(llama());
    take(llama({ id: 'c/d', config: { model_type: 'mystery', architectures: ['MysteryForCausalLM'] } }));
    expect(entries().map(({ id, allowed, downloads, pass }) => ({ id, allowed, downloads, pass }))).toEqual(
      expect.arrayContaining([
        { id: 'a/b', allowed: true, downloads: 5, pass: 0 },
        { id: 'c/d', allowed: false, downloads: 5, pass: 0 },
      ]),
    );
  });

  it('that makes our own code throw is rejected and named, and the next is judged', () => {
    const familyOfModelType = new Map(tables.familyOfModelType);
    familyOfModelType.get = (name) => {
      if (name === 'boom') throw new TypeError('no such thing');
      return tables.familyOfModelType.get(name);
    };
    const { judge, take, entries } = judgeOf({ tables: { ...tables, familyOfModelType } });
    take(llama({ id: 'evil/model', config: { model_type: 'boom', architectures: ['BoomForCausalLM'] } }));
    take(llama());
    expect(entries().map(({ id }) => id)).toEqual(['a/b']);
    const { counts } = judge.report();
    expect([...counts.rejected]).toEqual([['an error in our code', 1]]);
    expect(counts.rejectedExamples).toEqual([
      'an error in our code: "evil/model": "TypeError: no such thing"',
    ]);
  });

  it('of any shape is judged or rejected, and never thrown out', () => {
    const odd = fc.constantFrom<unknown>(
      { length: { toString: 1 } },
      { length: 3, toString: 'x', valueOf: 1 },
      JSON.parse('{"toJSON":1,"then":{},"constructor":{"name":1},"__proto__":{"length":1}}'),
      { length: -1 },
      [{ length: { valueOf: [] } }],
      null,
      1e308,
    );
    const keys = Object.keys(llama({ cardData: 1, tags: 1, gguf: 1, baseModels: 1, library_name: 1 }));
    const records = fc
      .tuple(fc.constantFrom(...keys), fc.oneof(odd, fc.jsonValue(), fc.dictionary(fc.string(), odd)))
      .map(([key, value]) => llama({ [key]: value }));
    const { judge, take } = judgeOf();
    fc.assert(
      fc.property(records, (record) => {
        take(record);
        take(record, true);
        // Judges both.
        judge.takeWanted();
      }),
      { numRuns: 1_000 },
    );
    expect(judge.report().counts.rejected.get('an error in our code')).toBeUndefined();
  });
});

describe('details', () => {
  it('are wanted of models that a gate worker may run and then of others that run, where they are not fetched yet', () => {
    const { judge, take } = judgeOf({ detailBudget: 10 });
    take(llama());
    take(llama({ id: 'a/known', fetched: { config: true, sizes: true } }));
    take(llama({ id: 'a/sizes', fetched: { config: true, sizes: false } }));
    take(llama({ id: 'a/gated', gated: 'auto' }));
    take(llama({ id: 'a/bert', config: { model_type: 'bert', architectures: ['BertModel'] } }));
    take(llama({ id: 'a/nobody', config: { model_type: 'mystery', architectures: ['MysteryForCausalLM'] } }));
    take(llama({ id: 'a/no-commit', sha: undefined }));
    const wanted = judge.takeWanted();
    expect(wanted.left).toBe(0);
    expect(wanted.details.map(({ key, config, sizes }) => [key.id, config, sizes])).toEqual([
      ['a/b', true, true],
      ['a/gated', false, true],
      ['a/sizes', false, true],
      ['a/bert', true, false],
    ]);
  });

  it('are the header of a GGUF file where nothing else may tell the attention', () => {
    const { judge, take } = judgeOf({ detailBudget: 10 });
    const gguf = (id: string, rest: object = {}) => {
      const siblings = [{ rfilename: 'm-Q4_K_M.gguf' }];
      take(
        llama({
          id,
          config: undefined,
          safetensors: undefined,
          gguf: { architecture: 'llama' },
          siblings,
          ...rest,
        }),
      );
    };
    gguf('a/unknown');
    gguf('a/same-size', { gguf: { architecture: 'llama', total: 8_030_261_248 } });
    gguf('b/copy', { baseModels: { relation: 'quantized', models: [{ id: 'a/b' }] } });
    gguf('b/gated', { gated: 'manual' });
    gguf('b/known', { fetched: { config: false, sizes: false, header: true } });
    gguf('b/refused', { gguf: { architecture: 'mystery' } });
    const { details } = judge.takeWanted();
    expect(details.map(({ key, header }) => [key.id, header]).slice(0, 5)).toEqual([
      ['a/same-size', 'm-Q4_K_M.gguf'],
      ['a/unknown', 'm-Q4_K_M.gguf'],
      ['b/copy', undefined],
      ['b/gated', undefined],
      ['b/known', undefined],
    ]);
  });

  it('judge a record again: its entry is of a later pass, and of one that is gone nothing is left', () => {
    const { judge, take, entries } = judgeOf();
    take(llama({ lastModified: '2025-01-01T00:00:00.000Z' }));
    take(llama({ lastModified: '2025-01-01T00:00:00.000Z', configJson: '{}' }), true);
    take(llama({ id: 'c/d', gone: true }));
    take(llama({ id: 'c/d', gone: true }), true);
    expect(entries().map(({ id, pass, gone }) => `${id} ${pass} ${gone}`)).toEqual(
      expect.arrayContaining(['a/b 0 false', 'a/b 1 false', 'c/d 0 false', 'c/d 1 true']),
    );
    expect(judge.report().counts.read).toBe(2);
  });
});

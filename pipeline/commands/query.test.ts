import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { CLONE } from './home.ts';
import { buildOptions } from './options.ts';
import { explainFrom, exportFrom } from './query.ts';

const dir = mkdtempSync(join(tmpdir(), 'query-'));
const home = { ...CLONE, out: join(dir, 'out'), outName: 'this out/' };
beforeAll(async () => {
  await build(buildOptions(['--out', home.out], {}), () => new Date(0));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function answerOf(run: typeof explainFrom, ...args: string[]): Promise<string> {
  const printed: string[] = [];
  const print = async (text: string) => {
    printed.push(text);
  };
  await run(home)(args, { env: {}, isInteractive: false, print, note: () => {} });
  return printed.join('\n');
}
const explain = (...args: string[]) => answerOf(explainFrom, ...args);
const exported = async (...args: string[]) => (await answerOf(exportFrom, ...args)).split('\n');

const REFUSED =
  /^Not in the marketplace: rbee LLM worker has no loader for the model_type qwen3; .* It runs on .*SGLang.* and vLLM\.\n/;

describe('explain', () => {
  it.each(['Qwen/Qwen3-8B', 'qwen/qwen3-8b', 'qwen3-8b', 'https://huggingface.co/Qwen/Qwen3-8B/tree/main'])(
    'begins with the verdict, for %j',
    async (asked) => {
      const text = await explain(asked);
      expect(text).toMatch(REFUSED);
      expect(text).toMatch(/^✓ runs, confidence high: .*vLLM \(CUDA\)$/m);
      expect(text).toMatch(/^✗ \d engines read no safetensors: /m);
      expect(text.split('\n').length).toBeLessThan(40);
      expect((await explain(asked, '--all')).split('\n').length).toBeGreaterThan(60);
    },
  );

  it('says where a model of the marketplace runs', async () => {
    expect(await explain('TinyLlama/TinyLlama-1.1B-Chat-v1.0')).toMatch(
      /^In the marketplace: it runs with rbee LLM worker on CPU \(confidence high\), .*\. Also on /,
    );
  });

  it('suggests what may be meant', async () => {
    await expect(explain('Qwen/Qwen3-8C')).rejects.toThrow(
      /^this out\/ has no model Qwen\/Qwen3-8C\. Near: Qwen\/Qwen3-8B.* Try --live to ask the Hub\.$/,
    );
    await expect(explain('nobody/TinyLlama-1.1B-Chat-v1.0')).rejects.toThrow(
      'Near: TinyLlama/TinyLlama-1.1B-Chat-v1.0',
    );
  });

  it('tells of some workers alone', async () => {
    const text = await explain('Qwen/Qwen3-8B', '--worker', 'vllm-cuda');
    expect(text).toMatch(/^vLLM on CUDA: runs, confidence high\.\n/);
    expect(text).not.toContain('rbee');
    await expect(explain('Qwen/Qwen3-8B', '--worker', 'vlm')).rejects.toThrow('the nearest name is vllm');
  });

  it('tells what a worker runs', async () => {
    const text = await explain('LLM-worker-rbee-cpu');
    expect(text).toMatch(/^rbee LLM worker on CPU runs 77 of 178 models: /);
    expect((await explain('llm-worker-rbee-cpu', '--all')).split('\n').length).toBeGreaterThan(77);
    const json = JSON.parse(await explain('llm-worker-rbee-cpu', '--json'));
    expect(json.models.high.length + json.models.medium.length + json.models.low.length).toBe(77);
  });

  it('says as JSON what a refusal rests on, and names what is not kept', async () => {
    const { answer, facts, notKept } = JSON.parse(await explain('Qwen/Qwen3-8B', '--json'));
    expect(`${answer}\n`).toMatch(REFUSED);
    expect(facts.variants).toEqual([expect.objectContaining({ id: 'safetensors:BF16', layout: 'root' })]);
    expect(notKept).toContain('license');
    for (const name of notKept) expect(facts).not.toHaveProperty(name);
  });
});

describe('export', () => {
  it('writes a row per model with a column per worker', async () => {
    const [head, ...rows] = await exported('--wide', '--allowed', '--format', 'csv', '--worker', 'vllm-cuda');
    expect(head).toBe(
      'model,allowed,family,license,parameters,contextLength,memoryBytes,memoryGrade,downloads,vllm-cuda',
    );
    expect(rows).toHaveLength(86);
    expect(rows.find((row) => row.startsWith('TinyLlama/TinyLlama-1.1B-Chat-v1.0,'))).toMatch(
      /^[^,]+,true,llama,apache-2\.0,1100048384,2048,\d+,exact,\d+,high$/,
    );
    const all = (await exported('--wide')).map((line) => JSON.parse(line));
    expect(all).toHaveLength(178);
    expect(all.find(({ model }) => model === 'Qwen/Qwen3-8B')).toMatchObject({
      allowed: false,
      'llm-worker-rbee-cpu': 'no',
      'vllm-cuda': 'high',
    });
  });

  it('writes a row per pair of the workers that are named', async () => {
    const rows = (await exported('--worker', 'ollama,jan')).map((line) => JSON.parse(line));
    expect(new Set(rows.map(({ worker }) => worker.split('-')[0]))).toEqual(new Set(['ollama', 'jan']));
  });
});

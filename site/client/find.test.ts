import { describe, expect, it } from 'vitest';
import type { RefusedIndex, SiteIndex } from '../lib/site-index.ts';
import { find, findNear, findRefused, makeFinder, makeNames, readQuery, relax } from './find.ts';

const index: SiteIndex = {
  workers: ['rbee-cpu', 'rbee-metal', 'ollama-cuda'],
  names: [
    { id: 'rbee-cpu', program: 'rbee', name: 'rbee LLM worker', backend: 'cpu', gate: true },
    { id: 'rbee-metal', program: 'rbee', name: 'rbee LLM worker', backend: 'metal', gate: true },
    { id: 'ollama-cuda', program: 'ollama', name: 'Ollama', backend: 'cuda', gate: false },
  ],
  groups: [
    ['llama', ['safetensors'], 'llama3', [0, 1]],
    ['qwen', ['gguf'], 'apache-2.0', [0, 2]],
  ],
  ids: [
    'meta-llama/Meta-Llama-3-8B',
    'Qwen/Qwen2.5-7B-Instruct-GGUF',
    'a/TinyLlama_v1.1',
    'gpt2',
    'bigcode/CodeQwen1.5',
    'b/llama-30b',
  ],
  group: [0, 1, 0, 1, 1, 0],
  memoryGroups: [0, 0, 1],
  need: [0, 1, 2, 3, 4, 0],
  needs: [
    [24, 48],
    [8, -12],
    [0, 0],
    [null, null],
    [12, -12],
  ],
  downloads: [
    [10, 2],
    [1, 4],
  ],
  sets: ['BF16', 'IQ2_M Q4_0 Q4_K_M Q8_0'],
  set: [0, 1, 0, 1, 1, 0],
  kinds: ['model', 'vision-language'],
  kind: [0, 0, 0, 1, 0, 0],
  millions: [8000, 7600, 1100, -1, 7300, 30000],
  thousands: [8, 32, 2, 1, 64, -1],
  smallest: [16, 3, 2.2, 0.5, 4, -1],
  paths: {},
};
const finder = makeFinder(index);
const ids = (query: string, filters = {}) => find(finder, query, filters).places.map((at) => index.ids[at]);
const [LLAMA, QWEN, TINY, GPT, CODE, BIG] = index.ids;

describe('names', () => {
  it('overlooks separators, order and case', () => {
    for (const query of ['llama 3 8b', '8B meta llama', 'meta-llama/meta_llama', 'metallama38b'])
      expect(ids(query), query).toEqual([LLAMA]);
    expect(ids('qwen2.5')).toEqual([QWEN]);
  });

  it('begins at parts of a name, and cuts no number', () => {
    expect(ids('llama')).toEqual([LLAMA, TINY, BIG]);
    expect(find(finder, 'lama').close).toBe(true);
    expect(ids('llama 3')).toEqual([LLAMA]);
    expect(ids('qwen3')).toEqual([]);
    expect(ids('5')).toEqual([]);
    expect(ids('v1')).toEqual([TINY]);
  });

  it('puts names that have the words whole before those that go on', () => {
    expect(ids('qwen2')).toEqual([QWEN]);
    expect(ids('co')).toEqual([CODE]);
  });

  it.each([
    ['ｑｗｅｎ', [QWEN, CODE]],
    ['Qwén', [QWEN, CODE]],
    ['qwen - 7b', [QWEN, CODE]],
    ['qwen 模型', []],
    ['模型', []],
    ['лама', []],
    ['🦙', []],
  ])('folds width and accents, and finds nothing for a word of another script: %s', (query, found) => {
    expect(ids(query)).toEqual(found);
  });

  it('looks for no more than the beginning of a pasted text', () => {
    expect(readQuery(`qwen ${' 7b'.repeat(500_000)}`)?.length).toBeLessThan(100);
  });

  it('takes an address of the Hub for the id in it', () => {
    for (const path of ['', '/tree/main', '/blob/main/config.json', '?library=vllm'])
      expect(ids(`https://huggingface.co/Qwen/Qwen2.5-7B-Instruct-GGUF${path}`), path).toEqual([QWEN]);
    expect(ids('hf.co/gpt2')).toEqual([GPT]);
  });

  it('takes signs of patterns as text', () => {
    expect(ids('.*')).toHaveLength(index.ids.length);
    expect(ids('(((( [')).toHaveLength(index.ids.length);
  });
});

describe('facts', () => {
  it.each([
    ['7b', [QWEN, CODE]],
    ['7 billion', [QWEN, CODE]],
    ['1.1b', [TINY]],
    ['12 gb', [QWEN, CODE]],
    ['qwen for 8GB vram', [QWEN]],
    ['q4_k_m', [QWEN, GPT, CODE]],
    ['q4km', [QWEN, GPT, CODE]],
    ['4-bit qwen', [QWEN, CODE]],
    ['2 bit', [QWEN, GPT, CODE]],
    ['bf16', [LLAMA, TINY, BIG]],
    ['gguf', [QWEN, GPT, CODE]],
    ['apache 2.0', [QWEN, GPT, CODE]],
    ['apache', [QWEN, GPT, CODE]],
    ['32k', [QWEN, CODE]],
    ['metal', [LLAMA, TINY, BIG]],
    ['mac', [LLAMA, TINY, BIG]],
    ['ollama', [QWEN, GPT, CODE]],
    ['rtx 3060 12gb', [QWEN, CODE]],
    ['GTX 1080 Ti', [QWEN, GPT, CODE]],
    ['vision', [GPT]],
    ['coding', [CODE]],
    ['best coding model', [CODE]],
    ['bigcode', [CODE]],
    ['chat', [QWEN]],
  ])('%s', (query, found) => {
    expect(ids(query)).toEqual(found);
  });
});

describe('close spellings', () => {
  it('are found where nothing is called so, and only then', () => {
    for (const query of ['tinyllema', 'tinylama', 'tinyllaama', 'tinlylama'])
      expect(find(finder, query), query).toMatchObject({ places: [2], close: true });
    expect(find(finder, 'tinyllama').close).toBe(false);
    expect(ids('zzzz')).toEqual([]);
    expect(ids('gpx')).toEqual([]);
  });

  it('overlook no digit', () => {
    expect(ids('qwen3')).toEqual([]);
    expect(ids('tinylama 8b')).toEqual([]);
    expect(ids('qwen7')).toEqual([]);
    expect(ids('lama3')).toEqual([LLAMA]);
  });
});

describe('filters', () => {
  it('take program, backend, family, format, license and device', () => {
    expect(ids('', { program: 'rbee', backend: 'metal' })).toEqual([LLAMA, TINY, BIG]);
    expect(ids('', { backend: 'cuda' })).toEqual([QWEN, GPT, CODE]);
    expect(ids('', { program: 'nobody' })).toEqual([]);
    expect(ids('', { family: 'qwen', format: 'gguf', license: 'apache-2.0' })).toEqual([QWEN, GPT, CODE]);
    expect(ids('', { device: 12 })).toEqual([QWEN, CODE]);
    expect(ids('', { device: 192 })).toEqual([LLAMA, QWEN, CODE, BIG]);
  });

  it('count the memory on the workers that are meant', () => {
    expect(ids('', { device: 24, backend: 'cpu' })).toEqual([LLAMA, QWEN, CODE, BIG]);
    expect(ids('', { device: 24, program: 'any' })).toEqual([LLAMA, QWEN, CODE, BIG]);
    expect(ids('', { device: 8, program: 'ollama' })).toEqual([]);
    expect(find(finder, '', { device: 12, program: 'ollama', backend: 'cuda' })).toMatchObject({
      places: [],
      unsure: [1, 3, 4],
    });
  });

  it('keep models of unknown memory apart', () => {
    expect(find(finder, '', { device: 12 }).unsure).toEqual([3]);
    expect(find(finder, 'qwen', { device: 12 }).unsure).toEqual([]);
  });

  it('that empty a search are named', () => {
    expect(relax(finder, 'llama 8b', { format: 'gguf' })).toEqual([
      { without: { word: 'llama' }, found: 2 },
      { without: 'format', found: 1 },
    ]);
    expect(relax(finder, 'llama gguf', {})).toEqual([
      { without: { word: 'llama' }, found: 3 },
      { without: { word: 'gguf' }, found: 3 },
    ]);
    expect(relax(finder, 'zzzz', {})).toEqual([]);
  });
});

describe('models without a page', () => {
  const refused: RefusedIndex = {
    ids: ['Qwen/Qwen3-8B', 'BAAI/bge-m3', 'openai/clip'],
    reason: [0, 1, 1],
    kind: [0, 1, 2],
    reasons: ['It has no loader for qwen3.', 'It is of another kind.'],
    kinds: ['model', 'embedding', 'vision-language'],
  };
  const found = (query: string) =>
    findRefused(makeNames(refused.ids), refused, query, 5).map((at) => refused.ids[at]);

  it('are found by name and by kind', () => {
    expect(found('qwen3')).toEqual(['Qwen/Qwen3-8B']);
    expect(found('https://huggingface.co/BAAI/bge-m3')).toEqual(['BAAI/bge-m3']);
    expect(found('embedding')).toEqual(['BAAI/bge-m3']);
    expect(found('')).toEqual([]);
  });

  it('have models of like names', () => {
    expect(findNear(finder, 'Qwen/Qwen2.5-Coder-7B', 5).map((at) => index.ids[at])).toEqual([QWEN]);
    expect(findNear(finder, 'Qwen/Qwen3-8B', 5).map((at) => index.ids[at])).toEqual([QWEN, CODE]);
    expect(findNear(finder, 'x/y', 5)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { find, findNear, makeFinder, type SiteIndex } from './find.ts';

const index: SiteIndex = {
  workers: ['w-cpu', 'w-cuda'],
  groups: [
    ['llama', ['safetensors'], 'llama3', [0, 1]],
    ['qwen', ['gguf'], 'apache-2.0', [1]],
  ],
  ids: ['meta-llama/Meta-Llama-3-8B', 'Qwen/Qwen2.5-7B', 'a/TinyLlama_v1.1', 'gpt2'],
  group: [0, 1, 0, 1],
  device: [24, 8, 0, -1],
  downloads: [
    [10, 2],
    [1, 2],
  ],
  paths: {},
};
const finder = makeFinder(index);
const ids = (query: string, filters = {}) => find(finder, query, filters).places.map((at) => index.ids[at]);

describe('search', () => {
  it('overlooks separators, order and case', () => {
    for (const query of ['llama 3 8b', '8B meta llama', 'meta-llama/meta_llama', 'metallama38b'])
      expect(ids(query), query).toEqual(['meta-llama/Meta-Llama-3-8B']);
    expect(ids('qwen2.5')).toEqual(['Qwen/Qwen2.5-7B']);
  });

  it('overlooks a wrong, missing, added or swapped letter in a word, where nothing fits exactly', () => {
    for (const query of ['tinyllema', 'tinylama', 'tinyllaama', 'tinlylama', 'itnyllama', 'tinyllaam'])
      expect(find(finder, query), query).toEqual({ places: [2], fuzzy: true });
    expect(ids('gtp2')).toEqual(['gpt2']);
    expect(ids('zzzz')).toEqual([]);
    expect(ids('gpx')).toEqual([]);
  });

  it('filters by worker, family, format, license and device', () => {
    expect(ids('', { worker: 'w-cpu' })).toHaveLength(2);
    expect(ids('', { worker: 'nobody' })).toEqual([]);
    expect(ids('', { family: 'qwen', format: 'gguf', license: 'apache-2.0' })).toHaveLength(2);
    expect(ids('', { device: 12 })).toEqual(['Qwen/Qwen2.5-7B']);
    expect(ids('', { device: 192 })).toEqual(['meta-llama/Meta-Llama-3-8B', 'Qwen/Qwen2.5-7B']);
  });

  it('takes signs of patterns as text', () => {
    expect(ids('.*')).toHaveLength(4);
    expect(ids('(((( [')).toHaveLength(4);
  });

  it('finds what has a name like that of a model without a page', () => {
    expect(findNear(finder, 'Qwen/Qwen2.5-Coder-7B', 5).map((at) => index.ids[at])).toEqual([
      'Qwen/Qwen2.5-7B',
    ]);
    expect(findNear(finder, 'x/y', 5)).toEqual([]);
  });
});

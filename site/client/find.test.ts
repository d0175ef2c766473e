import fc from 'fast-check';
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
  memoryGroups: [0, 1],
  need: [0, 1, 2, 3],
  needs: [
    [24, 48],
    [8, -12],
    [0, 0],
    [null, null],
  ],
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

  it.each([
    ['ｑｗｅｎ', ['Qwen/Qwen2.5-7B']],
    ['Qwén', ['Qwen/Qwen2.5-7B']],
    ['qwen - 7b', ['Qwen/Qwen2.5-7B']],
    ['qwen 模型', []],
    ['模型', []],
    ['лама', []],
    ['لاما', []],
    ['🦙', []],
  ])('folds width and accents, and finds nothing for a word of another script: %s', (query, found) => {
    expect(ids(query)).toEqual(found);
  });

  it('looks for no more than the beginning of a pasted text', () => {
    const started = performance.now();
    expect(ids(`qwen ${' 7b'.repeat(500_000)}`)).toEqual(['Qwen/Qwen2.5-7B']);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('overlooks a wrong, missing, added or swapped letter in a word, where nothing fits exactly', () => {
    for (const query of ['tinyllema', 'tinylama', 'tinyllaama', 'tinlylama', 'itnyllama', 'tinyllaam'])
      expect(find(finder, query), query).toEqual({ places: [2], fuzzy: true });
    expect(ids('gtp2')).toEqual(['gpt2']);
    expect(ids('zzzz')).toEqual([]);
    expect(ids('gpx')).toEqual([]);
  });

  it('finds with a wrong letter what a search letter by letter finds, and no more', () => {
    const signs = ['a', 'b', 'c', '1'];
    const text = (minLength: number, maxLength: number) =>
      fc.array(fc.constantFrom(...signs), { minLength, maxLength }).map((letters) => letters.join(''));
    const misspelt = (word: string) =>
      [...word].flatMap((_, at) => {
        const [before, after] = [word.slice(0, at), word.slice(at + 1)];
        const swapped = `${before}${after.slice(0, 1)}${word[at]}${after.slice(1)}`;
        const others = signs.flatMap((sign) => [
          `${before}${sign}${after}`,
          `${before}${sign}${word.slice(at)}`,
        ]);
        return [`${before}${after}`, swapped, ...others];
      });
    fc.assert(
      fc.property(fc.array(text(1, 9), { minLength: 1, maxLength: 8 }), text(4, 8), (ids, word) => {
        const group = ids.map(() => 0);
        const exact = [...ids.keys()].filter((at) => ids[at]?.includes(word));
        const near = [...ids.keys()].filter((at) => misspelt(word).some((one) => ids[at]?.includes(one)));
        expect(find(makeFinder({ ...index, ids, group, device: group }), word)).toEqual(
          exact.length > 0 ? { places: exact, fuzzy: false } : { places: near, fuzzy: true },
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('filters by worker, family, format, license and device', () => {
    expect(ids('', { worker: 'w-cpu' })).toHaveLength(2);
    expect(ids('', { worker: 'nobody' })).toEqual([]);
    expect(ids('', { family: 'qwen', format: 'gguf', license: 'apache-2.0' })).toHaveLength(2);
    expect(ids('', { device: 12 })).toEqual(['Qwen/Qwen2.5-7B']);
    expect(ids('', { device: 192 })).toEqual(['meta-llama/Meta-Llama-3-8B', 'Qwen/Qwen2.5-7B']);
    expect(ids('', { device: 32, worker: 'w-cpu' })).toEqual(['meta-llama/Meta-Llama-3-8B']);
    expect(ids('', { device: 12, worker: 'w-cuda' })).toEqual(['Qwen/Qwen2.5-7B']);
    expect(ids('', { device: 8, worker: 'w-cuda' })).toEqual([]);
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

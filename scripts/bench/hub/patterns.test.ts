import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandPattern, patternsOf } from './patterns.ts';

const expandAll = (patterns: readonly string[], name: string) =>
  patterns.flatMap((pattern) => expandPattern(pattern, name)).sort();

test('labels of GGUF files stand in one pattern, without the name of the repository', () => {
  expect(patternsOf(['README.md', 'Tiny-1B.Q4_K_M.gguf', 'Tiny-1B.Q8_0.gguf'], 'Tiny-1B-GGUF')).toEqual([
    'README.md',
    '{n}.[Q4_K_M Q8_0].gguf',
  ]);
});

test('a file that is called otherwise than its repository has the same pattern', () => {
  expect(patternsOf(['tiny.Q4_K_M.gguf'], 'Big')).toEqual(['{n}.Q4_K_M.gguf']);
  expect(patternsOf(['mmproj-F16.gguf'], 'Big')).toEqual(['mmproj-F16.gguf']);
});

test('the numbers of a complete set of parts stand in one pattern, those of an incomplete set do not', () => {
  const parts = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  expect(patternsOf(parts, 'x1')).toEqual(['model-*-of-00002.safetensors']);
  expect(patternsOf(parts.slice(1), 'x1')).toEqual(parts.slice(1));
});

test('expanding the patterns of a repository gives its files back', () => {
  const label = fc.constantFrom(
    'Q2_K',
    'Q4_K_M',
    'UD-Q4_K_XL',
    'i1-IQ2_M',
    'IQ4_XS',
    'BF16',
    'F16',
    'q4_k_m',
  );
  const total = fc.integer({ min: 1, max: 12 });
  const gguf = fc
    .uniqueArray(label, { maxLength: 6 })
    .map((labels) => labels.map((l) => `Name-7B.${l}.gguf`));
  const parts = total.map((most) =>
    expandPattern(`model-*-of-${String(most).padStart(5, '0')}.safetensors`, ''),
  );
  const others = fc.subarray([
    'README.md',
    'config.json',
    'mmproj-F16.gguf',
    'a/b.png',
    'Name-7B.imatrix.gguf',
  ]);
  fc.assert(
    fc.property(gguf, parts, others, (...lists) => {
      const files = lists.flat().sort();
      expect(expandAll(patternsOf(files, 'Name-7B-GGUF'), 'Name-7B')).toEqual(files);
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tables } from '../testing/models.ts';
import { recognizeFile } from './files.ts';
import { ggufLabel } from './labels.ts';
import { readPart } from './parts.ts';

/** GGUF names, each with the role, the folder and the part that it has whichever file came before. */
const NAMES: readonly (readonly [
  path: string,
  role: string,
  folder: string,
  stem: string,
  total?: number,
])[] = [
  ['x-7B.Q4_K_M.gguf', 'weights', '', 'x-7B.Q4_K_M'],
  ['x-7B.Q8_0.gguf', 'weights', '', 'x-7B.Q8_0'],
  ['in/x-7B-Q4_0.gguf', 'weights', 'in', 'x-7B-Q4_0'],
  ['in/x-7B-mmproj.gguf', 'helper', 'in', 'x-7B-mmproj'],
  ['mtp-x.Q4_0.gguf', 'helper', '', 'mtp-x.Q4_0'],
  ['x-7B.imatrix.gguf', 'helper', '', 'x-7B.imatrix'],
  ['x-7B-00001-of-00003.gguf', 'weights', '', 'x-7B', 3],
  ['x-7B.part1of2.gguf', 'weights', '', 'x-7B', 2],
  ['x-7B-of-12.gguf', 'weights', '', 'x-7B-of-12'],
  ['checkpoint-1/x-7B.Q4_0.gguf', 'other', 'checkpoint-1', ''],
  ['Q4_0.gguf', 'weights', '', 'Q4_0'],
  ['x 7B (copy).Q4_0 (1).gguf', 'weights', '', 'x 7B (copy).Q4_0 (1)'],
];

it('recognizes a GGUF file alike, whichever file came before', () => {
  for (const [before] of NAMES)
    for (const [path, role, folder, stem, total] of NAMES) {
      recognizeFile(before);
      expect(recognizeFile(path)).toMatchObject({ path, role, folder, part: { stem, total } });
    }
});

it('refuses paths that cannot be in a repository, also beside others', () => {
  for (const path of [
    '../x-7B.Q4_0.gguf',
    '/x-7B.Q4_0.gguf',
    'x\n-7B.Q4_0.gguf',
    'x-7B.Q4\n0.gguf',
    'a/../x-7B.Q4_0.gguf',
  ]) {
    recognizeFile('x-7B.Q8_0.gguf');
    expect(recognizeFile(path)).toBeUndefined();
  }
});

it('reads from the end of an ordinary GGUF name the same part and label as from the whole name', () => {
  const labels = 'Q4 Q4_K_M q8_0 IQ2_XXS BF16 f32 MXFP4_MOE_BF16 Q4_K_Gv2';
  const others = 'x 7B UD ud i1 of v3_ 00001-of-00003 00002-of-00003 1-of-2 a/b Q8_0/x UD/x';
  const word = fc.constantFrom('', ...labels.split(' '), ...others.split(' '));
  const names = fc
    .array(fc.tuple(word, fc.constantFrom('-', '.', '_', ' ', '--')), { minLength: 1, maxLength: 5 })
    .map((words) => `m${words.map(([text, sign]) => sign + text).join('')}.gguf`);
  let ordinary = 0;
  fc.assert(
    fc.property(names, (name) => {
      const file = recognizeFile(name);
      if (file?.ending === undefined) return;
      ordinary += 1;
      expect(file.part).toEqual(readPart(file.base));
      expect(ggufLabel(file, tables)).toEqual(ggufLabel({ ...file, ending: undefined }, tables));
    }),
    { numRuns: 3_000 },
  );
  expect(ordinary).toBeGreaterThan(500);
});

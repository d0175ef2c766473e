import { expect, it } from 'vitest';
import { NumberedTexts } from './numbered-texts.ts';

it('equal texts have one number, in the order in which they first come', () => {
  const texts = new NumberedTexts();
  expect(['b', 'a', 'b', '', 'a'].map((text) => texts.numberOf(text))).toEqual([0, 1, 0, 2, 1]);
  expect(texts.texts).toEqual(['b', 'a', '']);
});

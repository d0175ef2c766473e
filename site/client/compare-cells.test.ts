import { expect, it } from 'vitest';
import { compareCells, type Order } from './compare-cells.ts';

const sorted = (cells: readonly string[], order: Order) =>
  [...cells].sort((a, b) => compareCells(a, b, order));

it('compares numbers as numbers and texts as texts, and puts empty cells last either way', () => {
  expect(sorted(['1,200', '', '30', '4'], 'ascending')).toEqual(['4', '30', '1,200', '']);
  expect(sorted(['1,200', '', '30', '4'], 'descending')).toEqual(['1,200', '30', '4', '']);
  expect(sorted(['b', 'A', '', 'c'], 'descending')).toEqual(['c', 'b', 'A', '']);
});

/** The order of cells of a table. */

export type Order = 'ascending' | 'descending';

/** Compares numbers as numbers and texts as texts; an empty cell comes last in either order. */
export function compareCells(a: string, b: string, order: Order): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === '');
  const [one, other] = [numberIn(a), numberIn(b)];
  const ascending = Number.isNaN(one) || Number.isNaN(other) ? a.localeCompare(b, 'en') : one - other;
  return order === 'ascending' ? ascending : -ascending;
}

const numberIn = (text: string) => Number(text.replaceAll(',', ''));

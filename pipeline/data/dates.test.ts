import { expect, it } from 'vitest';
import { isDate } from './dates.ts';

it('takes a year, a month or a day that there is', () => {
  expect(['2025', '2025-10', '2025-10-31', '2024-02-29'].every(isDate)).toBe(true);
  expect(['2025-13', '2025-02-30', '25', 'October', '2025-1', ''].some(isDate)).toBe(false);
});

import { describe, expect, it } from 'vitest';
import { csvCell } from './export.ts';

describe('csvCell', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['@cmd', "'@cmd"],
    ['-1+2', "'-1+2"],
  ])('writes %j as %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('writes numbers, lists and nothing', () => {
    expect([csvCell(-5), csvCell(['a', 'b']), csvCell(null)]).toEqual(['-5', 'a b', '']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, formatEntry, parseEntry, withoutDoubles } from './entry.ts';

const text = fc.stringMatching(/^[ -~]{0,20}$/);
const entry: fc.Arbitrary<Entry> = fc.record({
  prefix: fc.nat(65_535),
  pass: fc.nat(1),
  fields: fc.nat(65_535),
  lastModified: fc.constantFrom('unknown', '2024-01-01', '2025-01-01T00:00:00.000Z'),
  allowed: fc.boolean(),
  runs: fc.boolean(),
  gone: fc.boolean(),
  row: text,
  downloads: fc.integer({ min: -1, max: 1e9 }),
  bases: fc.array(fc.stringMatching(/^[a-z]{1,5}\/[a-z]{1,5}$/), { maxLength: 3 }),
  id: fc.constantFrom('a/b', 'c/d', 'e/f'),
  listed: text,
  pending: text,
  facts: text,
  volatile: text,
});

describe('an entry', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(entry, (one) => {
        expect(parseEntry(formatEntry(one))).toEqual(one);
      }),
    );
  });
});

describe('doubles', () => {
  it('are one model each, the same in any order', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const found = withoutDoubles(entries);
        expect(withoutDoubles([...entries].reverse())).toEqual(found);
        expect(new Set(found.entries.map(({ id }) => id)).size).toBe(found.entries.length);
      }),
    );
  });

  const [plain] = fc.sample(entry, 1) as [Entry];
  const of = (rest: Partial<Entry>): Entry => ({ ...plain, id: 'a/b', gone: false, pass: 0, ...rest });

  it('are told by the newest, then by what was judged last, then by the refused', () => {
    const old = of({ lastModified: '2024-01-01', pass: 1, row: 'old' });
    const first = of({ lastModified: '2025-01-01', pass: 0, row: 'first', allowed: false });
    const again = of({ lastModified: '2025-01-01', pass: 1, row: 'again', allowed: true });
    expect(withoutDoubles([old, first, again]).entries.map(({ row }) => row)).toEqual(['again']);
    const allowed = of({ row: 'a', allowed: true });
    const refused = of({ row: 'b', allowed: false });
    expect(withoutDoubles([allowed, refused])).toMatchObject({ entries: [{ row: 'b' }], doubles: 1 });
  });

  it('do not count a record that was judged again, and lose one that is gone', () => {
    const again = [of({ pass: 0 }), of({ pass: 1, row: 'again' })];
    expect(withoutDoubles(again)).toMatchObject({ doubles: 0, entries: [{ row: 'again' }] });
    expect(withoutDoubles([of({ pass: 0 }), of({ pass: 1, gone: true })])).toEqual({
      doubles: 0,
      entries: [],
    });
  });
});

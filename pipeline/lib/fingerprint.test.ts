import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrintTable, printOf } from './fingerprint.ts';

describe('printOf', () => {
  const bits = (record: unknown) => {
    const print = printOf(JSON.stringify(record));
    return print === undefined ? undefined : [print.high, print.low];
  };

  it('does not depend on downloads, likes and trend, and tells them', () => {
    expect(bits({ id: 'a/b', downloads: 5, likes: 1 })).toEqual(
      bits({ id: 'a/b', downloads: 70, likes: 20 }),
    );
    expect(printOf('{"id":"a/b","downloads":5,"trendingScore":1.5}')).toMatchObject({
      downloads: 5,
      likes: -1,
      trendingScore: 1.5,
    });
  });

  it('depends on everything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [one, other] = [
          { id: a, downloads: 1 },
          { id: b, downloads: 1 },
        ].map((record) => JSON.stringify(record));
        fc.pre(one !== other && printOf(one ?? '') !== undefined && printOf(other ?? '') !== undefined);
        expect(printOf(one ?? '')).not.toEqual(printOf(other ?? ''));
      }),
    );
  });

  it.each([
    ['a field that is there twice', { downloads: 1, cardData: { downloads: 2 } }],
    ['one that is no number', { downloads: '5' }],
    ['a negative one', { likes: -1 }],
    ['one that is no whole number', { downloads: 1.5 }],
    ['a huge one', { downloads: 1e300 }],
  ])('gives none for %s', (_, record) => {
    expect(bits(record)).toBeUndefined();
  });

  it('takes a quoted name within a text for text', () => {
    expect(printOf(JSON.stringify({ note: '"downloads":7,', downloads: 3 }))?.downloads).toBe(3);
  });
});

describe('PrintTable', () => {
  it('finds what was added, and nothing else', () => {
    const word = fc.nat(0xffff_ffff);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(word, word), { selector: String }), word, (all, other) => {
        const table = PrintTable.forRecords(all.length);
        for (const [at, [high, low]] of all.entries()) table.add({ high, low }, { place: at, fields: 7 });
        const shared = new PrintTable(table.buffer);
        for (const [at, [high, low]] of all.entries())
          expect(shared.find({ high, low })).toEqual({ place: at, fields: 7 });
        const stranger = { high: other, low: 5 };
        if (!all.some(([high, low]) => high === other && low === 5))
          expect(shared.find(stranger)).toBeUndefined();
      }),
    );
  });
});

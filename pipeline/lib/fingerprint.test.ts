import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesOnce, Printer, PrintTable } from './fingerprint.ts';

const printer = new Printer('key');
const printOf = (line: string) => printer.printOf(Buffer.from(line));

describe('printOf', () => {
  const bits = (record: unknown) => printOf(JSON.stringify(record))?.name;

  it('does not depend on downloads, likes and trend, and tells them', () => {
    const record = { id: 'a/b', private: false, downloads: 5, likes: 1 };
    expect(bits({ ...record, tags: ['x'] })).toEqual(
      bits({ ...record, downloads: 70, likes: 20, tags: ['x'] }),
    );
    expect(printOf('{"id":"a/b","downloads":5,"likes":2,"trendingScore":1.5}')).toMatchObject({
      downloads: 5,
      likes: 2,
      trendingScore: 1.5,
    });
    expect(printOf('{"id":"a/b","downloads":5,"likes":2}')?.trendingScore).toBe(-1);
  });

  it('depends on everything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [one, other] = [a, b].map((id) => JSON.stringify({ downloads: 1, likes: 1, id }));
        fc.pre(one !== other);
        expect(printOf(one ?? '')).not.toEqual(printOf(other ?? ''));
      }),
    );
  });

  it.each([
    ['fields behind one that holds others', { cardData: { downloads: 2 }, downloads: 1, likes: 1 }],
    ['fields within another', { cardData: { downloads: 2, likes: 3 } }],
    ['fields behind a text with a quote in it', { note: 'a","downloads":1', downloads: 1, likes: 1 }],
    ['one that is missing', { downloads: 1 }],
    ['others between them', { downloads: 1, id: 'a/b', likes: 1 }],
    ['one that is no number', { downloads: '5', likes: 1 }],
    ['a negative one', { downloads: 1, likes: -1 }],
    ['one that is no whole number', { downloads: 1.5, likes: 1 }],
    ['a huge one', { downloads: 1e300, likes: 1 }],
  ])('gives none for %s', (_, record) => {
    expect(bits(record)).toBeUndefined();
  });

  it.each([
    '{"downloads":07,"likes":1}',
    '{"downloads":7,"likes":00}',
    '{"downloads":7,"likes":1,"trendingScore":01}',
  ])('takes no number that JSON has no word for: %s', (line) => {
    expect(printOf(line)?.name).not.toBe(printOf('{"downloads":7,"likes":1,"trendingScore":1}')?.name);
  });

  it('gives other bits with another key', () => {
    const line = JSON.stringify({ downloads: 1, likes: 1 });
    expect(new Printer('other').printOf(Buffer.from(line))?.name).not.toBe(printOf(line)?.name);
    expect(new Printer('key').printOf(Buffer.from(line))).toEqual(printOf(line));
  });

  it('does not mistake a later field of the same name for the one of the record', () => {
    const record = { downloads: 1, likes: 1, cardData: { downloads: 2 } };
    expect(bits(record)).toEqual(bits({ ...record, downloads: 9 }));
    expect(bits(record)).not.toEqual(bits({ ...record, cardData: { downloads: 9 } }));
  });
});

describe('namesOnce', () => {
  it.each([
    ['{"id":"a/b","downloads":7,"likes":1,"trendingScore":2,"tags":["x\\u2028"]}', true],
    ['{"id":"a/b","downloads":7,"likes":1,"downloads":8}', false],
    ['{"downloads":7,"likes":1,"tags":["x"],"trendingScore":2}', false],
    ['{"trendingScore":9,"downloads":7,"likes":1,"trendingScore":2}', true],
    ['{"id":"a/b","downloads":7,"likes":1,"\\u006cikes":8}', false],
  ])('tells whether a later field may take the place of one that was seen: %s', (line, once) => {
    const print = printOf(line);
    expect(print !== undefined && namesOnce(line, print)).toBe(once);
  });
});

describe('PrintTable', () => {
  it('finds what was added, and nothing else', () => {
    const name = fc.bigInt(0n, 2n ** 64n - 1n).map((bits) => bits.toString(16).padStart(16, '0'));
    fc.assert(
      fc.property(fc.uniqueArray(name), name, (all, other) => {
        const table = PrintTable.forRecords(all.length);
        for (const [at, one] of all.entries()) table.add(one, { place: at, fields: 7 });
        const shared = new PrintTable(table.buffer);
        for (const [at, one] of all.entries()) expect(shared.find(one)).toEqual({ place: at, fields: 7 });
        if (!all.includes(other)) expect(shared.find(other)).toBeUndefined();
      }),
    );
  });
});

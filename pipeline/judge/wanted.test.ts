import { expect, it } from 'vitest';
import { detailKey, WantedList } from './wanted.ts';

const key = (id: string) => ({ _id: '0'.repeat(24), id, sha: '1'.repeat(40) });
const wanted = (id: string, downloads: number, gate = true) => ({
  key: key(id),
  config: true,
  sizes: true,
  gate,
  downloads,
});

it('keeps the most downloaded within the budget and counts the rest, merged or not', () => {
  const [one, other] = [new WantedList(3), new WantedList(3)];
  for (let n = 0; n < 5_000; n += 1) (n % 2 === 0 ? one : other).add(wanted(`o/m${n}`, n));
  one.merge(other.list());
  const { details, left } = one.list();
  expect(details.map((detail) => detail.key.id)).toEqual(['o/m4999', 'o/m4998', 'o/m4997']);
  expect(left).toBe(4_997);
});

it('keeps none within a budget of 0, and counts all', () => {
  const list = new WantedList(0);
  list.add(wanted('a/b', 1));
  expect(list.list()).toEqual({ details: [], left: 1, leftOthers: 0 });
});

it('keeps what a gate worker may run before what only other engines run, and counts both', () => {
  const list = new WantedList(3);
  for (let n = 0; n < 2; n += 1) list.add(wanted(`own/m${n}`, n));
  for (let n = 0; n < 4_000; n += 1) list.add(wanted(`other/m${n}`, 100 + n, false));
  const { details, left, leftOthers } = list.list();
  expect(details.map((detail) => detail.key.id)).toEqual(['own/m1', 'own/m0', 'other/m3999']);
  expect([left, leftOthers]).toEqual([0, 3_999]);
});

it('has no key for a record without a commit, or with what the Hub does not write', () => {
  expect(detailKey(key('a/b'))).toEqual(key('a/b'));
  expect(detailKey({ ...key('a/b'), sha: undefined })).toBeUndefined();
  expect(detailKey({ ...key('a/b'), sha: '../x' })).toBeUndefined();
  expect(detailKey({ ...key('../../etc') })).toBeUndefined();
});

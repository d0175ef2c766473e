import { describe, expect, it } from 'vitest';
import { makeFinder } from './find.ts';
import { fitsIn, leastNeed, type Need } from './needs.ts';
import { sortPlaces } from './sort-places.ts';

const { index } = makeFinder({
  workers: [],
  groups: [],
  ids: ['a', 'b', 'c', 'd'],
  group: [0, 0, 0, 0],
  memoryGroups: [],
  need: [0, 0, 0, 0],
  needs: [[]],
  downloads: [[1, 4]],
  paths: {},
  millions: [8000, 7000, -1, 9000],
  smallest: [4, -1, 2, 2],
});
const NEEDS: readonly (readonly Need[])[] = [[8], [-8], [0], [null]];
const sorted = (order: string) => sortPlaces(index, [0, 1, 2, 3], order, (at) => NEEDS[at] ?? []);

describe('the order of results', () => {
  it('puts what is unknown last, and keeps equal models as they were', () => {
    expect(sorted('parameters')).toEqual([3, 0, 1, 2]);
    expect(sorted('file')).toEqual([2, 3, 0, 1]);
    expect(sorted('memory')).toEqual([0, 1, 2, 3]);
    expect(sorted('nonsense')).toEqual([0, 1, 2, 3]);
  });
});

describe('the memory that a model needs on several workers', () => {
  it('fits where one of them surely fits it, and is not known where one may', () => {
    expect(fitsIn([-8, 12], 12)).toBe(true);
    expect(fitsIn([-8, 12], 8)).toBeUndefined();
    expect(fitsIn([null, 48], 12)).toBeUndefined();
    expect(fitsIn([0, 48], 12)).toBe(false);
    expect(fitsIn([], 12)).toBe(false);
  });

  it('is shown by the smallest device that surely holds it', () => {
    expect([[-8, 12, 24], [-8, -12], [0, 0], [null, 0], []].map(leastNeed)).toEqual([12, -8, 0, null, null]);
  });
});

import { describe, expect, it } from 'vitest';
import { barParts } from './memory-bar.ts';

const MEMORY = { weightBytes: 4.7e9, cacheBytes: 0.5e9, overheadBytes: 0.7e9 };

describe('the bar of memory', () => {
  it('shows each part, what stays free, and what is left to the system, of the whole device', () => {
    const parts = barParts(MEMORY, 12, 11e9);
    expect(parts.map(({ words }) => words)).toEqual([
      'weights 4.70 GB',
      'cache 500 MB',
      'overhead 700 MB',
      'free 5.10 GB',
      'left to the system 1.00 GB',
    ]);
    const last = parts.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo(100, 1);
  });

  it('leaves out a part that is nothing, or not known', () => {
    const parts = barParts({ ...MEMORY, cacheBytes: 'unknown', overheadBytes: 0 }, 12, 12e9);
    expect(parts.map(({ name }) => name)).toEqual(['weights', 'free']);
  });

  it('is not drawn for what does not fit, or has no size', () => {
    expect(barParts(MEMORY, 8, 5e9)).toEqual([]);
    expect(barParts({ ...MEMORY, weightBytes: 'unknown' }, 8, 7e9)).toEqual([]);
  });
});

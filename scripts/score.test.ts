import { describe, expect, it } from 'vitest';
import { scoreCases } from './score.ts';
import { hasStandInHub, PUBLIC_CASES } from './stand-in-hub.ts';

describe('the known cases', () => {
  it.skipIf(!hasStandInHub())(
    'are all right, crawled from the stand-in Hub (skipped without ../shared)',
    async () => {
      const scores = await scoreCases(PUBLIC_CASES);
      expect(scores.flatMap(({ misses }) => misses)).toEqual([]);
      expect(scores.slice(0, 8).map(({ total }) => total)).toEqual([70, 70, 69, 47, 70, 70, 70, 70]);
    },
  );
});

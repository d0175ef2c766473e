import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CompatibilityCache } from './cache.ts';

const key = (model: string, sha = 'a') => ({ model, sha, worker: 'w', workerVersion: '1' });

describe('CompatibilityCache', () => {
  it('computes once per key, also for callers who come while it computes', async () => {
    const cache = new CompatibilityCache<{ n: number }>();
    let computed = 0;
    const compute = async () => {
      computed += 1;
      await sleep(5);
      return { n: computed };
    };
    const values = await Promise.all(Array.from({ length: 10 }, () => cache.get(key('a/b'), compute)));
    expect(new Set(values.map(({ n }) => n))).toEqual(new Set([1]));
    await cache.get(key('a/b'), compute);
    await cache.get(key('a/b', 'another commit'), compute);
    await cache.get({ ...key('a/b'), workerVersion: '2' }, compute);
    expect(computed).toBe(3);
    expect(cache.statistics).toEqual({ entries: 3, hits: 1, misses: 3, shared: 9 });
  });

  it('lets the least recently used go, and what is too old', async () => {
    const cache = new CompatibilityCache<{ n: number }>({ maxEntries: 2, ttlMs: 30 });
    const ask = (model: string) => cache.get(key(model), () => ({ n: 1 }));
    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c');
    await ask('a');
    expect(cache.statistics).toMatchObject({ entries: 2, hits: 2, misses: 3 });
    await ask('b');
    expect(cache.statistics.misses).toBe(4);
    await sleep(60);
    await ask('b');
    expect(cache.statistics.misses).toBe(5);
  });

  it('holds no failure', async () => {
    const cache = new CompatibilityCache<{ n: number }>();
    const fail = () => Promise.reject(new Error('no'));
    await expect(cache.get(key('a'), fail)).rejects.toThrow('no');
    const failAtOnce = () => {
      throw new Error('at once');
    };
    await expect(cache.get(key('a'), failAtOnce)).rejects.toThrow('at once');
    expect(await cache.get(key('a'), () => ({ n: 2 }))).toEqual({ n: 2 });
  });
});

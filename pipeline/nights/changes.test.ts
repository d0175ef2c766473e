import { expect, it } from 'vitest';
import type { Matrix, WorkerModels } from '../read/index.ts';
import { compareNights, type ListedNight } from './changes.ts';

const lists = (high: string[], medium: string[], low: string[]): WorkerModels => ({ high, medium, low });
const night = (allowlist: string[], workers: Record<string, WorkerModels>): ListedNight => ({
  allowlist: async () => allowlist,
  worker: async (id) => workers[id],
});

const before = night(['a/moves', 'b/goes', 'c/stays', 'd/stays', 'f/refused'], {
  cpu: lists(['a/moves', 'b/goes', 'f/refused'], ['c/stays'], []),
  cuda: lists(['b/goes', 'c/stays'], [], ['d/stays']),
});
const after = night(['a/moves', 'c/stays', 'd/stays', 'e/comes'], {
  cpu: lists(['e/comes'], ['c/stays'], ['a/moves']),
  cuda: lists(['c/stays', 'e/comes'], [], ['d/stays']),
  metal: lists(['d/stays'], [], ['e/comes']),
});

/** A matrix that lists only one of the models that left, with a verdict of each worker. */
const matrix = {
  ...after,
  find: async function* (ids: readonly string[]) {
    expect(ids).toEqual(['b/goes', 'f/refused']);
    const verdicts = new Map([
      ['cpu', { reasons: ['No loader.'], reasonCodes: ['architecture_unsupported'] }],
      ['cuda', { reasons: ['Other.'], reasonCodes: ['kind_unknown'] }],
    ]);
    yield { id: 'f/refused', verdicts };
  },
} as unknown as Pick<Matrix, 'allowlist' | 'worker' | 'find'>;

it('tells what came, what went and why, and for whom the confidence changed', async () => {
  expect(await compareNights(before, matrix, ['cpu', 'cuda', 'metal'])).toEqual({
    first: false,
    added: [{ id: 'e/comes', workers: ['cpu', 'cuda', 'metal'] }],
    removed: [
      { id: 'b/goes', reasons: ['The Hub no longer lists it.'], reasonCodes: ['gone'] },
      { id: 'f/refused', reasons: ['No loader.'], reasonCodes: ['architecture_unsupported'] },
    ],
    changed: [
      { id: 'a/moves', worker: 'cpu', from: 'high', to: 'low' },
      { id: 'd/stays', worker: 'metal', from: 'none', to: 'high' },
    ],
  });
});

it('says of a first night that it is the first, and nothing else', async () => {
  expect(await compareNights(undefined, matrix, ['cpu'])).toEqual({
    first: true,
    added: [],
    removed: [],
    changed: [],
  });
});

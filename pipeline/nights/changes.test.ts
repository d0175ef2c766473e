import { expect, it } from 'vitest';
import { compareNights, type WorkerModels } from './changes.ts';

const lists = (high: string[], medium: string[], low: string[]): WorkerModels => ({ high, medium, low });

it('tells what came, what went and for whom the confidence changed, from sorted lists alone', () => {
  const before = new Map([
    ['cpu', lists(['a/moves', 'b/goes'], ['c/stays'], [])],
    ['cuda', lists(['b/goes', 'c/stays'], [], ['d/stays'])],
  ]);
  const changes = compareNights(
    { allowlist: ['a/moves', 'b/goes', 'c/stays', 'd/stays'], worker: (id) => before.get(id) },
    {
      allowlist: ['a/moves', 'c/stays', 'd/stays', 'e/comes'],
      workers: new Map([
        ['cpu', lists(['e/comes'], ['c/stays'], ['a/moves'])],
        ['cuda', lists(['c/stays', 'e/comes'], [], ['d/stays'])],
        ['metal', lists(['d/stays'], [], ['e/comes'])],
      ]),
    },
    (id, worker) => {
      expect([id, worker]).toEqual(['b/goes', 'cpu']);
      return undefined;
    },
  );
  expect(changes).toEqual({
    first: false,
    added: [{ id: 'e/comes', workers: ['cpu', 'cuda', 'metal'] }],
    removed: [{ id: 'b/goes', reasons: ['The Hub no longer lists it.'], reasonCodes: ['gone'] }],
    changed: [
      { id: 'a/moves', worker: 'cpu', from: 'high', to: 'low' },
      { id: 'd/stays', worker: 'metal', from: 'none', to: 'high' },
    ],
  });
});

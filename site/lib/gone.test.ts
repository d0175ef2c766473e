import { expect, it } from 'vitest';
import { gonePages } from './gone.ts';

const left = (id: string) => ({ id, on: '2026-03-02', reasonCodes: ['gone'], reasons: ['Left.'] });

it('a page that is gone is told by its id, and by its path where that was another', () => {
  const gone = gonePages(['a/b', 'a/v1.', 'Foo/Bar', 'Left/X', 'left/x'].map(left), ['c/d', 'foo/bar']);
  expect(gone['a/b']).toEqual({ on: '2026-03-02', reasons: ['Left.'] });
  expect(Object.entries(gone).map(([id, { path }]) => [id, path])).toEqual([
    ['a/b', undefined],
    ['a/v1.', expect.stringMatching(/^a\/v1~\w{8}$/)],
    ['Foo/Bar', expect.stringMatching(/^Foo~\w{8}\/Bar~\w{8}$/)],
    ['Left/X', expect.stringMatching(/^Left~\w{8}\/X~\w{8}$/)],
    ['left/x', expect.stringMatching(/^left~\w{8}\/x~\w{8}$/)],
  ]);
});

it('what is back is not gone', () => {
  expect(gonePages([left('a/b')], ['a/b'])).toEqual({});
});

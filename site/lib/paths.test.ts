import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findOddPaths } from './paths.ts';

const pathsOf = (...ids: string[]) => {
  const odd = findOddPaths([...ids].sort());
  return ids.map((id) => odd.get(id) ?? id);
};

it('a repo id is its own path, with case and dots', () => {
  expect(pathsOf('Qwen/Qwen2.5-0.5B', 'gpt2', 'a/b', 'a/b.txt')).toEqual([
    'Qwen/Qwen2.5-0.5B',
    'gpt2',
    'a/b',
    'a/b.txt',
  ]);
});

it('ids that differ in case alone get paths that differ in more', () => {
  expect(pathsOf('Foo/Bar', 'foo/bar', 'Foo/x')).toEqual([
    expect.stringMatching(/^Foo~\w{8}\/Bar~\w{8}$/),
    expect.stringMatching(/^foo~\w{8}\/bar~\w{8}$/),
    expect.stringMatching(/^Foo~\w{8}\/x$/),
  ]);
});

it('what disks change, and files that stand beside pages, is not taken', () => {
  for (const id of ['a/b.json', 'a/b.png', 'a/index.html', 'a/con', 'nul.x/b', 'a/B.JSON', 'data.json'])
    expect(pathsOf(id)[0]).toMatch(/~\w{8}/);
});

it('what is no repo id is refused', () => {
  for (const id of ['../x', 'a/..', 'a/b/c', 'a b/c', 'a/<b>', '', 'a/'])
    expect(() => findOddPaths([id]), id).toThrow(/no repo id/);
});

const segment = fc.stringMatching(/^[abAB.]{1,4}(?:json|png|con)?$/).filter((text) => !/^\.+$/.test(text));
const ids = fc.uniqueArray(
  fc.oneof(
    segment,
    fc.tuple(segment, segment).map((pair) => pair.join('/')),
  ),
);

it('no two pages share a path on a disk that knows one case, nor a file with another page’s folder', () => {
  fc.assert(
    fc.property(ids, (drawn) => {
      const paths = pathsOf(...drawn).map((path) => path.toLowerCase());
      const files = paths.flatMap((path) => [`${path}/index.html`, `${path}.json`, `${path}.png`]);
      expect(new Set(files).size).toBe(files.length);
      const folders = new Set(
        files.flatMap((file) => file.split('/').map((_, at, all) => all.slice(0, at).join('/'))),
      );
      expect(files.filter((file) => folders.has(file))).toEqual([]);
    }),
  );
});

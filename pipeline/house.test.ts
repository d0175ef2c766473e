import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Room -> the rooms whose code it may run. Types may be imported from anywhere upstream. */
const MAY_RUN: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  extract: ['lib'],
  evaluate: ['lib', 'extract'],
  crawl: ['lib'],
  workers: ['lib', 'extract'],
  tables: ['lib', 'extract'],
  intake: ['lib', 'crawl', 'extract', 'write'],
  threads: ['lib', 'evaluate', 'intake', 'tables', 'write'],
  write: ['lib', 'extract', 'evaluate', 'workers'],
  guards: ['lib'],
  report: ['lib', 'guards', 'write'],
  read: ['lib', 'write'],
  api: ['lib', 'crawl', 'extract', 'evaluate', 'tables', 'workers'],
};

function imports(path: string): { target: string; typeOnly: boolean }[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/g)].map((match) => ({
    typeOnly: match[1] !== undefined,
    target: match[2] ?? '',
  }));
}

const files = (await glob(`${root}**/*.ts`)).filter(
  (path) => !path.endsWith('.test.ts') && !path.includes('/testing/'),
);
const roomOf = (path: string) => {
  const [room = '', rest] = relative(root, path).split('/');
  return rest === undefined ? '' : room;
};

describe('the house', () => {
  it('lets imports point one way: command line, build, rooms, lib', () => {
    const wrong = files.flatMap((path) => {
      const room = roomOf(path);
      if (room === '') return [];
      return imports(path)
        .filter(({ target, typeOnly }) => target.startsWith('.') && !typeOnly)
        .map(({ target }) => roomOf(resolve(dirname(path), target)))
        .filter((to) => to !== room && !MAY_RUN[room]?.includes(to))
        .map((to) => `${relative(root, path)} runs ${to === '' ? 'the top floor' : to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('gives the site what reads out/ and nothing that judges or crawls', async () => {
    const site = fileURLToPath(new URL('../site/', import.meta.url));
    const own = await glob(`${site}{app,client,lib,views}/**/*.{ts,tsx}`);
    const run = own
      .filter((path) => !path.endsWith('.test.ts'))
      .flatMap((path) =>
        imports(path).map((found) => ({ ...found, target: resolve(dirname(path), found.target) })),
      )
      .filter(({ target, typeOnly }) => target.startsWith(root) && !typeOnly)
      .map(({ target }) => relative(root, target));
    expect(run).toContain('read/node.ts');
    expect(
      run.filter((path) => !/^(?:read|lib)\/|^(?:advice|export|evaluate\/memory)\.ts$/.test(path)),
    ).toEqual([]);
  });

  it('keeps the network in crawl, and zod and node: out of the pure rooms', () => {
    for (const path of files) {
      const room = roomOf(path);
      const targets = imports(path).map(({ target }) => target);
      if (room !== 'crawl') expect(targets, path).not.toContain('undici');
      if (room === 'extract' || room === 'evaluate') {
        expect(
          targets.filter((target) => target === 'zod' || target.startsWith('node:')),
          path,
        ).toEqual([]);
      }
    }
  });

  it('lets only the command line touch the process', () => {
    const touching = files.filter((path) => /\bprocess\./.test(readFileSync(path, 'utf8')));
    expect(touching.map((path) => relative(root, path))).toEqual(['cli.ts']);
  });
});

import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Room -> the rooms whose code it may run. Types may be imported from anywhere. */
const MAY_RUN: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  data: ['lib'],
  extract: ['data', 'lib'],
  evaluate: ['extract', 'data', 'lib'],
  format: ['evaluate', 'extract', 'data', 'lib'],
  read: ['format', 'evaluate', 'extract', 'data', 'lib'],
  judge: ['format', 'evaluate', 'extract', 'data', 'lib'],
  crawl: ['extract', 'lib'],
  threads: ['lib'],
  write: ['read', 'judge', 'format', 'data', 'lib'],
  nights: ['read', 'format', 'data', 'lib'],
  api: ['read', 'crawl', 'evaluate', 'extract', 'data', 'lib'],
  'jobs.ts': ['write', 'judge', 'crawl', 'data', 'lib'],
  'judge-listing.ts': ['judge'],
  'build.ts': ['jobs.ts', 'judge-listing.ts', 'crawl', 'threads', 'write', 'nights', 'data', 'lib'],
  commands: ['build.ts', 'api', 'nights', 'read', 'crawl', 'evaluate', 'extract', 'data', 'lib'],
  'start-cli.ts': ['commands', 'lib'],
  'cli.ts': ['start-cli.ts', 'commands'],
  'package-cli.ts': ['start-cli.ts', 'commands', 'lib'],
  'index.ts': ['api', 'read', 'extract', 'data', 'lib'],
  'browser.ts': ['api', 'read', 'data', 'lib'],
};

function imports(path: string): { target: string; typeOnly: boolean }[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/g)].map((match) => ({
    typeOnly: match[1] !== undefined,
    target: match[2] ?? '',
  }));
}

/** Matches the beginning of a doc comment, alone on its line, whose first word leaves out subject and verb. */
const DANGLING = /^[ \t]*\/\*\*[\s*]*((?:Of|What|By|Whether|How|Where|Which|Why)\b[^\n]*)/gm;

/** Returns the doc comments of a source text that begin with a dangling word. */
function danglingComments(text: string): string[] {
  return [...text.matchAll(DANGLING)].map((match) => match[1] ?? '');
}

const files = (await glob('**/*.ts', { cwd: root, absolute: true })).filter(
  (path) => !path.endsWith('.test.ts') && !path.includes('/testing/'),
);
/** The folder at the top of pipeline/; a file at the top is a room of its own. */
const roomOf = (path: string) => relative(root, path).split('/')[0] ?? '';

describe('the house', () => {
  it('lets imports point one way, for every file', () => {
    const wrong = files.flatMap((path) => {
      const room = roomOf(path);
      return imports(path)
        .filter(({ target, typeOnly }) => target.startsWith('.') && !typeOnly)
        .map(({ target }) => roomOf(resolve(dirname(path), target)))
        .filter((to) => to !== room && !MAY_RUN[room]?.includes(to))
        .map((to) => `${relative(root, path)} runs ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('gives the site what reads out/ and nothing that judges or crawls', async () => {
    const site = fileURLToPath(new URL('../site/', import.meta.url));
    const own = await glob('{app,client,lib,views}/**/*.{ts,tsx}', { cwd: site, absolute: true });
    const run = own
      .filter((path) => !path.endsWith('.test.ts'))
      .flatMap((path) =>
        imports(path).map((found) => ({ ...found, target: resolve(dirname(path), found.target) })),
      )
      .filter(({ target, typeOnly }) => target.startsWith(root) && !typeOnly)
      .map(({ target }) => relative(root, target));
    expect(run).toContain('read/node.ts');
    expect(
      run.filter(
        (path) => !/^(?:read|format|lib)\/|^(?:commands\/export|evaluate\/memory-device)\.ts$/.test(path),
      ),
    ).toEqual([]);
  });

  it('keeps the network in crawl, and zod and node: out of the pure rooms', () => {
    for (const path of files) {
      const room = roomOf(path);
      const targets = imports(path).map(({ target }) => target);
      if (room !== 'crawl') expect(targets, path).not.toContain('undici');
      // The schema of listing records is the boundary; `api/record.ts` reads them without zod.
      if ((room === 'extract' && !path.endsWith('/record.ts')) || room === 'evaluate') {
        expect(
          targets.filter((target) => target === 'zod' || target.startsWith('node:')),
          path,
        ).toEqual([]);
      }
    }
  });

  it('gives glob no full path, since folders have names such as matrix (1): findMatches takes one', async () => {
    const code = await glob('{pipeline,scripts,site}/**/*.{ts,tsx}', {
      ignore: ['**/{node_modules,next,dist,out}/**'],
    });
    const wrong = code.filter((path) => /\bglob(?:\.sync)?\((?:`|[A-Z])/.test(readFileSync(path, 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('begins doc comments with a verb or a noun phrase', async () => {
    expect(danglingComments('/** Whether it runs. */\n  /**\n   * Of a mixture: experts.\n   */')).toEqual([
      'Whether it runs. */',
      'Of a mixture: experts.',
    ]);
    expect(danglingComments('/** Tells whether it runs. */\n/** Often set. */')).toEqual([]);

    const code = await glob('{pipeline,scripts,site}/**/*.{ts,tsx}', {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      ignore: ['**/{node_modules,next,dist,out}/**'],
    });
    for (const folder of ['pipeline/', 'scripts/', 'site/'])
      expect(code.filter((path) => path.startsWith(folder)).length, folder).toBeGreaterThan(0);
    const wrong = code.flatMap((path) =>
      danglingComments(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).map(
        (comment) => `${path}: ${comment}`,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('lets only the command line touch the process', () => {
    const touching = files.filter((path) => /\bprocess\./.test(readFileSync(path, 'utf8')));
    expect(touching.map((path) => relative(root, path))).toEqual(['start-cli.ts']);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findMatches, splitPattern } from './find-files.ts';

const dir = mkdtempSync(join(tmpdir(), 'find-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('findMatches', () => {
  it.each([
    'plain',
    'matrix (1)',
    'Dropbox (Personal)',
    '[work]',
    'a{b,c}',
    'c++',
    '!important',
    '@(team)',
    '*star',
    '模型',
    "it's",
  ])('finds files by path and by pattern in a folder called %s', (name) => {
    const folder = join(dir, name, 'lists', 'deep');
    mkdirSync(folder, { recursive: true });
    for (const file of ['b.jsonl', 'a.jsonl', 'c.txt']) writeFileSync(join(folder, file), '');
    const both = ['a.jsonl', 'b.jsonl'].map((file) => join(folder, file));
    expect(findMatches(join(dir, name, 'lists', '**/*.jsonl'))).toEqual(both);
    expect(findMatches(join(folder, '{a,b}.jsonl'))).toEqual(both);
    expect(findMatches(join(folder, 'b.jsonl'))).toEqual([both[1]]);
    expect(findMatches(join(folder, 'x*.jsonl'))).toEqual([]);
    expect(findMatches(folder)).toEqual([]);
  });

  it('reads patterns from the folder that it runs in', () => {
    expect(findMatches('pipeline/lib/find-files.{test,none}.ts')).toEqual([
      join(process.cwd(), 'pipeline/lib/find-files.test.ts'),
    ]);
  });

  it.each([
    [
      'C:\\Users\\me\\matrix (1)\\data\\workers\\**\\*.json',
      'C:\\Users\\me\\matrix (1)\\data\\workers',
      '**/*.json',
    ],
    ['C:\\Users/me\\lists/*.jsonl', 'C:\\Users\\me', 'lists/*.jsonl'],
    ['\\\\server\\share\\*.jsonl', '\\\\server\\share\\', '*.jsonl'],
  ])('reads the pattern %s as Windows writes it', (pattern, base, rest) => {
    const there = ['C:\\Users', 'C:\\Users\\me', 'C:\\Users\\me\\matrix (1)'];
    const exists = (path: string) => there.includes(path) || /\\data(?:\\workers)?$/.test(path);
    expect(splitPattern(pattern, { rules: win32, exists })).toEqual({ base, rest });
  });
});

/** Finds files by a path or a glob pattern. Pattern characters in the names of folders that exist are taken literally. */
import { existsSync, statSync } from 'node:fs';
import path, { join } from 'node:path';
import glob from 'fast-glob';
import { compareNames } from './compare.ts';

/**
 * Returns the full paths of the matches, sorted; none where nothing matches. On Windows backslashes may separate the
 * parts of a pattern.
 */
export function findMatches(pattern: string): string[] {
  const { base, rest } = splitPattern(pattern, { rules: path, exists: existsSync });
  if (rest === '') return statSync(base).isFile() ? [base] : [];
  const found = glob.sync(rest, { cwd: base, onlyFiles: true });
  return found.map((file) => join(base, file)).sort(compareNames);
}

/** The rules by which a system writes paths, and a test for paths that exist. */
export interface System {
  readonly rules: Pick<typeof path, 'join' | 'parse' | 'resolve' | 'sep'>;
  readonly exists: (path: string) => boolean;
}

/**
 * Splits a pattern behind its longest leading part that exists, which is taken literally: `Dropbox (Personal)/*.jsonl`
 * begins with a folder's name. The rest is a pattern with forward slashes, the only separators that it may hold on any
 * system.
 */
export function splitPattern(pattern: string, { rules, exists }: System): { base: string; rest: string } {
  const { root } = rules.parse(pattern);
  const parts = pattern
    .slice(root.length)
    .split(rules.sep === '\\' ? /[\\/]/ : '/')
    .filter((part) => part !== '');
  let base = root === '' ? rules.resolve('.') : root;
  let depth = 0;
  while (depth < parts.length && exists(rules.join(base, parts[depth] ?? ''))) {
    base = rules.join(base, parts[depth] ?? '');
    depth += 1;
  }
  return { base, rest: parts.slice(depth).join('/') };
}

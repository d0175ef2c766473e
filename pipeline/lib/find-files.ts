/** Finds files by a path or a glob pattern; the signs of patterns in the names of folders that exist mean themselves. */
import { existsSync, statSync } from 'node:fs';
import path, { join } from 'node:path';
import glob from 'fast-glob';
import { compareNames } from './compare.ts';

/** Full paths, sorted; none where nothing matches. On Windows the parts of a pattern may be separated by backslashes. */
export function findMatches(pattern: string): string[] {
  const { base, rest } = splitPattern(pattern, { rules: path, exists: existsSync });
  if (rest === '') return statSync(base).isFile() ? [base] : [];
  const found = glob.sync(rest, { cwd: base, onlyFiles: true });
  return found.map((file) => join(base, file)).sort(compareNames);
}

/** How paths are written on a system, and what is there. */
export interface System {
  readonly rules: Pick<typeof path, 'join' | 'parse' | 'resolve' | 'sep'>;
  readonly exists: (path: string) => boolean;
}

/**
 * Cuts behind the longest leading part that is there, which is no pattern: `Dropbox (Personal)/*.jsonl` begins with a
 * folder's name. The rest is a pattern with forward slashes, the only ones that it may hold on any system.
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

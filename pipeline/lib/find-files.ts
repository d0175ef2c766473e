/** Finds files by a path or a glob pattern; the signs of patterns in the names of folders that exist mean themselves. */
import { existsSync, statSync } from 'node:fs';
import { join, parse, resolve, sep } from 'node:path';
import glob from 'fast-glob';
import { compareNames } from './compare.ts';

/** Full paths, sorted; none where nothing matches. On Windows the parts of a pattern may be separated by backslashes. */
export function findMatches(pattern: string): string[] {
  const { base, rest } = splitPattern(pattern);
  if (rest === '') return statSync(base).isFile() ? [base] : [];
  const found = glob.sync(rest, { cwd: base, onlyFiles: true });
  return found.map((path) => join(base, path)).sort(compareNames);
}

/** The longest leading part that is there is no pattern: `Dropbox (Personal)/*.jsonl` begins with a folder's name. */
function splitPattern(pattern: string): { base: string; rest: string } {
  const { root } = parse(pattern);
  const parts = pattern
    .slice(root.length)
    .split(sep === '\\' ? /[\\/]/ : '/')
    .filter((part) => part !== '');
  let base = root === '' ? resolve('.') : root;
  let depth = 0;
  while (depth < parts.length && existsSync(join(base, parts[depth] ?? ''))) {
    base = join(base, parts[depth] ?? '');
    depth += 1;
  }
  return { base, rest: parts.slice(depth).join('/') };
}

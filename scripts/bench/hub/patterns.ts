/**
 * Converts between file names and patterns. `{n}` means the name that a repository's files share, `[A B]` each of the
 * words in turn, `*-of-00004` the numbers 00001 to 00004.
 */

import { groupBy } from '../../../pipeline/lib/group.ts';

/** A GGUF quantization label in a file name, with the prefix that some publishers give it (`UD-Q4_K_XL`, `i1-IQ2_M`). */
const LABEL =
  /(?<=^|[._-])(?:UD-|i1-)?(?:I?Q\d_(?:[A-Z0-9]+_?)*[A-Z0-9]|TQ\d_\d|BF16|FP?16|F32|MXFP4(?:_MOE)?)(?=[._-]|$)/i;
const NUMBERED = /(\d{5})-of-(\d{5})/;

/** Returns the file names of a pattern, where the files of the repository are called `name`. */
export function expandPattern(pattern: string, name: string): string[] {
  const words = /\[([^\]]*)\]/.exec(pattern);
  const lists =
    words === null ? [pattern] : (words[1] ?? '').split(' ').map((word) => put(pattern, words, word));
  return lists.flatMap(expandNumbers).map((path) => path.replaceAll('{n}', name));
}

function put(pattern: string, { 0: found, index }: RegExpExecArray, word: string): string {
  return pattern.slice(0, index) + word + pattern.slice(index + found.length);
}

function expandNumbers(path: string): string[] {
  const total = /\*-of-(\d+)/.exec(path)?.[1];
  if (total === undefined) return [path];
  return Array.from({ length: Number(total) }, (_, at) => path.replace('*', String(at + 1).padStart(5, '0')));
}

/**
 * Returns the patterns of a repository's files, sorted: two repositories with files of the same layout have the same
 * patterns.
 */
export function patternsOf(paths: readonly string[], repoName: string): string[] {
  const stem = repoName.replace(/[-_.](?:i1-)?gguf$/i, '');
  const named = paths.map((path) => (stem === '' ? path : path.replaceAll(stem, '{n}'))).map(nameGguf);
  return foldLabels(foldNumbers(named)).sort();
}

/** Returns a GGUF file name with its pattern. Its name may differ from its repository's: it is all before the label. */
function nameGguf(path: string): string {
  if (!path.endsWith('.gguf') || path.includes('{n}')) return path;
  const slash = path.lastIndexOf('/') + 1;
  const base = path.slice(slash);
  const found = LABEL.exec(base);
  if (found === null || found.index < 2 || /mmproj|imatrix/i.test(base.slice(0, found.index))) return path;
  return `${path.slice(0, slash)}{n}${base.slice(found.index - 1)}`;
}

/** Puts `*` in the place of numbers, where all from 1 to the total are there. */
function foldNumbers(paths: readonly string[]): string[] {
  const sets = groupBy(paths, (path) => path.replace(NUMBERED, '*-of-$2'));
  return [...sets].flatMap(([pattern, members]) => {
    const total = Number(NUMBERED.exec(members[0] ?? '')?.[2] ?? 0);
    return total > 0 &&
      members.length === total &&
      expandNumbers(pattern).every((path) => members.includes(path))
      ? [pattern]
      : members;
  });
}

function foldLabels(paths: readonly string[]): string[] {
  const sets = groupBy(paths, (path) => (path.endsWith('.gguf') ? path.replace(LABEL, '[]') : path));
  return [...sets].flatMap(([pattern, members]) => {
    if (members.length === 1 || !pattern.includes('[]')) return members;
    const labels = members.map((path) => LABEL.exec(path)?.[0] ?? '');
    return [pattern.replace('[]', `[${labels.sort().join(' ')}]`)];
  });
}

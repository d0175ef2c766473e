/** Checks that files are plain files: nothing is read through a link, a pipe or a device in the place of a file. */
import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Tells whether `path`, below `base`, is a plain file, and each folder on the way a plain folder. */
export function isPlainFile(base: string, path: string): boolean {
  const file = lstatSync(join(base, path), { throwIfNoEntry: false });
  return file?.isFile() === true && isPlainFolder(base, dirname(path));
}

/** Tells whether `path`, below `base`, and each folder on the way to it is a plain folder. */
export function isPlainFolder(base: string, path: string): boolean {
  if (path === '.') return true;
  const folder = lstatSync(join(base, path), { throwIfNoEntry: false });
  return folder?.isDirectory() === true && isPlainFolder(base, dirname(path));
}

/**
 * Returns the content of a plain file below `base`; undefined where there is none.
 *
 * @throws the file system's error.
 */
export function readPlainFile(base: string, path: string): Buffer | undefined {
  return isPlainFile(base, path) ? readFileSync(join(base, path)) : undefined;
}

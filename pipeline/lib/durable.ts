/** Writes files that are whole or missing, also after a power cut. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The ending of a file's name while the file is being written; one that is left over shows that its writer was stopped.
 */
export const UNFINISHED = '.unfinished';

/** Writes a file beside its place, syncs it, then renames it into its place. */
export function writeDurably(path: string, content: Buffer): void {
  const draft = path + UNFINISHED;
  const file = openSync(draft, 'w');
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Syncs a file, so that what was written to it outlasts a power cut. Windows needs a handle that may write. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** The error codes of systems that cannot sync a folder, such as Windows. */
const NO_FOLDERS = new Set(['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']);

/** Syncs a folder, so that the names in it outlast a power cut, where the system can. */
export function syncFolder(path: string): void {
  try {
    sync(path, 'r');
  } catch (error) {
    if (!NO_FOLDERS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function sync(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

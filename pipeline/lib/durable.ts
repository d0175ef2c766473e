/** Files that are whole or not there, also after a power cut. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The name that a file has while it is being written; one that is left over says that its writer was stopped. */
export const UNFINISHED = '.unfinished';

/** Written beside its place, made safe, then put there. */
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

/** Makes what was written to a file outlast a power cut. Windows wants a handle that may write. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** What systems answer that cannot sync a folder, as Windows cannot. */
const NO_FOLDERS = new Set(['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']);

/** Makes the names that a folder holds outlast a power cut, where the system can. */
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

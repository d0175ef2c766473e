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
  syncPath(dirname(path));
}

/** Makes what was written to a file, or which names a folder holds, outlast a power cut. */
export function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** One process at a time in a folder: a file that names its holder. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pid as ourPid } from 'node:process';
import { DataError } from './errors.ts';

/**
 * A lock whose process is gone is taken over.
 *
 * @throws DataError naming the lock and the process that holds it.
 */
export function takeLock(path: string): void {
  for (let again = false; ; again = true) {
    try {
      writeFileSync(path, `${ourPid}\n`, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(readFileSync(path, 'utf8'));
    if (again || isAlive(holder))
      throw new DataError(
        `Another build (process ${holder}) is writing here: ${path}. Wait for it, or remove the lock.`,
      );
    rmSync(path, { force: true });
  }
}

export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

/** 0 for a lock that was not written to its end: on a full disk half a number may name a stranger. */
function holderOf(text: string): number {
  return /^\d+\n$/.test(text) ? Number(text) : 0;
}

function isAlive(pid: number): boolean {
  if (pid === ourPid || !Number.isInteger(pid) || pid <= 0) return false;
  return existsSync(`/proc/${pid}`) || !existsSync('/proc/self');
}

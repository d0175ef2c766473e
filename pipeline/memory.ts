/** The memory of the last build: what it judged by the same rules, and where this one leaves the same for the next. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildOptions } from './commands/options.ts';
import { DataError } from './lib/errors.ts';
import { releaseLock, takeLock } from './lib/lock.ts';
import { type RuledBy, rulesVersion } from './rules-version.ts';
import { type Judged, type JudgedHead, openJudged, publishJudged, readHead } from './write/judged.ts';

export interface BuildMemory {
  readonly judged: Judged | undefined;
  /** What the prints of this build are made with. */
  readonly printKey: string;
  /** Where the engines put what this build judges; undefined: nowhere. */
  readonly next: string | undefined;
  /** Puts what was judged in the place of the last; nothing where `next` is undefined. */
  publish(head: Omit<JudgedHead, 'rules' | 'printKey'>): void;
  close(): void;
}

const NONE: BuildMemory = {
  judged: undefined,
  printKey: '',
  next: undefined,
  publish: () => {},
  close: () => {},
};

/** The walks of the listing that was judged last, if it was by these rules. */
export async function lastWalks(
  { cache, fresh }: BuildOptions,
  by: RuledBy,
): Promise<Judged['head']['walks']> {
  const head = readHead(dirOf(cache));
  return !fresh && head?.rules === (await rulesVersion(by)) ? head.walks : undefined;
}

/** Not for a part of an input. */
export async function openMemory({ cache, fresh, limit }: BuildOptions, by: RuledBy): Promise<BuildMemory> {
  const dir = dirOf(cache);
  const lock = `${dir}.lock`;
  if (limit !== undefined || !tryLock(lock)) return NONE;
  const rules = await rulesVersion(by);
  const next = `${dir}.next`;
  rmSync(next, { recursive: true, force: true });
  const judged = fresh ? undefined : openJudged(dir, rules);
  const printKey = judged?.head.printKey ?? randomBytes(KEY_BYTES).toString('hex');
  return {
    judged,
    printKey,
    next,
    publish: (head) => publishJudged(next, dir, { rules, printKey, ...head }),
    close: () => releaseLock(lock),
  };
}

const KEY_BYTES = 16;

const dirOf = (cache: string) => join(cache, 'judged');

/** Another build that uses this memory now does not stop ours, which only goes without. */
function tryLock(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  try {
    takeLock(path);
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

/**
 * One process at a time in a folder: a lock file that its holder writes again every two seconds. A lock that nobody
 * writes again is left over, whatever its process number says: that may belong to a stranger of another machine.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { kill, pid as ourPid } from 'node:process';
import { Worker } from 'node:worker_threads';
import { DataError } from './errors.ts';

const BEAT_MS = 2_000;
/** Seven beats that did not come. */
const ABANDONED_MS = 15_000;
/** By the dates of the files alone, so old a lock is not even watched: a restored cache. */
const OLD_MS = 600_000;
const POLL_MS = 250;

export interface LockOptions {
  /** How long to wait for a holder that is at work, before giving up; 0 where nothing is said. */
  readonly waitMs?: number;
  /** How long a lock is watched in which nothing moves; 15 seconds where nothing is said. */
  readonly abandonedMs?: number;
  /** Told once when there is something to wait for. */
  readonly onWait?: (message: string) => void;
}

interface Held {
  readonly text: string;
  readonly beat: Worker;
}

/** By the full path of the lock. */
const held = new Map<string, Held>();

/**
 * Takes the lock, or takes over one that is left over. A lock of this machine whose process is gone is left over at once;
 * any other is watched for 15 seconds.
 *
 * @throws DataError naming the lock and its holder when that is at work.
 */
export function takeLock(path: string, options: LockOptions = {}): void {
  const full = resolve(path);
  const text = `${JSON.stringify({ pid: ourPid, machine: machineId(), id: randomBytes(8).toString('hex') })}\n`;
  const giveUpAt = performance.now() + (options.waitMs ?? 0);
  let watched: Watch | undefined;
  while (!tryCreate(full, text)) {
    const found = look(full);
    if (found === undefined) continue;
    if (watched === undefined)
      options.onWait?.(`${full} is held by ${holderOf(found)}; looking whether that is at work`);
    watched = compare(watched, found);
    if ((watched.isBeating || isHeldHere(full, found)) && performance.now() >= giveUpAt)
      throw atWork(full, found);
    const watchedMs = performance.now() - watched.since;
    if (isLeftOver(found) || watchedMs > (options.abandonedMs ?? ABANDONED_MS)) takeAway(full, found);
    else pause(POLL_MS);
  }
  held.set(full, { text, beat: startBeat(full, text) });
}

/** Where this process holds it; the lock of another is left alone. */
export function releaseLock(path: string): void {
  const full = resolve(path);
  const own = held.get(full);
  if (own === undefined) return;
  held.delete(full);
  void own.beat.terminate();
  if (look(full)?.text === own.text) rmSync(full, { force: true });
}

/**
 * Looks whether a lock that was taken is still ours: a machine that slept may have lost it.
 *
 * @throws DataError where it is not.
 */
export function assertLocked(path: string): void {
  const full = resolve(path);
  const own = held.get(full);
  if (own !== undefined && look(full)?.text === own.text) return;
  throw new DataError(
    `The lock ${full} was taken over by another build while this one stood still. Run it again.`,
  );
}

interface Found {
  readonly text: string;
  readonly changedAt: number;
}

interface Watch extends Found {
  /** When it was seen to change last. */
  readonly since: number;
  /** Whether it was written again by the same holder. */
  readonly isBeating: boolean;
}

function compare(before: Watch | undefined, found: Found): Watch {
  const isSameHolder = before?.text === found.text;
  if (before !== undefined && isSameHolder && before.changedAt === found.changedAt) return before;
  return { ...found, since: performance.now(), isBeating: isSameHolder };
}

function tryCreate(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx');
    try {
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    rmEmpty(path, error);
    throw error;
  }
}

/** On a full disk a lock may be made and not written; it would name nobody. */
function rmEmpty(path: string, error: unknown): void {
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') rmSync(path, { force: true });
}

function look(path: string): Found | undefined {
  try {
    return { text: readFileSync(path, 'utf8'), changedAt: statSync(path).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

interface Holder {
  readonly pid: number | undefined;
  readonly machine: string | undefined;
}

/** A lock of an earlier version holds a process number alone; one that was not written to its end holds nothing. */
function readHolder({ text }: Found): Holder {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'number') return { pid: value, machine: undefined };
    const { pid, machine } = value as { readonly pid?: unknown; readonly machine?: unknown };
    return {
      pid: typeof pid === 'number' ? pid : undefined,
      machine: typeof machine === 'string' ? machine : undefined,
    };
  } catch {
    return { pid: undefined, machine: undefined };
  }
}

function holderOf(found: Found): string {
  const { pid, machine } = readHolder(found);
  return `process ${pid ?? '?'}${machine === undefined ? '' : ` on ${machine.split(' ')[0]}`}`;
}

function isHeldHere(path: string, { text }: Found): boolean {
  return held.get(path)?.text === text;
}

function isLeftOver(found: Found): boolean {
  if (Date.now() - found.changedAt > OLD_MS) return true;
  const { pid, machine } = readHolder(found);
  return pid !== undefined && machine === machineId() && !isAlive(pid);
}

/** Our own number without a lock of ours is that of an earlier life. */
function isAlive(pid: number): boolean {
  if (pid === ourPid) return [...held.values()].length > 0;
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** By a rename, so that of two who take it away one finds it gone. What was put there meanwhile goes back. */
function takeAway(path: string, { text }: Found): void {
  const aside = `${path}.left-over-${ourPid}-${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function atWork(path: string, found: Found): DataError {
  return new DataError(
    `Another build (${holderOf(found)}) is writing here: ${path}. Wait for it; a lock whose build is gone is taken over by itself.`,
  );
}

/** Blocks: what takes a lock has nothing else to do. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Writes the same bytes again, so that the date is that of the file system. In a thread: the main one may be busy for long. */
const BEAT = `
const { workerData: { path, text, beatMs } } = require('node:worker_threads');
const fs = require('node:fs');
const timer = setInterval(() => {
  try {
    if (fs.readFileSync(path, 'utf8') !== text) return clearInterval(timer);
    const file = fs.openSync(path, 'r+');
    try { fs.writeSync(file, text, 0); } finally { fs.closeSync(file); }
  } catch (error) {
    if (error.code === 'ENOENT') clearInterval(timer);
  }
}, beatMs);
`;

function startBeat(path: string, text: string): Worker {
  const beat = new Worker(BEAT, { eval: true, execArgv: [], workerData: { path, text, beatMs: BEAT_MS } });
  beat.unref();
  return beat;
}

/** Host, boot and process namespace: another container has other processes of the same numbers. */
function machineId(): string {
  return [hostname(), read('/proc/sys/kernel/random/boot_id'), readLink('/proc/self/ns/pid')]
    .join(' ')
    .trim();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

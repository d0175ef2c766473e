/**
 * Lets one process at a time work in a folder, by a lock file that its holder writes again every two seconds. A lock that
 * is not written again is left over, even if its process number exists: that number may belong to another process on
 * another machine.
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
/** The time without a new date after which a lock is left over: seven missed beats, in milliseconds. */
const ABANDONED_MS = 15_000;
/**
 * The age, by the date of the file, at which a lock is left over without being watched, in milliseconds: a restored cache
 * has such dates.
 */
const OLD_MS = 600_000;
const POLL_MS = 250;

export interface LockOptions {
  /** Milliseconds to wait for a holder that is at work before giving up; 0 by default. */
  readonly waitMs?: number;
  /** Milliseconds without a change after which a watched lock is left over; 15 seconds by default. */
  readonly abandonedMs?: number;
  /** Called once when there is a lock to wait for. */
  readonly onWait?: (message: string) => void;
}

interface Held {
  readonly text: string;
  readonly beat: Worker;
}

/** Full path of the lock -> the lock that this process holds. */
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
      options.onWait?.(`${full} is held by ${holderOf(found)}; checking whether that process still works`);
    watched = compare(watched, found);
    if ((watched.isBeating || isHeldHere(full, found)) && performance.now() >= giveUpAt)
      throw atWork(full, found);
    const watchedMs = performance.now() - watched.since;
    if (isLeftOver(found) || watchedMs > (options.abandonedMs ?? ABANDONED_MS)) takeAway(full, found);
    else pause(POLL_MS);
  }
  held.set(full, { text, beat: startBeat(full, text) });
}

/** Releases the lock where this process holds it; the lock of another process is left alone. */
export function releaseLock(path: string): void {
  const full = resolve(path);
  const own = held.get(full);
  if (own === undefined) return;
  held.delete(full);
  void own.beat.terminate();
  if (look(full)?.text === own.text) rmSync(full, { force: true });
}

/**
 * Checks that this process still holds a lock that it took: a machine that slept may have lost it.
 *
 * @throws DataError where it does not.
 */
export function assertLocked(path: string): void {
  const full = resolve(path);
  const own = held.get(full);
  if (own !== undefined && look(full)?.text === own.text) return;
  throw new DataError(
    `The lock ${full} was taken over by another build while this one was suspended. Run this build again.`,
  );
}

interface Found {
  readonly text: string;
  readonly changedAt: number;
}

interface Watch extends Found {
  /** The time of its last change, as far as it was watched. */
  readonly since: number;
  /** True where the same holder has written it again. */
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

/** Removes a lock that was created but could not be written, as on a full disk: it would name no holder. */
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

/**
 * Reads the holder of a lock. A lock of an earlier version holds a process number alone; one that was not fully written
 * holds nothing.
 */
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

/** Tells whether a process exists. Our own number, while we hold no lock, belongs to one that ended before. */
function isAlive(pid: number): boolean {
  if (pid === ourPid) return [...held.values()].length > 0;
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Removes a left-over lock by a rename, so that only one of two processes succeeds. A new lock that was put there
 * meanwhile is put back.
 */
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
    `Another build (${holderOf(found)}) is writing here: ${path}. Wait until it ends; the lock of a build that has died is taken over automatically.`,
  );
}

/** Blocks the thread: a process that waits for a lock has nothing else to do. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * The code of a thread that writes the same bytes to the lock again, so that the file system sets its date. The main
 * thread may be busy for long.
 */
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

/** Returns host, boot and process namespace: the same process number means another process in another container. */
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

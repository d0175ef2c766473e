import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertLocked, releaseLock, takeLock } from './lock.ts';

let dir: string;
let lock: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'));
  lock = join(dir, 'lock');
});
afterEach(() => {
  releaseLock(lock);
  rmSync(dir, { recursive: true });
});

const secondsOf = (work: () => void) => {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
};

/** Starts another process that takes the lock and keeps it. */
async function holder() {
  const code = `import { takeLock } from './pipeline/lib/lock.ts'; takeLock(${JSON.stringify(lock)}); console.log('held'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    stdio: 'pipe',
  });
  await once(child.stdout, 'data');
  return child;
}

describe('a lock', () => {
  it('is taken once, and again after it was released', () => {
    takeLock(lock);
    expect(() => takeLock(lock)).toThrow(/Another build \(process \d+ on .*\) is writing here/);
    assertLocked(lock);
    releaseLock(lock);
    expect(existsSync(lock)).toBe(false);
    takeLock(lock);
  });

  it('of a process at work is refused, of one that was killed taken over at once', async () => {
    const child = await holder();
    expect(secondsOf(() => expect(() => takeLock(lock)).toThrow('Another build'))).toBeLessThan(10);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(secondsOf(() => takeLock(lock))).toBeLessThan(1);
  });

  it.each([
    ['of another machine', JSON.stringify({ pid: process.ppid, machine: 'elsewhere', id: 'x' })],
    ['of an earlier version, whose number belongs to a stranger', `${process.ppid}\n`],
    ['that was not written to its end', '{"pid": 1'],
    ['that is empty', ''],
  ])('%s is taken over once it is seen that nobody writes it again', (_, text) => {
    writeFileSync(lock, text);
    const told: string[] = [];
    const take = () => takeLock(lock, { abandonedMs: 300, onWait: (message) => told.push(message) });
    expect(secondsOf(take)).toBeGreaterThan(0.3);
    expect(told).toEqual([expect.stringContaining('checking whether that process still works')]);
    assertLocked(lock);
  });

  it('of a restored cache is taken over at once, for its date is old', () => {
    writeFileSync(lock, '1\n');
    utimesSync(lock, new Date(0), new Date(0));
    expect(secondsOf(() => takeLock(lock))).toBeLessThan(1);
  });

  it('that another took over is neither released nor held', () => {
    takeLock(lock);
    writeFileSync(lock, 'another');
    expect(() => assertLocked(lock)).toThrow('was taken over by another build');
    releaseLock(lock);
    expect(readFileSync(lock, 'utf8')).toBe('another');
  });
});

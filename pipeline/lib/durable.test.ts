import fs, { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { syncFile, writeDurably } from './durable.ts';

const dir = mkdtempSync(join(tmpdir(), 'durable-'));
const { openSync, fsyncSync } = fs;

/** Makes the syncing of handles that only read fail, so that of any folder too, as on Windows. */
function refuseReaders(code: string): void {
  const readers = new Set<number>();
  fs.openSync = (path, flags, ...rest) => {
    const file = openSync(path, flags, ...rest);
    if (flags === 'r') readers.add(file);
    else readers.delete(file);
    return file;
  };
  fs.fsyncSync = (file) => {
    if (readers.has(file)) throw Object.assign(new Error(`${code}: fsync`), { code, syscall: 'fsync' });
    fsyncSync(file);
  };
  syncBuiltinESMExports();
}

afterEach(() => {
  Object.assign(fs, { openSync, fsyncSync });
  syncBuiltinESMExports();
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('a durable file', () => {
  it.each(['EPERM', 'EISDIR', 'EINVAL'])('is written where a folder cannot be synced: %s', (code) => {
    refuseReaders(code);
    const path = join(dir, code);
    writeDurably(path, Buffer.from('whole'));
    syncFile(path);
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(readdirSync(dir).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('is not said to be safe on a disk that fails', () => {
    refuseReaders('EIO');
    expect(() => writeDurably(join(dir, 'x'), Buffer.from('x'))).toThrow('EIO');
  });
});

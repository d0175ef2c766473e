/** An out/ in a folder of this machine. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../lib/errors.ts';
import { lastOut } from '../write/staging.ts';
import type { MatrixSource } from './source.ts';

export function folderSource(out: string): MatrixSource {
  const dir = lastOut(out);
  const whereThere = async (path: string, read: (full: string) => Promise<string>) => {
    try {
      return await read(join(dir, path));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new DataError(`${join(dir, path)} cannot be read.`, { cause });
    }
  };
  return {
    name: out,
    read: (path) => whereThere(path, (full) => readFile(full, 'utf8')),
    readHead: (path, bytes) =>
      whereThere(path, async (full) => {
        const file = await open(full);
        try {
          const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
          return buffer.toString('utf8', 0, bytesRead);
        } finally {
          await file.close();
        }
      }),
  };
}

/** An out/ in a folder of this machine. */
import { isAscii } from 'node:buffer';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastOut } from '../format/out-folder.ts';
import { DataError } from '../lib/errors.ts';
import { sha256 } from '../lib/hash.ts';
import { readFully } from '../lib/lines.ts';
import type { MatrixSource } from './source.ts';

export function folderSource(out: string): MatrixSource {
  const dir = lastOut(out);
  // Read at once: a file is small, and four trips to the thread pool for each take longer than reading it.
  const whereThere = async (path: string, read: (full: string) => string) => {
    try {
      return read(join(dir, path));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new DataError(`${join(dir, path)} cannot be read.`, { cause });
    }
  };
  return {
    name: out,
    sha256: async (text) => sha256(text),
    read: (path) => whereThere(path, (full) => textOf(readFileSync(full))),
    readHead: (path, bytes) => whereThere(path, (full) => readHead(full, bytes)),
  };
}

function readHead(path: string, bytes: number): string {
  const file = openSync(path, 'r');
  try {
    return readFully(file, 0, Buffer.alloc(bytes)).toString('utf8');
  } finally {
    closeSync(file);
  }
}

/** A megabyte without a sign beyond ASCII, as out/ mostly is, is copied in a fraction of the time of reading UTF-8. */
function textOf(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

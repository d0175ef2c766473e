/** Reads an out/ in a folder of this machine. */
import { isAscii } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lastOut, MANIFEST } from '../format/out-folder.ts';
import { DataError } from '../lib/errors.ts';
import { sha256 } from '../lib/hash.ts';
import * as say from './sentences.ts';
import type { MatrixSource } from './source.ts';

export function folderSource(out: string): MatrixSource {
  // A reader may be open while a publish renames the folder: where it is, is asked for each file.
  const pathOf = (path: string) => join(/* turbopackIgnore: true */ lastOut(out), path);
  let lastMark: string | undefined;
  const markOf = () => whereThere(pathOf(MANIFEST), readMark);
  return {
    name: out,
    recheckMs: 0,
    sha256: async (text) => sha256(text),
    // Read at once: a file is small, and four trips to the thread pool for each take longer than reading it.
    read: async (path) => {
      if (path === MANIFEST) lastMark = markOf();
      return whereThere(pathOf(path), (full) => textOf(readFileSync(full)));
    },
    hasNewManifest: async () => markOf() !== lastMark,
  };
}

function readMark(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return `${ino} ${mtimeMs} ${size}`;
}

function whereThere<T>(full: string, read: (full: string) => T): T | undefined {
  try {
    return read(full);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DataError(say.notReadable(full), { cause });
  }
}

/** Decodes bytes. A megabyte of ASCII alone, as out/ mostly is, is copied in a fraction of the time of reading UTF-8. */
function textOf(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

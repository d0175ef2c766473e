/** JSONL files, plain or gzipped, -> a stream of lines. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import glob from 'fast-glob';
import { compareNames } from '../lib/compare.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { type LineBatch, splitLines } from '../lib/lines.ts';

/** The longest record on the Hub lists 100 thousand files: some 6 MB. */
const MAX_RECORD_BYTES = 8 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/** @throws UsageError when no file matches; DataError naming the file that cannot be read. */
export async function findFiles(pattern: string): Promise<string[]> {
  const paths = (await glob(pattern)).sort(compareNames);
  if (paths.length === 0)
    throw new UsageError(`No file matches ${pattern}. Give a glob of .jsonl or .jsonl.gz files.`);
  return paths;
}

export async function* readFiles(paths: readonly string[]): AsyncGenerator<LineBatch> {
  for (const path of paths) {
    try {
      yield* splitLines(openFile(path), MAX_RECORD_BYTES);
    } catch (cause) {
      throw new DataError(
        `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }
}

function openFile(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

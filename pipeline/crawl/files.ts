/**
 * Splits JSONL files, plain or gzipped, into tasks to read them: ranges of plain files, chunks of whole lines
 * of gzipped ones.
 */
import { createReadStream, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DataError, UsageError } from '../lib/errors.ts';
import { findMatches } from '../lib/find-files.ts';
import { type LineChunk, MAX_RECORD_BYTES, wholeLines } from '../lib/lines.ts';
import { checkListingFile } from '../lib/listing-file.ts';
import * as say from './sentences.ts';

/** A part of a listing: the lines themselves, or the place to read them from. */
export type ListingPart =
  | ({ readonly kind: 'lines' } & LineChunk)
  | { readonly kind: 'range'; readonly path: string; readonly start: number; readonly end: number };

/**
 * The size of a part: long enough to be worth a message to a thread, short enough that all threads end
 * together.
 */
const PART_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/**
 * Returns the files that match.
 *
 * @throws UsageError when no file matches; DataError naming one that is no JSON lines, and what it is.
 */
export async function findFiles(pattern: string): Promise<string[]> {
  const paths = findMatches(pattern);
  if (paths.length === 0) throw new UsageError(say.noFileMatches(pattern));
  for (const path of paths) checkListingFile(path);
  return paths;
}

/** Returns the bytes on the disk. */
export function sizeOf(paths: readonly string[]): number {
  return paths.reduce((all, path) => all + statSync(path).size, 0);
}

/** Yields the parts of the files. @throws DataError naming the file that cannot be read. */
export async function* fileParts(paths: readonly string[]): AsyncGenerator<ListingPart> {
  for (const path of paths) {
    if (path.endsWith('.gz')) yield* chunksOf(path);
    else {
      const { size } = statSync(path);
      for (let start = 0; start < size; start += PART_BYTES)
        yield { kind: 'range', path, start, end: Math.min(size, start + PART_BYTES) };
    }
  }
}

/** Yields parts as `fileParts` does, up to the first `limit` records. */
export async function* limitedParts(paths: readonly string[], limit: number): AsyncGenerator<ListingPart> {
  let left = limit;
  for (const path of paths) {
    for await (const part of chunksOf(path)) {
      if (left <= 0) return;
      const { bytes, lines } = firstLines(part.bytes, left);
      left -= lines;
      const tooLong = Math.min(part.tooLong, Math.max(0, left));
      left -= tooLong;
      yield { kind: 'lines', bytes, tooLong };
    }
  }
}

async function* chunksOf(path: string): AsyncGenerator<{ kind: 'lines' } & LineChunk> {
  try {
    const sizes = { chunkBytes: PART_BYTES, maxBytes: MAX_RECORD_BYTES };
    for await (const chunk of wholeLines(openFile(path), sizes)) yield { kind: 'lines', ...chunk };
  } catch (cause) {
    throw new DataError(say.notReadable(path, cause instanceof Error ? cause.message : String(cause)), {
      cause,
    });
  }
}

/** Returns the first lines; empty ones do not count as records. */
function firstLines(bytes: Buffer, limit: number): { bytes: Buffer; lines: number } {
  let lines = 0;
  let start = 0;
  while (start < bytes.length && lines < limit) {
    const end = bytes.indexOf('\n', start);
    const stop = end < 0 ? bytes.length : end;
    if (stop > start) lines += 1;
    start = stop + 1;
  }
  return { bytes: bytes.subarray(0, start), lines };
}

function openFile(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

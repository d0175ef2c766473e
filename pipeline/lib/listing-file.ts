/** Checks from its first bytes that a file is a listing with a JSON record per line, and names other common formats. */
import { closeSync, openSync } from 'node:fs';
import { gunzipSync, constants as zlib } from 'node:zlib';
import { DataError } from './errors.ts';
import { readFully } from './lines.ts';

const HEAD_BYTES = 64 * 1024;

/** The first bytes of other formats, as latin1. */
const SIGNATURES: readonly (readonly [start: string, what: string])[] = [
  ['\xff\xfe', 'is UTF-16; write it as UTF-8'],
  ['\xfe\xff', 'is UTF-16; write it as UTF-8'],
  ['\x28\xb5\x2f\xfd', 'is compressed by zstd; unpack it first, or use gzip'],
  ['\xfd7zXZ', 'is compressed by xz; unpack it first, or use gzip'],
  ['BZh', 'is compressed by bzip2; unpack it first, or use gzip'],
  ['PK\x03\x04', 'is a zip archive; unpack it first'],
  ['PAR1', 'is Parquet; write it as JSON lines'],
];
const LINES = 'a listing has one JSON record per line (JSON lines)';

/**
 * Checks a listing file.
 *
 * @throws DataError naming the file, what it is, and what to do.
 */
export function checkListingFile(path: string): void {
  const problem = problemOf(path);
  if (problem !== undefined) throw new DataError(`${path} ${problem}.`);
}

function problemOf(path: string): string | undefined {
  const raw = readHead(path);
  const isGzip = raw[0] === 0x1f && raw[1] === 0x8b;
  if (isGzip && !path.endsWith('.gz')) return 'is compressed by gzip; give it a name that ends in .gz';
  const head = isGzip ? gunzipHead(raw) : raw;
  const start = head.toString('latin1');
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known !== undefined) return known[1];
  if (/^[{["\s]\0/.test(start) || /^\0[{["\s]/.test(start)) return 'is UTF-16; write it as UTF-8';
  return shapeProblem(start.replace(/^\xef\xbb\xbf/, ''));
}

/** Returns what is wrong where the file is one JSON document: an array, or a record over many lines. */
function shapeProblem(text: string): string | undefined {
  if (/^\s*\[\s*(?:[{\]]|$)/.test(text)) return `is a JSON array; ${LINES}: jq -c '.[]' makes it one`;
  // A record begins, and its line ends at once or behind its first field.
  if (/^\s*\{[ \t]*\r?\n\s*["}]/.test(text)) return `is indented JSON; ${LINES}: jq -c . makes it one`;
  return undefined;
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    return readFully(file, 0, Buffer.alloc(HEAD_BYTES));
  } finally {
    closeSync(file);
  }
}

/** Unpacks the head of a file; an error is left to the code that reads all of the file. */
function gunzipHead(raw: Buffer): Buffer {
  try {
    return gunzipSync(raw, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 1024 * HEAD_BYTES });
  } catch {
    return Buffer.alloc(0);
  }
}

/** Cuts bytes into lines without ever holding more than one chunk and one line. */
import { closeSync, openSync, readSync } from 'node:fs';

const NEWLINE = 0x0a;
const END_OF_LINE = Buffer.from([NEWLINE]);

/** The most bytes of a record. The longest record on the Hub lists 100 thousand files, in some 6 MB. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;

/** Joins lines, with a newline after each. */
export function joinLines(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line) => [line, END_OF_LINE]));
}

/**
 * The receiver of whole lines, and of the number of lines that were too long to be read. The bytes of a line are valid
 * only during the call: copy those that must be kept.
 */
export interface LineSink {
  readonly line: (bytes: Buffer) => void;
  readonly tooLong: () => void;
}

/** Passes on each line of some bytes; a line ends with a newline or with the input. Empty lines are left out. */
export function eachLine(bytes: Buffer, maxBytes: number, sink: LineSink): void {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); start < bytes.length; end = bytes.indexOf(NEWLINE, start)) {
    const stop = end < 0 ? bytes.length : end;
    if (stop - start > maxBytes) sink.tooLong();
    else if (stop > start) giveLine(bytes.subarray(start, stop), sink);
    start = stop + 1;
  }
}

/**
 * Passes on a line without a byte order mark. Each of several files that were concatenated may begin with one; it is no
 * part of a line.
 */
function giveLine(bytes: Buffer, sink: LineSink): void {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  sink.line(hasMark ? bytes.subarray(3) : bytes);
}

/** The part of a stream between two cuts: whole lines, and the number of lines that were too long to be kept. */
export interface LineChunk {
  readonly bytes: Buffer;
  readonly tooLong: number;
}

/** Cuts a stream after lines, into chunks of about `chunkBytes`. Nothing is kept of a line longer than `maxBytes`. */
export async function* wholeLines(
  stream: AsyncIterable<Buffer>,
  { chunkBytes, maxBytes }: { readonly chunkBytes: number; readonly maxBytes: number },
): AsyncGenerator<LineChunk> {
  let pieces: Buffer[] = [];
  let held = 0;
  /** Bytes of the line that is being read; of one that is too long only their number is known. */
  let open = 0;
  let tooLong = 0;
  const take = (piece: Buffer) => {
    pieces.push(piece);
    held += piece.length;
  };
  for await (const chunk of stream) {
    const first = chunk.indexOf(NEWLINE);
    const last = chunk.lastIndexOf(NEWLINE);
    if (first < 0) {
      open += chunk.length;
      if (open <= maxBytes) take(chunk);
      continue;
    }
    open += first;
    if (open > maxBytes) {
      tooLong += 1;
      ({ pieces, held } = dropOpenLine(pieces));
      take(chunk.subarray(first + 1, last + 1));
    } else take(chunk.subarray(0, last + 1));
    if (held >= chunkBytes || tooLong > 0) {
      yield { bytes: Buffer.concat(pieces), tooLong };
      pieces = [];
      held = 0;
      tooLong = 0;
    }
    open = chunk.length - last - 1;
    take(chunk.subarray(last + 1));
  }
  if (open > maxBytes)
    yield { bytes: dropOpenLine(pieces).pieces[0] ?? Buffer.alloc(0), tooLong: tooLong + 1 };
  else yield { bytes: Buffer.concat(pieces), tooLong };
}

function dropOpenLine(pieces: readonly Buffer[]): { pieces: Buffer[]; held: number } {
  const all = Buffer.concat(pieces);
  const kept = all.subarray(0, all.lastIndexOf(NEWLINE) + 1);
  return { pieces: [kept], held: kept.length };
}

/**
 * Passes on the lines that begin within a range of a file, each whole: the last may end beyond it. Adjoining ranges give
 * each line of the file once.
 *
 * @throws the file system's error when the file cannot be read.
 */
export function eachLineOfRange(
  path: string,
  { start, end, maxBytes }: { readonly start: number; readonly end: number; readonly maxBytes: number },
  sink: LineSink,
): void {
  const file = openSync(path, 'r');
  try {
    // The byte before tells whether a line begins at the start.
    const from = Math.max(0, start - 1);
    const bytes = readFully(file, from, roomFor(end - from));
    const begin = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    if (begin === 0 && start > 0) return;
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    eachLine(bytes.subarray(begin, Math.max(begin, last)), maxBytes, sink);
    if (Math.max(begin, last) === bytes.length) return;
    const rest = bytes.subarray(Math.max(begin, last));
    const line = readRest(file, rest, end, maxBytes);
    if (line === undefined) sink.tooLong();
    else if (line.length > 0) giveLine(line, sink);
  } finally {
    closeSync(file);
  }
}

const STEP_BYTES = 256 * 1024;

/** Returns a line whose head is known, read to its end; undefined where it is too long. */
function readRest(file: number, head: Buffer, position: number, maxBytes: number): Buffer | undefined {
  const pieces = [head];
  let length = head.length;
  for (let at = position; length <= maxBytes; at += STEP_BYTES) {
    const step = readFully(file, at, Buffer.allocUnsafe(STEP_BYTES));
    const end = step.indexOf(NEWLINE);
    pieces.push(end < 0 ? step : step.subarray(0, end));
    length += end < 0 ? step.length : end;
    if (end >= 0 || step.length < STEP_BYTES)
      return length <= maxBytes ? Buffer.concat(pieces, length) : undefined;
  }
  return undefined;
}

/** Fills the buffer; returns the part that was filled, which is less than all only at the end of the file. */
export function readFully(file: number, position: number, into: Buffer): Buffer {
  let read = 0;
  while (read < into.length) {
    const count = readSync(file, into, read, into.length - read, position + read);
    if (count === 0) break;
    read += count;
  }
  return into.subarray(0, read);
}

/** The buffer that all ranges share: fresh memory for each would cost more time than reading it. */
let room = Buffer.alloc(0);

function roomFor(bytes: number): Buffer {
  if (room.length < bytes) room = Buffer.allocUnsafe(bytes);
  return room.subarray(0, bytes);
}

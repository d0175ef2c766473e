/** Splits a stream of bytes into lines without ever holding more than one chunk and one line. */

export interface LineBatch {
  /** Whole lines without their newlines, empty ones left out. */
  readonly lines: readonly Buffer[];
  /** Lines longer than the cap, thrown away unread. */
  readonly tooLong: number;
}

const NEWLINE = 0x0a;

/** Yields the lines of each chunk. A line longer than `maxBytes` is skipped and counted, wherever it is cut. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<LineBatch> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    let tooLong = 0;
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      restBytes += piece.length;
      if (restBytes > maxBytes) tooLong += 1;
      else if (restBytes > 0) lines.push(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    const tail = chunk.subarray(start);
    restBytes += tail.length;
    if (restBytes > maxBytes) rest = [];
    else if (tail.length > 0) rest.push(tail);
    yield { lines, tooLong };
  }
  if (restBytes > maxBytes) yield { lines: [], tooLong: 1 };
  else if (restBytes > 0) yield { lines: [Buffer.concat(rest)], tooLong: 0 };
}

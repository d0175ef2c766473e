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
  const line = new OpenLine(maxBytes);
  for await (const chunk of chunks) {
    const ended: (Buffer | undefined)[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      line.add(chunk.subarray(start, end));
      ended.push(line.end());
      start = end + 1;
    }
    line.add(chunk.subarray(start));
    yield toBatch(ended);
  }
  yield toBatch([line.end()]);
}

function toBatch(ended: readonly (Buffer | undefined)[]): LineBatch {
  const lines = ended.filter((bytes) => bytes !== undefined);
  return { lines: lines.filter((bytes) => bytes.length > 0), tooLong: ended.length - lines.length };
}

/** The line being read, in pieces; of one that grows too long nothing is kept. */
class OpenLine {
  #pieces: Buffer[] = [];
  #bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  /** The whole line, undefined when it was too long; then starts the next. */
  end(): Buffer | undefined {
    const [first, ...more] = this.#pieces;
    const tooLong = this.#bytes > this.#maxBytes;
    this.#pieces = [];
    this.#bytes = 0;
    if (tooLong) return undefined;
    return first !== undefined && more.length === 0
      ? first
      : Buffer.concat(first === undefined ? [] : [first, ...more]);
  }
}

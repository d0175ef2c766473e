/** Records as they were read, kept for the next build in a file of their own: those that it has to read again. */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A file of lines. */
export interface KeptLines {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const NEWLINE = Buffer.from('\n');
const ROOM_BYTES = 1024 * 1024;

export class LineKeeper {
  readonly #name: string;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  #waiting: Buffer[] = [];
  #held = 0;
  #bytes = 0;

  /** `writer` tells those apart that write into one folder. */
  constructor(dir: string, writer: number) {
    mkdirSync(dir, { recursive: true });
    this.#name = `rest-${writer}.jsonl`;
    this.#file = openSync(join(dir, this.#name), 'w');
  }

  /** Copies the line, which is lent. */
  add(line: Buffer): void {
    this.#waiting.push(Buffer.concat([line, NEWLINE]));
    this.#held += line.length + 1;
    if (this.#held > ROOM_BYTES) this.#write();
  }

  /** Everything is on the disk when this returns; nothing can be added after it. */
  close(): KeptLines {
    this.#write();
    closeSync(this.#file);
    return { name: this.#name, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  #write(): void {
    const content = Buffer.concat(this.#waiting);
    for (let at = 0; at < content.length; ) at += writeSync(this.#file, content, at);
    this.#hash.update(content);
    this.#bytes += content.length;
    this.#waiting = [];
    this.#held = 0;
  }
}

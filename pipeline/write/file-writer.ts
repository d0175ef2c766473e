/** Writes files of the next out/. A file that equals that of the last out/ is linked to it, not written again. */
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from '../format/files.ts';
import { MANIFEST } from '../format/out-folder.ts';
import { manifestFile } from '../format/schema.ts';
import { sha256 } from '../lib/hash.ts';
import { readPlainFile } from '../lib/plain-file.ts';

export interface FileEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** The files that one of perhaps several writers has put. */
export interface Put {
  readonly entries: readonly FileEntry[];
  readonly written: Amount;
  readonly kept: Amount;
}

export class FileWriter {
  readonly #dir: string;
  readonly #last: string;
  readonly #lastFiles: ReadonlyMap<string, string>;
  readonly #folders = new Set<string>();
  #entries: FileEntry[] = [];
  #written = { files: 0, bytes: 0 };
  #kept = { files: 0, bytes: 0 };

  /** Creates a writer into `dir`; `last` is the path of the last out/, which may not exist. */
  constructor(dir: string, last: string) {
    this.#dir = dir;
    this.#last = last;
    this.#lastFiles = new Map(readManifest(last)?.files.map((file) => [file.path, file.sha256]));
  }

  put(path: string, content: string): void {
    const buffer = Buffer.from(content);
    const hash = sha256(buffer);
    const target = join(this.#dir, path);
    this.#makeFolder(dirname(target));
    const same = this.#lastFiles.get(path) === hash && tryLink(this.#last, path, target, buffer);
    if (!same) writeFileSync(target, buffer, { flag: 'wx' });
    const amount = same ? this.#kept : this.#written;
    amount.files += 1;
    amount.bytes += buffer.length;
    this.#entries.push({ path, bytes: buffer.length, sha256: hash });
  }

  /**
   * Returns the text of a file of the last out/; undefined where there is none, or its content differs from its manifest.
   */
  readLast(path: string): string | undefined {
    const expected = this.#lastFiles.get(path);
    const content = expected === undefined ? undefined : readPlainFile(this.#last, path);
    return content !== undefined && sha256(content) === expected ? content.toString('utf8') : undefined;
  }

  /** Returns the text of any file of the last out/, whatever its manifest says; undefined where there is none. */
  readAny(path: string): string | undefined {
    return readPlainFile(this.#last, path)?.toString('utf8');
  }

  /** Returns the files that were put since the last call. */
  take(): Put {
    const put = { entries: this.#entries, written: this.#written, kept: this.#kept };
    this.#entries = [];
    this.#written = { files: 0, bytes: 0 };
    this.#kept = { files: 0, bytes: 0 };
    return put;
  }

  #makeFolder(path: string): void {
    if (this.#folders.has(path)) return;
    mkdirSync(path, { recursive: true });
    this.#folders.add(path);
  }
}

/** Reads a manifest; undefined where there is none that can be read. */
export function readManifest(out: string, name = MANIFEST): Manifest | undefined {
  try {
    const parsed = manifestFile.safeParse(JSON.parse(String(readPlainFile(out, name))));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tries to link a file. It returns false when the old file is missing or damaged, or the disk cannot link; the file is
 * then written again.
 */
function tryLink(last: string, path: string, to: string, content: Buffer): boolean {
  try {
    if (readPlainFile(last, path)?.equals(content) !== true) return false;
    linkSync(join(last, path), to);
    return true;
  } catch {
    return false;
  }
}

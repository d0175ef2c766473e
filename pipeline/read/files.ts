/** The files of one night of an out/, as its manifest names them. */

import type { Manifest } from '../format/files.ts';
import { DataError } from '../lib/errors.ts';
import { parseJson } from '../lib/json.ts';
import * as say from './sentences.ts';
import type { MatrixSource } from './source.ts';

/** The most shards that are held in memory: a page and its neighbours often share one. */
const MOST_HELD = 64;
/** Milliseconds in which a file that is of another night is not read again. */
const DOUBTED_MS = 5_000;

/**
 * An error for a file that is missing or is not what the manifest of this night says: another night may have been
 * published.
 */
export class OtherNightError extends DataError {
  /** The path within out/. */
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Reads files and compares each with its sha256 in the manifest, so that all that is read is of one night. */
export class Files {
  readonly #source: MatrixSource;
  readonly #hashes: ReadonlyMap<string, string>;
  /** sha256 -> the second name of a shared table, which is made of its content. */
  readonly #contentPaths: ReadonlyMap<string, string>;
  readonly #held = new Map<string, Promise<string>>();
  readonly #doubted = new Map<string, { readonly error: OtherNightError; readonly at: number }>();

  constructor(source: MatrixSource, { files }: Pick<Manifest, 'files'>) {
    this.#source = source;
    this.#hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]));
    this.#contentPaths = new Map(
      files.filter(({ path }) => path.startsWith('content/')).map(({ path, sha256 }) => [sha256, path]),
    );
  }

  paths(): string[] {
    return [...this.#hashes.keys()];
  }

  /**
   * Returns the text of a file.
   *
   * @throws DataError naming the file that the manifest lacks, or whose content differs from it.
   */
  read(path: string): Promise<string> {
    const expected = this.#hashes.get(path);
    if (expected === undefined) throw new DataError(say.notListed(this.#source.name, path));
    return this.#read(path, expected);
  }

  /** Returns the text of a file; undefined where the manifest names no such file, since no model lies there. */
  async readOptional(path: string): Promise<string | undefined> {
    return this.#hashes.has(path) ? this.read(path) : undefined;
  }

  async readJson(path: string): Promise<unknown> {
    const value = parseJson(await this.read(path));
    if (value === undefined) throw new DataError(say.fileDamaged(this.#source.name, path));
    return value;
  }

  /** Makes later reads try again the files that were of another night. */
  askAnew(): void {
    this.#doubted.clear();
  }

  #read(path: string, expected: string): Promise<string> {
    let text = this.#held.get(path);
    if (text === undefined) {
      text = this.#fetch(path, expected);
      const [oldest] = this.#held.keys();
      if (this.#held.size >= MOST_HELD && oldest !== undefined) this.#held.delete(oldest);
      this.#held.set(path, text);
      text.catch(() => this.#held.delete(path));
    }
    return text;
  }

  /**
   * Fetches a file, the second time without any cache: a cache that holds a file for ten minutes would mix nights for as
   * long.
   */
  async #fetch(path: string, expected: string): Promise<string> {
    const doubted = this.#doubted.get(path);
    if (doubted !== undefined && performance.now() - doubted.at < DOUBTED_MS) throw doubted.error;
    let isThere = false;
    const other = this.#contentPaths.get(expected) ?? path;
    for (const [name, past] of [[path], [other, expected.slice(0, 16)]] as const) {
      const text = await this.#source.read(name, past);
      if (!isOurs(text)) continue;
      if ((await this.#source.sha256(text)) === expected) return text;
      isThere = true;
    }
    const { name } = this.#source;
    const error = new OtherNightError(
      path,
      isThere ? say.otherThanManifest(name, path) : say.fileMissing(name, path),
    );
    this.#doubted.set(path, { error, at: performance.now() });
    throw error;
  }
}

/**
 * Tells whether a text is a file of ours. A single-page host answers with its first page; no file of ours that is read
 * here begins as HTML does.
 */
export function isOurs(text: string | undefined): text is string {
  return text !== undefined && !/^\s*</.test(text.slice(0, 100));
}

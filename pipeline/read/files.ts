/** The files of an out/, a few of them held at hand. */

import type { Manifest } from '../format/schema.ts';
import { DataError } from '../lib/errors.ts';
import { isObject, parseJson } from '../lib/json.ts';
import type { MatrixSource } from './source.ts';

/** Shards that are kept at hand: a page and its neighbours often share one. */
const MOST_HELD = 64;

/** The files of an out/, verified where that is asked for. */
export class Files {
  readonly #source: MatrixSource;
  readonly #verify: boolean;
  readonly #held = new Map<string, Promise<string | undefined>>();
  readonly manifest = once(() => this.#readManifest());
  readonly #hashes = once(async () => {
    const { files } = await this.manifest();
    return new Map(files.map(({ path, sha256: hash }) => [path, hash]));
  });

  constructor(source: MatrixSource, verify: boolean) {
    this.#source = source;
    this.#verify = verify;
  }

  async paths(): Promise<string[]> {
    return [...(await this.#hashes()).keys()];
  }

  async read(path: string): Promise<string> {
    const text = await this.readOptional(path);
    if (text === undefined)
      throw new DataError(`${this.#source.name} lacks ${path}, which its manifest names. Build it anew.`);
    return text;
  }

  async readJson(path: string): Promise<unknown> {
    const value = parseJson(await this.read(path));
    if (value === undefined) throw new DataError(damaged(this.#source, path));
    return value;
  }

  /** undefined where there is no such file: no model lies there. */
  readOptional(path: string): Promise<string | undefined> {
    let text = this.#held.get(path);
    if (text === undefined) {
      text = this.#readVerified(path);
      const [oldest] = this.#held.keys();
      if (this.#held.size >= MOST_HELD && oldest !== undefined) this.#held.delete(oldest);
      this.#held.set(path, text);
      text.catch(() => this.#held.delete(path));
    }
    return text;
  }

  async #readVerified(path: string): Promise<string | undefined> {
    const text = await this.#source.read(path);
    if (!this.#verify && isOurs(text)) return text;
    // Hosts differ in what they answer for a file that is not there: the manifest says whether it is.
    const expected = (await this.#hashes()).get(path);
    if (!isOurs(text)) {
      if (expected === undefined) return undefined;
      throw new DataError(
        `${this.#source.name} lacks ${path}, which its manifest names. Look at the host, or build it anew.`,
      );
    }
    if ((await this.#source.sha256(text)) !== expected)
      throw new DataError(
        `${this.#source.name}/${path} is not what its manifest says. Fetch or build it anew.`,
      );
    return text;
  }

  async #readManifest(): Promise<Manifest> {
    const manifest = parseJson((await this.#source.read('manifest.json')) ?? '');
    if (!isObject(manifest) || !Array.isArray(manifest.files))
      throw new DataError(damaged(this.#source, 'manifest.json'));
    return manifest as unknown as Manifest;
  }
}

/** A single-page host answers with its first page; no file of ours that is read here begins as HTML does. */
function isOurs(text: string | undefined): text is string {
  return text !== undefined && !/^\s*</.test(text.slice(0, 100));
}

export function damaged({ name }: MatrixSource, path: string): string {
  return `${name}/${path} is damaged. Fetch or build it anew.`;
}

/** The answer of the first call; a failure is tried again by the next. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** A place from which an out/ is read: a folder, or a web server. */

export interface MatrixSource {
  /** The folder or the address, for messages. */
  readonly name: string;
  /**
   * Returns the text of a file; undefined where there is none. With `past`, no cache may answer, since it may hold the
   * file of another night: the text makes the address one that no cache has seen.
   *
   * @throws DataError when it cannot be read.
   */
  read(path: string, past?: string): Promise<string | undefined>;
  /** Tells whether the manifest differs from the one that was read last. It is called often, so it is cheap. */
  hasNewManifest(): Promise<boolean>;
  /** Milliseconds for which the last manifest counts as the newest, unless the caller sets them. */
  readonly recheckMs: number;
  /** Returns the sha256 as hex, by the quickest way there is: the way of browsers takes milliseconds to begin in Node. */
  sha256(text: string): Promise<string>;
}

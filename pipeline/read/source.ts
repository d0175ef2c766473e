/** Where an out/ is read from: a folder, or a web server. */

export interface MatrixSource {
  /** For messages: the folder or the address. */
  readonly name: string;
  /**
   * The text of a file; undefined where there is none. `past`: past every cache, which may hold the file of another night; the
   * text makes the address one that no cache has seen.
   *
   * @throws DataError when it cannot be read.
   */
  read(path: string, past?: string): Promise<string | undefined>;
  /** Whether there is another manifest than the one that was read last: asked often, so it is cheap. */
  hasNewManifest(): Promise<boolean>;
  /** How long the last manifest is taken for the newest, in milliseconds, where the caller does not say. */
  readonly recheckMs: number;
  /** As hex, by the quickest that is there: a browser's way takes milliseconds to begin in Node. */
  sha256(text: string): Promise<string>;
}

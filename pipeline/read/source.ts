/** Where an out/ is read from: a folder, or a web server. */

export interface MatrixSource {
  /** For messages: the folder or the address. */
  readonly name: string;
  /** The text of a file; undefined where there is none. @throws DataError when it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** About so many bytes from its beginning, or more. */
  readHead(path: string, bytes: number): Promise<string | undefined>;
  /** As hex, by the quickest that is there: a browser's way takes milliseconds to begin in Node. */
  sha256(text: string): Promise<string>;
}

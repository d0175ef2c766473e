/** `openMatrix` for Node, with a folder or an address. */
import { folderSource } from './folder.ts';
import { type Ask, httpSource } from './http.ts';
import { type Matrix, type MatrixOptions, openSource } from './index.ts';

/**
 * Opens an out/, in a folder or behind an address that begins with http.
 *
 * @throws UsageError when there is no manifest; DataError naming the file that is missing or damaged.
 */
export function openMatrix(dirOrUrl: string, options: MatrixOptions = {}, ask?: Ask): Promise<Matrix> {
  const source = /^https?:\/\//.test(dirOrUrl) ? httpSource(dirOrUrl, ask) : folderSource(dirOrUrl);
  return openSource(source, options);
}

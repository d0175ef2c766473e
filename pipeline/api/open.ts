/** Opens out/ for callers in Node: `openMatrix` through the proxy that the environment names. */
import { fetchThroughProxy } from '../crawl/proxy.ts';
import type { Matrix, MatrixOptions } from '../read/index.ts';
import { openMatrix as openWith } from '../read/node.ts';

/**
 * Opens an out/, in a folder or behind an address that begins with http. `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are honoured.
 *
 * @throws UsageError when there is no manifest; DataError naming the file that is missing or damaged.
 */
export function openMatrix(dirOrUrl: string, options: MatrixOptions = {}): Promise<Matrix> {
  return openWith(dirOrUrl, options, fetchThroughProxy);
}

/** An out/ behind a web server, by `fetch`: the same in Node and in browsers. */
import { DataError } from '../lib/errors.ts';
import type { MatrixSource } from './source.ts';

/** What is used of `fetch`. */
export type Ask = (
  address: string | URL,
  init: { readonly headers: Record<string, string> },
) => Promise<Pick<Response, 'status' | 'ok' | 'text'>>;

/** `url` is the folder that holds manifest.json. */
export function httpSource(url: string, ask: Ask = fetch): MatrixSource {
  const base = url.endsWith('/') ? url : `${url}/`;
  const get = (path: string, headers: Record<string, string>) => fetchText(new URL(path, base), headers, ask);
  return {
    name: base.slice(0, -1),
    sha256,
    read: (path) => get(path, {}),
    // A server that knows no ranges gives all of it.
    readHead: (path, bytes) => get(path, { range: `bytes=0-${bytes - 1}` }),
  };
}

/** What hosts answer for what is not there: S3 says 403, since it does not tell what it has. */
const NOT_THERE = new Set([403, 404, 410]);

/** undefined: there is perhaps no such file, which the manifest knows. @throws DataError naming the address, where another answer comes or none. */
export async function fetchText(
  address: string | URL,
  headers: Record<string, string> = {},
  ask: Ask = fetch,
): Promise<string | undefined> {
  try {
    const response = await ask(address, { headers });
    if (NOT_THERE.has(response.status)) return undefined;
    if (response.ok) return await response.text();
    throw new DataError(`${address} answers ${response.status}.`);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${address} cannot be reached.`, { cause });
  }
}

/** By what both Node and browsers have. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

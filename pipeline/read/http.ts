/** Reads an out/ behind a web server by `fetch`, in the same way in Node and in browsers. */
import { DataError, UsageError } from '../lib/errors.ts';
import * as say from './sentences.ts';
import type { MatrixSource } from './source.ts';

/** The part of `fetch` that is used. */
export type Ask = (
  address: string | URL,
  init: { readonly headers: Record<string, string> },
) => Promise<Pick<Response, 'status' | 'ok' | 'text'>>;

/** The name of the manifest, as in `format/out-folder.ts`, which needs a disk. */
const MANIFEST = 'manifest.json';
/** The bytes of a manifest's head, which names its night; the list of files may be megabytes long. */
const HEAD_BYTES = 1_024;

/**
 * Returns a source for the folder `url`, which holds manifest.json; in a browser it may be relative to the page.
 *
 * @throws UsageError when it is no address.
 */
export function httpSource(url: string, ask: Ask = fetch): MatrixSource {
  const base = folderAddress(url);
  let lastHead = '';
  return {
    name: base.href.slice(0, -1),
    recheckMs: 60_000,
    sha256,
    read: async (path, past) => {
      const address = new URL(path, base);
      // No cache has seen this address. The options of fetch for that make pages dynamic in Next.js.
      if (past !== undefined) address.searchParams.set('night', past);
      const text = await fetchText(address, {}, ask);
      if (path === MANIFEST) lastHead = headOf(text);
      return text;
    },
    // A server that knows no ranges gives all of it.
    hasNewManifest: async () => {
      const headers = { range: `bytes=0-${HEAD_BYTES - 1}` };
      return headOf(await fetchText(new URL(MANIFEST, base), headers, ask)) !== lastHead;
    },
  };
}

function headOf(text = ''): string {
  return text.slice(0, HEAD_BYTES);
}

function folderAddress(url: string): URL {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  const folder = url.endsWith('/') ? url : `${url}/`;
  if (!URL.canParse(folder, page)) throw new UsageError(say.notAnAddress(url));
  return new URL(folder, page);
}

/** The status codes of hosts for a missing file. S3 answers 403, since it does not show which files it has. */
const NOT_THERE = new Set([403, 404, 410]);

/**
 * Fetches a text; undefined where there is perhaps no such file, which the manifest shows.
 *
 * @throws DataError naming the address, where another answer comes or none.
 */
async function fetchText(
  address: URL,
  headers: Record<string, string> = {},
  ask: Ask = fetch,
): Promise<string | undefined> {
  try {
    const response = await ask(address, { headers });
    if (NOT_THERE.has(response.status)) return undefined;
    if (response.ok) return await response.text();
    throw new DataError(say.answersStatus(String(address), response.status));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(say.notReached(String(address)), { cause });
  }
}

/** Returns the sha256 of a text by the API that both Node and browsers have. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

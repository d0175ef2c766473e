/**
 * `npm run site:preview`: serves site/dist as a static host does. Ours, because simple servers take a dotted repo id for a
 * file or list its folder; a page that is gone answers 410, one that never was 404, both with the page that says why.
 */
import { once } from 'node:events';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseOf } from './lib/base.ts';
import { flagsOrStop } from './lib/flags.ts';
import type { Gone } from './lib/gone.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
};

/** Returns what `_headers` says of all paths. */
function headersOf(dist: string): Record<string, string> {
  const lines = readFileSync(join(dist, '_headers'), 'utf8').split('\n').slice(1);
  return Object.fromEntries(
    lines.flatMap((line) => {
      const cut = line.indexOf(':');
      return cut < 0 ? [] : [[line.slice(0, cut).trim(), line.slice(cut + 1).trim()]];
    }),
  );
}

/** A server of a built site, not yet listening. */
export function siteServer(dist: string): Server {
  const headers = headersOf(dist);
  const base = baseOf(dist);
  const gone = pathsOfGone(dist);
  return createServer((request, response) => {
    const path = readPath(request.url ?? '/', base);
    if (path === undefined) return send(response, join(dist, '404.html'), 400, headers);
    const full = join(dist, path);
    const kind = kindOf(full);
    if (kind === 'folder' && !path.endsWith('/') && kindOf(join(full, 'index.html')) === 'file') {
      const search = /\?.*$/.exec(request.url ?? '')?.[0] ?? '';
      return void response.writeHead(301, { location: `${base}${encodeURI(path)}/${search}` }).end();
    }
    const file = path.endsWith('/') ? join(full, 'index.html') : full;
    if (kindOf(file) === 'file') return send(response, file, 200, headers);
    const asked = /^\/models\/(.+?)\/?$/.exec(path)?.[1] ?? '';
    return send(response, join(dist, '404.html'), gone.has(asked) ? 410 : 404, headers);
  });
}

/** Returns the paths below models/ that are gone: of each that is gone its id, and the path that its page had instead. */
function pathsOfGone(dist: string): Set<string> {
  const gone = JSON.parse(readFileSync(join(dist, 'gone.json'), 'utf8')) as Record<string, Gone>;
  return new Set(Object.entries(gone).flatMap(([id, { path = id }]) => [id, path]));
}

/** Returns the path, decoded and below the folder of the site; undefined for what is neither. */
function readPath(url: string, base: string): string | undefined {
  if (!url.startsWith(`${base}/`)) return undefined;
  try {
    const path = decodeURIComponent(url.slice(base.length).replace(/[?#].*$/, ''));
    const plain = normalize(path);
    return path.startsWith('/') && plain === path && !path.includes('\0') ? path : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    // Not there, below a file (ENOTDIR), or longer than a name may be (ENAMETOOLONG): nothing that we serve.
    return undefined;
  }
}

function send(response: ServerResponse, file: string, status: number, headers: Record<string, string>): void {
  response.writeHead(status, {
    ...headers,
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
  });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

const MOST_PORTS = 20;

/** Listens on this port, or on the next that is free. @throws the system's error where none of twenty is. */
export async function listenNear(server: Server, port: number): Promise<number> {
  for (let tried = 0; ; tried += 1) {
    server.listen(port + tried, '127.0.0.1');
    try {
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || tried === MOST_PORTS || port + tried >= MOST_PORT) throw error;
    }
  }
}

const MOST_PORT = 65_535;

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}

function readPort(): number {
  const values = flagsOrStop({ port: { type: 'string', default: process.env.PORT || '4173' } });
  const port = Number(values.port);
  if (Number.isInteger(port) && port > 0 && port <= MOST_PORT) return port;
  stop(`--port takes a number from 1 to ${MOST_PORT}, not ${values.port}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = readPort();
  const dist = fileURLToPath(new URL('dist', import.meta.url));
  if (kindOf(join(dist, 'gone.json')) === undefined)
    stop(`${dist} holds no site. Run npm run site:build first.`);
  const port = await listenNear(siteServer(dist), wanted);
  if (port !== wanted) console.log(`Port ${wanted} is taken; this is the next that is free.`);
  console.log(`http://localhost:${port}${baseOf(dist)}/`);
}

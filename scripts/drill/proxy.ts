/** Runs a proxy between the crawl and the Hub that drops connections, and answers for some repositories itself. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of the proxy itself, without the Hub. */
export interface OwnAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface ProxyOptions {
  /** The interval of dropped connections: one is dropped when its number, counted from 1, is a multiple of it. */
  readonly dropEvery: number;
  /** Returns the proxy's own answer; undefined where the Hub is asked. */
  readonly answer: (url: URL) => OwnAnswer | undefined;
}

export interface RunningProxy {
  readonly address: string;
  /** Returns the number of connections that were dropped so far. */
  readonly dropped: () => number;
  stop(): void;
}

/**
 * Starts the proxy. It closes each connection after one answer, as many proxies do, so that each request takes a new one.
 */
export async function startProxy({ dropEvery, answer }: ProxyOptions): Promise<RunningProxy> {
  let connections = 0;
  const server = createServer((asked, response) => {
    const url = new URL(asked.url ?? '');
    const own = answer(url);
    if (own === undefined) forward(url, asked, response);
    else response.writeHead(own.status, { 'content-type': own.type, connection: 'close' }).end(own.body);
  });
  server.on('connection', (socket) => {
    connections += 1;
    if (connections % dropEvery === 0) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dropped: () => Math.floor(connections / dropEvery),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function forward(url: URL, { headers }: IncomingMessage, response: ServerResponse): void {
  const onward = request(url, { headers, agent: false }, (answered) => {
    response.writeHead(answered.statusCode ?? 502, { ...answered.headers, connection: 'close' });
    answered.pipe(response);
  });
  onward.on('error', () => response.destroy());
  onward.end();
}

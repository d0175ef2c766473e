import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../lib/errors.ts';
import { MiniHub, miniRecord } from '../testing/mini-hub.ts';
import { HubClient } from './client.ts';
import { proxyFor } from './proxy.ts';

let hub: MiniHub;
beforeEach(async () => {
  hub = await MiniHub.start([miniRecord(1)]);
});
afterEach(() => {
  vi.unstubAllEnvs();
  hub.stop();
});

/** Starts a proxy that forwards requests for any host to the Hub of this test. */
async function startProxy() {
  const seen: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    seen.push(`${request.method} ${request.url}`);
    const { pathname, search } = new URL(request.url ?? '');
    response.end(await (await fetch(hub.endpoint + pathname + search)).text());
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, address, stop: () => server.close() };
}

async function ask(endpoint: string): Promise<string> {
  const client = new HubClient({ endpoint, token: undefined, backoffMs: 1, timeoutMs: 2_000 });
  return await client
    .get('/api/models')
    .then(({ text }) => text)
    .finally(() => client.close());
}

describe('a proxy of the environment', () => {
  it('is used, but for hosts that NO_PROXY names', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTP_PROXY', proxy.address);
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    expect(await ask('http://hub.corp.invalid')).toContain('o/m1');
    expect(await ask(hub.endpoint)).toContain('o/m1');
    expect(proxy.seen).toEqual([expect.stringMatching(/^GET http:\/\/hub\.corp\.invalid\/api\/models/)]);
    proxy.stop();
  });

  it('is named where it cannot be reached, without its password', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://user:secret@127.0.0.1:9');
    const error = await ask('https://hub.corp.invalid').catch(String);
    expect(error).toContain('through the proxy http://127.0.0.1:9');
    expect(error).not.toContain('secret');
  });

  it.each([
    ['https://a.example', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https://a.example', { HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
    ['http://a.example', { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['https://a.example', { https_proxy: 'http://p:1', NO_PROXY: '*' }, undefined],
    ['https://a.example', { https_proxy: 'http://p:1', no_proxy: 'b.example .example' }, undefined],
    ['https://a.example', { https_proxy: 'http://p:1', no_proxy: 'a.example:8443' }, 'http://p:1'],
    ['https://a.example', { https_proxy: '', HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https://a.example', { HTTPS_PROXY: 'user:secret@p:1' }, 'http://p:1'],
    ['https://a.example', { HTTPS_PROXY: ' socks5://p:1 ' }, 'socks5://p:1'],
    ['https://a.example', {}, undefined],
  ])('leads to %s with %j: %s', (origin, env, proxy) => {
    expect(proxyFor(new URL(origin), env)).toBe(proxy);
  });

  it.each(['http://', 'ftp://p:1', 'p:port'])(
    'is reported at the start where its variable holds %s',
    async (text) => {
      vi.stubEnv('HTTPS_PROXY', text);
      const error = await ask('https://hub.corp.invalid').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UsageError);
      expect(String(error)).toContain(
        `HTTPS_PROXY takes the address of a proxy, such as http://proxy.example:3128, not "${text}"`,
      );
    },
  );

  it('needs no scheme', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTP_PROXY', proxy.address.replace('http://', ''));
    expect(await ask('http://hub.corp.invalid')).toContain('o/m1');
    proxy.stop();
  });
});

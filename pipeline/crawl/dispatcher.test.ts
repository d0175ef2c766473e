import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HubClient } from './client.ts';
import { ACCEPT_ENCODING } from './dispatcher.ts';

/** The ciphers of a connection that needs no certificate, so that none in the repository expires. */
const ANONYMOUS = 'ADH-AES256-GCM-SHA384:@SECLEVEL=0';
const DEFAULTS = { ciphers: tls.DEFAULT_CIPHERS, maxVersion: tls.DEFAULT_MAX_VERSION };

beforeEach(() => {
  tls.DEFAULT_CIPHERS = ANONYMOUS;
  tls.DEFAULT_MAX_VERSION = 'TLSv1.2';
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
});
afterEach(() => {
  tls.DEFAULT_CIPHERS = DEFAULTS.ciphers;
  tls.DEFAULT_MAX_VERSION = DEFAULTS.maxVersion;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Starts a Hub over TLS that offers HTTP/2 and HTTP/1.1, and reports which one was used. */
async function startSecureHub() {
  const server = createSecureServer(
    { ciphers: ANONYMOUS, maxVersion: 'TLSv1.2', dhparam: 'auto', allowHTTP1: true },
    ({ httpVersion, url }, response) => {
      if (url === '/refused') response.writeHead(503, { 'retry-after': '0.001' }).end();
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(`by ${httpVersion}`));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, stop: () => server.close() };
}

describe('the connections', () => {
  it('are HTTP/2 where the Hub offers it, and answers are decompressed and failures retried there too', async () => {
    const hub = await startSecureHub();
    const client = new HubClient({ endpoint: hub.endpoint, token: undefined, backoffMs: 1 });
    const answers = await Promise.all(['/api/a', '/api/b', '/api/c'].map((path) => client.get(path)));
    expect(answers.map(({ text }) => text)).toEqual(['by 2.0', 'by 2.0', 'by 2.0']);
    await expect(client.get('/refused', { tries: 2 })).rejects.toThrow('the Hub answers 503');
    expect(client.spent).toBe(5);
    await client.close();
    hub.stop();
  });

  it('ask for zstd exactly where Node reads it', () => {
    expect(ACCEPT_ENCODING.split(', ')).toEqual([
      ...['gzip', 'deflate', 'br'],
      ...('zstdCompressSync' in zlib ? ['zstd'] : []),
    ]);
  });
});

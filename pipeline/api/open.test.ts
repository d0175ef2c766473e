import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DataError, UsageError } from '../lib/errors.ts';
import { openMatrix } from './open.ts';

const seen: string[] = [];
const proxy = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  response.writeHead(404).end();
});
beforeAll(async () => {
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  vi.stubEnv('HTTP_PROXY', addressOf(proxy));
  vi.stubEnv('http_proxy', addressOf(proxy));
  vi.stubEnv('NO_PROXY', 'localhost');
  vi.stubEnv('no_proxy', 'localhost');
});
afterAll(() => {
  vi.unstubAllEnvs();
  proxy.close();
});

function addressOf(server: typeof proxy): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('openMatrix in Node', () => {
  it('asks through the proxy of the environment, but for hosts that NO_PROXY names', async () => {
    await expect(openMatrix('http://matrix.corp.invalid/out')).rejects.toThrow(UsageError);
    expect(seen).toEqual(['GET http://matrix.corp.invalid/out/manifest.json']);
    await expect(openMatrix('http://localhost:9/out')).rejects.toThrow(
      'http://localhost:9/out/manifest.json cannot be reached.',
    );
    expect(seen).toHaveLength(1);
  });

  it('names a proxy that does not answer', async () => {
    const address = addressOf(proxy);
    proxy.closeAllConnections();
    proxy.close();
    const error = await openMatrix('http://matrix.corp.invalid/out').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(`cannot be reached through the proxy ${address}`);
  });
});

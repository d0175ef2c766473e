import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadData } from './browser.ts';
import { DataError } from './lib/errors.ts';

/** As many hosts do: every unknown address gets the first page. */
const server = createServer(({ url }, response) => {
  if (url === '/missing.json') return response.writeHead(404).end();
  if (url === '/broken.json') return response.writeHead(503).end();
  if (url === '/other.json') return response.end('{"name": "something else"}');
  return response.end('<!doctype html><title>Home</title>');
});
let origin: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const ADVICE = 'Serve dist/data.json of this package there, or give loadData the address where it is.';

describe('loadData', () => {
  it.each([
    ['/missing.json', 'is not there.'],
    ['/broken.json', 'answers 503.'],
    ['/other.json', 'is no data.json of this package.'],
    ['/page', 'is no data.json of this package.'],
  ])('of %s says that it %s and what to do', async (path, problem) => {
    const error = await loadData(`${origin}${path}`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toBe(`${origin}${path} ${problem} ${ADVICE}`);
  });

  it('of a host that is not there names the address and keeps the cause', async () => {
    // Port 1 is one that nobody listens on.
    const error = await loadData(new URL('http://127.0.0.1:1/data.json')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    const { message, cause } = error as DataError;
    expect(message).toBe(`http://127.0.0.1:1/data.json cannot be reached. ${ADVICE}`);
    expect((cause as Error).cause).toBeInstanceOf(TypeError);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenNear, siteServer } from './serve.ts';

const dist = mkdtempSync(join(tmpdir(), 'serve-'));
const FILES = {
  'index.html': '<a href="/">Home</a>',
  '404.html': 'not here',
  'style.css': 'a{}',
  'gone.json': '{}',
  _headers: '/*\n  x-test: yes\n',
  'robots.txt': 'Sitemap: https://example.org/sitemap.xml',
  'sitemap.xml': '<loc>https://example.org/sitemap/0.xml</loc>',
};
const servers = [0, 1].map(() => {
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(dist, path), text);
  mkdirSync(join(dist, 'models/a/b'), { recursive: true });
  return siteServer(dist);
});
let port: number;
beforeAll(async () => {
  port = await listenNear(servers[0] as (typeof servers)[0], 41_730);
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(dist, { recursive: true });
});

/** The status of a request whose path is sent as it is. */
function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => resolve(text.slice(9, 12))).on('error', reject);
  });
}

describe('the preview server', () => {
  it.each([
    ['/', '200'],
    ['/index.html/', '404'],
    ['/style.css/x', '404'],
    [`/${'x'.repeat(300)}`, '404'],
    [`/models/${'x'.repeat(5_000)}/`, '404'],
    ['/models/a/b', '404'],
    ['/%E0%A4%A', '400'],
    ['/a%00b', '400'],
    ['/..%2f..%2fetc/passwd', '400'],
    ['//etc/passwd', '400'],
  ])('answers %s with %s, and goes on', async (path, status) => {
    expect(await ask(path)).toBe(status);
    expect(await ask('/')).toBe('200');
  });

  it('takes the next port where the wanted one is taken', async () => {
    const next = await listenNear(servers[1] as (typeof servers)[1], port);
    expect(next).toBeGreaterThan(port);
  });
});

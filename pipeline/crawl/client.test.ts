import { readFileSync } from 'node:fs';
import zlib, { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MiniHub } from '../testing/mini-hub.ts';
import { HubClient, type HubOptions, USER_AGENT } from './client.ts';
import { fetchModel } from './model.ts';
import { nextPath } from './page.ts';

type Compress = (text: string) => Buffer;
const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: Compress };
const zstd: [string, Compress][] = zstdCompressSync === undefined ? [] : [['zstd', zstdCompressSync]];

let hub: MiniHub;
const clients: HubClient[] = [];
beforeEach(async () => {
  hub = await MiniHub.start([]);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  hub.stop();
});

function connect(rest: Partial<HubOptions> = {}): HubClient {
  const client = new HubClient({ endpoint: hub.endpoint, token: undefined, backoffMs: 1, ...rest });
  clients.push(client);
  return client;
}

describe('HubClient', () => {
  it('says who asks', async () => {
    const agents: unknown[] = [];
    hub.intercept = (_, answer, request) => {
      agents.push(request.headers['user-agent']);
      answer(200, '');
      return true;
    };
    await connect().get('/x');
    expect(agents).toEqual([USER_AGENT]);
    const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;
    expect(USER_AGENT).toContain(`${name?.replace('@', '').replace('/', '-')}/${version} (+https://`);
  });

  it('waits as long as a 429 asks, and asks again after an overload or a page that is none', async () => {
    const waits: string[] = [];
    const answers: [number, string, Record<string, string>][] = [
      [429, '', { ratelimit: '"api";r=0;t=0' }],
      [503, '', { 'retry-after': '0.01' }],
      [200, '<html>', {}],
      [200, 'fine', {}],
    ];
    hub.intercept = (_, answer) => {
      answer(...(answers.shift() ?? [500, '', {}]));
      return true;
    };
    const check = ({ text }: { text: string }) => (text === 'fine' ? undefined : 'no JSON');
    const client = connect({ onWait: (message) => waits.push(message) });
    expect(await client.get('/api/x', { check })).toMatchObject({ status: 200, text: 'fine' });
    expect(waits).toEqual([
      'the Hub answers 429; waiting 0 s (attempt 1 of 6)',
      'our share of the quota is spent; waiting 1 s for the next window',
      'the Hub answers 503; waiting 1 s (attempt 2 of 6)',
      expect.stringMatching(/^no JSON; waiting/),
    ]);
  });

  it.each([408, 425, 429, 500, 502, 503, 504, 507, 520, 522, 524, 526, 530])(
    'asks again where something answers %i',
    async (status) => {
      hub.intercept = (_, answer) => {
        answer(hub.asked.length === 1 ? status : 200, 'fine');
        return true;
      };
      expect(await connect().get('/x')).toMatchObject({ status: 200, text: 'fine' });
    },
  );

  it.each([
    ['with another order of its parameters', { ratelimit: '"api";t=0;r=0' }],
    ['without a time, with Retry-After', { ratelimit: '"api";r=0', 'retry-after': '0.01' }],
    ['with two windows', { ratelimit: '"day";r=900;t=9000, "api";r=0;t=0' }],
  ])('reads a quota %s', async (_, headers) => {
    hub.intercept = (__, answer) => {
      if (hub.asked.length === 1) answer(429, '', headers);
      else answer(200, 'fine');
      return true;
    };
    const started = performance.now();
    expect((await connect().get('/api/x')).text).toBe('fine');
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it.each<[string, Compress]>([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    // Node has it from 22.15 on.
    ...zstd,
  ])('reads an answer that is compressed by %s', async (encoding, compress) => {
    const asked: unknown[] = [];
    hub.intercept = (_, __, request) => {
      asked.push(request.headers['accept-encoding']);
      const body = compress('\ufeff{"a": "ä"}');
      request.socket.write(
        `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      request.socket.write(body);
      return true;
    };
    expect((await connect().get('/x')).text).toBe('{"a": "ä"}');
    expect(asked).toEqual([expect.stringMatching(/gzip.*br/)]);
  });

  it('says that it cannot read an encoding, and reads no more than the cap of one that it can', async () => {
    hub.intercept = ({ pathname }, answer) => {
      if (pathname === '/odd') answer(200, 'x', { 'content-encoding': 'lzma' });
      else return false;
      return true;
    };
    await expect(connect().get('/odd')).rejects.toThrow('compressed by lzma, which this Node cannot read');
    hub.intercept = (_, __, request) => {
      const body = gzipSync(Buffer.alloc(5_000_000));
      request.socket.write(
        `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      request.socket.write(body);
      return true;
    };
    expect((await connect().get('/bomb', { maxBytes: 1_000 })).problem).toBe('answers more than 1000 bytes');
  });

  it.each([400, 401, 403, 404])('asks once where the Hub answers %i', async (status) => {
    hub.intercept = (_, answer) => {
      answer(status, '');
      return true;
    };
    expect(await connect().get('/x')).toMatchObject({ status });
    expect(hub.asked).toHaveLength(1);
  });

  it('asks again after a cut body, a reset and silence', async () => {
    let times = 0;
    hub.intercept = (_, answer, request) => {
      times += 1;
      if (times === 1) {
        request.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
        request.socket.end();
      } else if (times === 2) request.socket.destroy();
      else if (times > 3) answer(200, 'whole');
      return true;
    };
    const client = connect({ timeoutMs: 300 });
    expect(await client.get('/x')).toMatchObject({ text: 'whole' });
    expect(times).toBe(4);
  });

  it('keeps the token at the endpoint, and out of what it gives back', async () => {
    const elsewhere = await MiniHub.start([]);
    hub.intercept = (url, answer, request) => {
      if (url.pathname === '/away') answer(302, '', { location: `${elsewhere.endpoint}/stolen` });
      else answer(200, `echo ${request.headers.authorization}`);
      return true;
    };
    const client = connect({ token: 'hf_secret' });
    expect((await client.get('/echo')).text).toBe('echo Bearer [token]');
    hub.intercept = (_, answer) => {
      answer(200, '{"license": "\\u0068f_secre\\u0074"}', { link: '</x?cursor=hf_secret>; rel="next"' });
      return true;
    };
    const { text, headers } = await client.get('/escaped');
    expect([text, headers.link]).toEqual(['{"license": "[token]"}', '</x?cursor=[token]>; rel="next"']);
    hub.intercept = (_, answer) => {
      answer(302, '', { location: `${elsewhere.endpoint}/stolen` });
      return true;
    };
    expect((await client.get('/away')).problem).toBe('redirects to another host, which is not followed');
    expect(elsewhere.asked).toEqual([]);
    elsewhere.stop();
  });

  it('never spends more of a window than its share', async () => {
    const windowMs = 1_000;
    let window = { start: 0, spent: 0 };
    const spent: number[] = [];
    hub.intercept = (_, answer) => {
      const now = Date.now();
      if (now - window.start >= windowMs) {
        window = { start: now, spent: 0 };
        spent.push(0);
      }
      window.spent += 1;
      spent[spent.length - 1] = window.spent;
      const left = Math.ceil((window.start + windowMs - now) / 1000);
      answer(200, '', {
        ratelimit: `"api";r=${20 - window.spent};t=${left}`,
        'ratelimit-policy': `"fixed window";"api";q=20;w=1`,
      });
      return true;
    };
    const client = connect({ quotaShare: 0.25 });
    await Promise.all(Array.from({ length: 12 }, () => client.get('/api/x')));
    expect(spent).toEqual([5, 5, 2]);
  });
});

describe('nextPath', () => {
  it.each([
    [undefined, undefined],
    ['<https://x/api/models?cursor=a>; rel="prev"', undefined],
    ['<https://x/api/whoami-v2>; rel="next"', undefined],
    [
      '<https://x/a>; rel="prev", <https://evil.example/api/models?cursor=b>; rel="next"',
      '/api/models?cursor=b',
    ],
    [
      '<https://x/api/models?cursor=a,b>; title="one, rel=prev; two"; rel="last next"',
      '/api/models?cursor=a,b',
    ],
    ['</api/models?cursor=c>; REL=Next', '/api/models?cursor=c'],
    ['</api/models?cursor=d>; title="rel=next"', undefined],
  ])('reads %j as %j', (link, path) => {
    expect(nextPath(link)).toBe(path);
  });
});

describe('fetchModel', () => {
  it.each([
    [401, 'has no such repository'],
    [403, 'has disabled this repository'],
  ])('says what %i means', async (status, message) => {
    hub.intercept = (_, answer) => {
      answer(status, '{"error":"no"}');
      return true;
    };
    const { endpoint } = hub;
    await expect(fetchModel('o/n', { endpoint, token: undefined })).rejects.toThrow(message);
  });

  it('takes the page of a firewall for no word of the Hub', async () => {
    hub.intercept = (_, answer) => {
      answer(403, '<html>Request blocked', { 'content-type': 'text/html' });
      return true;
    };
    const { endpoint } = hub;
    await expect(fetchModel('o/n', { endpoint, token: undefined })).rejects.toThrow(
      "the answer 403 is not the Hub's own",
    );
  });

  it('refuses what is no repo id before asking', async () => {
    await expect(fetchModel('../x', { endpoint: 'http://127.0.0.1:1', token: undefined })).rejects.toThrow(
      'is not a repo id',
    );
  });
});

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchModel, nextPath, type WalkOptions, walkHub } from './hub.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A Hub of one handler on this machine. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function walk(endpoint: string, rest: Partial<WalkOptions> = {}): Promise<unknown[]> {
  const records: unknown[] = [];
  const none = () => ({ config: false, sizes: false });
  for await (const { lines } of walkHub({
    endpoint,
    token: undefined,
    limit: undefined,
    details: none,
    ...rest,
  })) {
    records.push(...lines.map((line) => JSON.parse(String(line))));
  }
  return records;
}

const json = (response: ServerResponse, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

describe('walkHub', () => {
  it('asks for the fields it needs, oldest first, and follows the links to the end', async () => {
    const asked: URL[] = [];
    const endpoint = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      asked.push(url);
      const next = { link: '<https://huggingface.co/api/models?limit=1000&cursor=abc%3D>; rel="next"' };
      json(
        response,
        [{ id: url.searchParams.get('cursor') ?? 'first' }],
        url.searchParams.has('cursor') ? {} : next,
      );
    });
    expect(await walk(endpoint)).toEqual([{ id: 'first' }, { id: 'abc=' }]);
    expect(asked[0]?.searchParams.get('sort')).toBe('createdAt');
    expect(asked[0]?.searchParams.get('limit')).toBe('1000');
    expect(asked[0]?.searchParams.getAll('expand')).toEqual(
      expect.arrayContaining(['config', 'gguf', 'safetensors', 'siblings', 'sha']),
    );
  });

  it('stops at the limit', async () => {
    const endpoint = await serve((_, response) => json(response, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]));
    expect(await walk(endpoint, { limit: 2 })).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('reads config.json at the listed commit through the redirect, and sizes', async () => {
    const sha = 'a'.repeat(40);
    const seen: string[] = [];
    const endpoint = await serve((request, response) => {
      const path = request.url ?? '';
      seen.push(path.replace(/\?.*/, ''));
      if (path.startsWith('/api/models?')) return json(response, [{ id: 'o/n', sha }]);
      if (path.includes('/resolve/'))
        return response
          .writeHead(307, { location: `/api/resolve-cache/models/o/n/${sha}/config.json` })
          .end();
      if (path.includes('resolve-cache')) return response.end('{"a": Infinity}');
      return json(response, { siblings: [{ rfilename: 'f', size: 3 }] });
    });
    const records = await walk(endpoint, { details: () => ({ config: true, sizes: true }) });
    expect(records).toEqual([
      { id: 'o/n', sha, configJson: '{"a": Infinity}', siblings: [{ rfilename: 'f', size: 3 }] },
    ]);
    expect(seen).toContain(`/o/n/resolve/${sha}/config.json`);
  });

  it('keeps the token at the endpoint and never follows to another host', async () => {
    const elsewhere: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      elsewhere.push(request.headers.authorization);
      response.end('{}');
    });
    const tokens = new Set<string | undefined>();
    const endpoint = await serve((request, response) => {
      tokens.add(request.headers.authorization);
      if (request.url?.startsWith('/api/models?'))
        return json(response, [{ id: 'o/n', sha: 'b'.repeat(40) }]);
      return response.writeHead(302, { location: `${other}/stolen` }).end();
    });
    const details = () => ({ config: true, sizes: false });
    const records = await walk(endpoint, { token: 'hf_secret', details });
    expect(records).toMatchObject([
      { id: 'o/n', configProblem: expect.stringContaining('redirects to another host') },
    ]);
    expect([...tokens]).toEqual(['Bearer hf_secret']);
    expect(elsewhere).toEqual([]);
  });

  it('keeps one repository that answers wrongly from stopping the walk', async () => {
    const endpoint = await serve((request, response) => {
      const path = request.url ?? '';
      const sha = 'c'.repeat(40);
      if (path.startsWith('/api/models?'))
        return json(
          response,
          ['loop', 'gone', 'huge', 'gated'].map((name) => ({ id: `o/${name}`, sha })),
        );
      if (path.includes('loop')) return response.writeHead(307, { location: path }).end();
      if (path.includes('gone')) return response.writeHead(404).end();
      if (path.includes('gated')) return response.writeHead(401).end();
      return response.end(Buffer.alloc(6 * 1024 * 1024, 0x20));
    });
    const records = await walk(endpoint, { details: () => ({ config: true, sizes: false }) });
    expect(records).toMatchObject([
      { id: 'o/loop', configProblem: expect.stringContaining('redirects more than') },
      { id: 'o/gone' },
      { id: 'o/huge', configProblem: expect.stringContaining('answers more than 5242880 bytes') },
      { id: 'o/gated' },
    ]);
    for (const at of [1, 3]) expect(records[at]).not.toHaveProperty('configProblem');
  });

  it('passes a record on that is nested too deep to be written again, as no record', async () => {
    const deep = `[{"id": "a/b", "cardData": ${'['.repeat(20_000)}${']'.repeat(20_000)}}, {"id": "c/d"}]`;
    const endpoint = await serve((_, response) => response.end(deep));
    expect(await walk(endpoint)).toEqual([null, { id: 'c/d' }]);
  });

  it('waits as told after 429 and asks again after an overload or a foreign page', async () => {
    let times = 0;
    const waits: string[] = [];
    const endpoint = await serve((_, response) => {
      times += 1;
      if (times === 1) return response.writeHead(429, { ratelimit: '"api";r=0;t=0' }).end();
      if (times === 2) return response.writeHead(200).end('<html>');
      return json(response, [{ id: 'a' }]);
    });
    expect(await walk(endpoint, { onWait: (message) => waits.push(message) })).toEqual([{ id: 'a' }]);
    expect(waits[0]).toMatch(/^the Hub answers 429; waiting 1 s/);
    expect(waits[1]).toMatch(/^the Hub sent a page that is not a JSON list/);
  });

  it('stops at a refusal and at a link that leads in a circle', async () => {
    const refusing = await serve((_, response) => response.writeHead(403).end('no'));
    await expect(walk(refusing)).rejects.toThrow('The Hub answers 403 to its listing: no');
    const circle = await serve((_, response) =>
      json(response, [{ id: 'a' }], { link: '</api/models?cursor=x>; rel="next"' }),
    );
    await expect(walk(circle)).rejects.toThrow('leads back to a page it already gave');
  });
});

describe('nextPath', () => {
  it.each([
    [undefined, undefined],
    ['<https://x/api/models?cursor=a>; rel="prev"', undefined],
    [
      '<https://x/a>; rel="prev", <https://evil.example/api/models?cursor=b>; rel="next"',
      '/api/models?cursor=b',
    ],
  ])('reads %j as %j', (link, path) => {
    expect(nextPath(link)).toBe(path);
  });

  it('refuses a link to something else', () => {
    expect(() => nextPath('<https://x/api/whoami-v2>; rel="next"')).toThrow('is no listing');
  });
});

describe('fetchModel', () => {
  it.each([
    [401, 'has no such repository'],
    [403, 'has disabled this repository'],
  ])('says what %i means', async (status, message) => {
    const endpoint = await serve((_, response) => response.writeHead(status).end('{}'));
    await expect(fetchModel('o/n', { endpoint, token: undefined })).rejects.toThrow(message);
  });

  it('refuses what is no repo id before asking', async () => {
    await expect(fetchModel('../x', { endpoint: 'http://127.0.0.1:1', token: undefined })).rejects.toThrow(
      'is not a repo id',
    );
  });
});

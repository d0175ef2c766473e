/**
 * Tests of the headers of GGUF files: they are asked for by a range, on the host that holds the files, once.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { miniCrawl } from '../testing/mini-crawl.ts';
import { miniGguf } from '../testing/mini-gguf.ts';
import { MiniHub, miniRecord } from '../testing/mini-hub.ts';

const MOST_BYTES = 2 * 1024 * 1024;
const FILE = 'a folder/m-Q4_K_M.gguf';
const HEADER = miniGguf({ 'general.architecture': 'llama', 'llama.block_count': 32 });

let dir: string;
let hub: MiniHub;
/** The host that holds the files; it records its requests. */
let store: Server;
let asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
let sent: (() => Buffer) | undefined;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'headers-'));
  hub = await MiniHub.start([miniRecord(1)]);
  asked = [];
  sent = () => HEADER;
  store = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    response.writeHead(206).end(sent?.());
  }).listen(0, '127.0.0.1');
  await once(store, 'listening');
  const storeUrl = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
  hub.intercept = ({ pathname }, answer) => {
    if (!pathname.endsWith('.gguf')) return false;
    answer(302, '', { location: `${storeUrl}/signed?part=1` });
    return true;
  };
});
afterEach(() => {
  hub.stop();
  store.closeAllConnections();
  store.close();
  rmSync(dir, { recursive: true });
});

const crawl = (rest: object = {}) =>
  miniCrawl({
    endpoint: hub.endpoint,
    cache: dir,
    wanted: { config: false, sizes: false, header: FILE },
    ...rest,
  });

describe('the header of a file', () => {
  it('is read within 2 MiB of its host, without the token, and put into the record', async () => {
    const { records } = await crawl({ token: 'hf_secret' });
    expect(records[0]).toMatchObject({
      ggufHeader: { architecture: 'llama', values: { block_count: 32 } },
      fetched: { header: true },
    });
    expect(hub.takeAsked()).toContain(`/o/m1/resolve/${miniRecord(1).sha}/a%20folder/m-Q4_K_M.gguf`);
    expect(asked.map(({ url, headers }) => [url, headers.range, headers.authorization])).toEqual([
      ['/signed?part=1', `bytes=0-${MOST_BYTES - 1}`, undefined],
    ]);
  });

  it('is asked for once per commit', async () => {
    await crawl();
    await crawl({ fresh: true });
    expect(asked).toHaveLength(1);
    hub.records = [{ ...miniRecord(1), sha: 'e'.repeat(40) }];
    await crawl({ fresh: true });
    expect(asked).toHaveLength(2);
  });

  it('that is none is not asked for again either', async () => {
    sent = () => Buffer.from('<html>no file</html>');
    const { records } = await crawl();
    expect(records[0]).not.toHaveProperty('ggufHeader');
    await crawl({ fresh: true });
    expect(asked).toHaveLength(1);
  });

  it('costs 2 MiB where a host sends all of a file', async () => {
    const vocabulary = { 'tokenizer.ggml.tokens': Array.from({ length: 9 }, () => 'x'.repeat(1024 * 1024)) };
    sent = () => miniGguf({ 'general.architecture': 'llama', 'llama.block_count': 2, ...vocabulary });
    const { records } = await crawl();
    expect(records[0]).toMatchObject({ ggufHeader: { values: { block_count: 2 } } });
  });

  it('of a host that fails is asked for on another night', async () => {
    hub.intercept = ({ pathname }, answer) => {
      if (!pathname.endsWith('.gguf')) return false;
      answer(302, '', { location: 'http://127.0.0.1:9/nobody' });
      return true;
    };
    const { report } = await crawl();
    expect(report.details).toMatchObject({ fetched: 0, failed: 1 });
  });
});

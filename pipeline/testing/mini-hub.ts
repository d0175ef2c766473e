/** A Hub of some records on this machine, for tests: it lists them in pages, gives details, and misbehaves on demand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MiniRecord {
  readonly _id: string;
  readonly id: string;
  readonly sha: string;
  readonly [field: string]: unknown;
}

/** Returns record number `n` of a listing in order. */
export function miniRecord(n: number, rest: Readonly<Record<string, unknown>> = {}): MiniRecord {
  const hex = (0x100_000 + n).toString(16);
  return { _id: hex.padStart(24, '6'), id: `o/m${n}`, sha: hex.padStart(40, '0'), ...rest };
}

/** Returns record number `n`, of a model that the marketplace's own workers run. */
export function miniLlama(n: number, rest: Readonly<Record<string, unknown>> = {}): MiniRecord {
  return miniRecord(n, {
    gated: false,
    pipeline_tag: 'text-generation',
    config: JSON.stringify({ model_type: 'llama', architectures: ['LlamaForCausalLM'] }),
    safetensors: { parameters: { BF16: 7e9 }, total: 7e9 },
    siblings: ['config.json', 'tokenizer.json', 'model.safetensors'].map((rfilename) => ({ rfilename })),
    ...rest,
  });
}

type Answer = (status: number, body: string, headers?: Readonly<Record<string, string>>) => void;

/** Handles a request in the place of the Hub, and then returns true. */
export type Interception = (url: URL, answer: Answer, request: IncomingMessage) => boolean | undefined;

export class MiniHub {
  records: readonly MiniRecord[];
  intercept: Interception = () => false;
  /** True where it serves the newest first, whatever order is asked for. */
  ignoresDirection = false;
  readonly asked: URL[] = [];
  readonly endpoint: string;
  readonly #close: () => void;

  private constructor(records: readonly MiniRecord[], endpoint: string, close: () => void) {
    this.records = records;
    this.endpoint = endpoint;
    this.#close = close;
  }

  static async start(records: readonly MiniRecord[]): Promise<MiniHub> {
    const server = createServer((request, response) => hub.#handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const hub = new MiniHub(records, endpoint, () => {
      server.closeAllConnections();
      server.close();
    });
    return hub;
  }

  /** Returns the paths requested since the last call, without their queries except cursors. */
  takeAsked(): string[] {
    return this.asked
      .splice(0)
      .map(({ pathname, searchParams }) => [pathname, ...searchParams.getAll('cursor')].join(' '));
  }

  stop(): void {
    this.#close();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.endpoint);
    this.asked.push(url);
    const answer: Answer = (status, body, headers) => response.writeHead(status, headers).end(body);
    if (this.intercept(url, answer, request)) return;
    if (url.pathname === '/api/models') this.#list(url, answer);
    else this.#tell(url, answer);
  }

  #tell({ pathname }: URL, answer: Answer): void {
    const found = this.records.find(({ id }) => pathname.includes(`/${id}/`));
    if (found === undefined) answer(401, '{"error":"Invalid username or password."}');
    else if (!pathname.endsWith('/config.json')) answer(200, JSON.stringify(found.detail ?? found));
    else if (pathname.startsWith('/api/resolve-cache/'))
      answer(200, String(found.config), { etag: `"${found.sha}"` });
    else answer(307, '', { location: `/api/resolve-cache/models/${found.id}/${found.sha}/config.json` });
  }

  #list({ href }: URL, answer: Answer): void {
    const url = new URL(href);
    const query = url.searchParams;
    const oldestFirst = query.get('direction') === '1' && !this.ignoresDirection;
    const byChange = query.get('sort') === 'lastModified';
    const key = (record: MiniRecord) => (byChange ? String(record.lastModified) : record._id);
    const sorted = [...this.records].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    if (!oldestFirst) sorted.reverse();
    const cursor = query.get('cursor');
    const start = cursor === null ? 0 : sorted.findIndex(({ _id }) => _id === cursor) + 1;
    const page = sorted.slice(start, start + 1_000);
    const more = start + page.length < sorted.length;
    query.set('cursor', page.at(-1)?._id ?? '');
    const link = `<https://huggingface.co${url.pathname}${url.search}>; rel="next"`;
    answer(200, JSON.stringify(page), more ? { link } : {});
  }
}

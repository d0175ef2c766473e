/** One walk of the listing on disk: a gzipped file of lines a page, and a log with a line for each page that is safe. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { syncFile, UNFINISHED, writeDurably } from '../../lib/durable.ts';
import { DataError } from '../../lib/errors.ts';
import { sha256 } from '../../lib/hash.ts';
import { field, isObject, parseJson } from '../../lib/json.ts';
import { joinLines } from '../../lib/lines.ts';
import * as say from '../sentences.ts';
import { addChecksum, withoutChecksum } from './checked-line.ts';

/** The order in which the walk goes through the listing. */
export type WalkOrder = 'oldest-first' | 'newest-first';

export interface WalkHead {
  readonly order: WalkOrder;
  /** The time at which the Hub answered the first page, by its own clock; ISO 8601. */
  readonly startedAt: string;
}

/** A page as the walk got it. */
export interface Page {
  /** Path and query of the request. */
  readonly asked: string;
  /** Path and query of the next page; null at the end of the listing. */
  readonly next: string | null;
  /** True where it stayed shorter than the Hub promises after a second look. */
  readonly short: boolean;
  /** The number of its first lines that are out of order: repeated, or older than those before. */
  readonly late: number;
  /** The smallest and the largest `_id` among the others; empty where there is none. */
  readonly first: string;
  readonly last: string;
  /** The lines of the page, a record each. */
  readonly lines: readonly Buffer[];
}

/** The entry of a page in the log. */
export interface PageEntry extends Omit<Page, 'lines'> {
  readonly page: number;
  readonly records: number;
  readonly sha256: string;
}

const LOG = 'walk.jsonl';
/**
 * The file with the number of pages, which is written at the end: apart from the log, so that not both are
 * lost.
 */
const END = 'end.jsonl';
const GZIP_LEVEL = 3;

export class WalkStore {
  readonly dir: string;
  readonly head: WalkHead;
  readonly #entries: PageEntry[];
  #ended: boolean;

  private constructor(dir: string, head: WalkHead, entries: PageEntry[], ended: boolean) {
    this.dir = dir;
    this.head = head;
    this.#entries = entries;
    this.#ended = ended;
  }

  static create(dir: string, head: WalkHead): WalkStore {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    writeDurably(join(dir, LOG), Buffer.from(addChecksum(JSON.stringify(head))));
    return new WalkStore(dir, head, [], false);
  }

  /**
   * Opens a walk. Returns undefined where the folder holds no walk that can be read, or one that had reached
   * its end and lost a part of its log: continuing that would give old facts for new. A log that ends in half
   * a line is cut before it.
   */
  static open(dir: string): WalkStore | undefined {
    const path = join(dir, LOG);
    if (!existsSync(path)) return undefined;
    const bytes = readFileSync(path);
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    if (whole < bytes.length) truncateSync(path, whole);
    for (const name of readdirSync(dir)) if (name.endsWith(UNFINISHED)) rmSync(join(dir, name));
    const [head, ...lines] = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1).map(readLine);
    if (!isObject(head) || typeof head.startedAt !== 'string') return undefined;
    const entries = chain(lines);
    const marked = existsSync(join(dir, END));
    const pages = marked
      ? field(readLine(readFileSync(join(dir, END), 'utf8').trimEnd()), 'pages')
      : undefined;
    // The last page says it too: the mark may be lost to a kill.
    const ended = entries.at(-1)?.next === null;
    if (marked && (!ended || pages !== entries.length)) return undefined;
    return new WalkStore(dir, head as unknown as WalkHead, entries, ended);
  }

  get entries(): readonly PageEntry[] {
    return this.#entries;
  }

  /** True once the walk has reached the end of the listing, or the records that it looked for. */
  get ended(): boolean {
    return this.#ended;
  }

  get records(): number {
    return this.#entries.reduce((all, { records }) => all + records, 0);
  }

  /** Adds the next page, or replaces a damaged one. It is on the disk when this returns. */
  put({ lines, ...rest }: Page, page = this.#entries.length + 1): void {
    const content = gzipSync(joinLines(lines), { level: GZIP_LEVEL });
    writeDurably(this.#path(page), content);
    const old = this.#entries[page - 1];
    const entry = {
      ...rest,
      // The pages behind a mended one stay as they are.
      next: old === undefined ? rest.next : old.next,
      page,
      records: lines.length,
      sha256: sha256(content),
    };
    this.#log(JSON.stringify(entry));
    this.#entries[page - 1] = entry;
  }

  end(): void {
    const mark = addChecksum(JSON.stringify({ pages: this.#entries.length }));
    writeDurably(join(this.dir, END), Buffer.from(mark));
    this.#ended = true;
  }

  /** Returns pages whose file is missing or differs from its log entry. */
  damaged(): PageEntry[] {
    return this.#entries.filter((entry) => {
      const path = this.#path(entry.page);
      return !existsSync(path) || sha256(readFileSync(path)) !== entry.sha256;
    });
  }

  /** Reads the lines of a page. @throws DataError when the file is missing or damaged. */
  read({ page, sha256: expected }: PageEntry): Buffer[] {
    const path = this.#path(page);
    const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    if (sha256(content) !== expected) throw new DataError(say.pageDamaged(path));
    return splitWhole(gunzipSync(content));
  }

  #log(line: string): void {
    appendFileSync(join(this.dir, LOG), addChecksum(line));
    syncFile(join(this.dir, LOG));
  }

  #path(page: number): string {
    return join(this.dir, `${String(page).padStart(5, '0')}.jsonl.gz`);
  }
}

const NEWLINE = Buffer.from('\n');

function readLine(line: string): unknown {
  return parseJson(withoutChecksum(line) ?? '');
}

/**
 * Returns the entries of an unbroken chain of pages from the first on; of a page with several entries, the
 * last.
 */
function chain(lines: readonly unknown[]): PageEntry[] {
  const byPage = new Map<number, PageEntry>();
  for (const line of lines) {
    const page = field(line, 'page');
    if (typeof page === 'number') byPage.set(page, line as PageEntry);
  }
  const entries: PageEntry[] = [];
  for (let next = byPage.get(1); next !== undefined; next = byPage.get(entries.length + 1)) {
    const before = entries.at(-1);
    if (before !== undefined && before.next !== next.asked) break;
    entries.push(next);
  }
  return entries;
}

function splitWhole(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = content.indexOf(NEWLINE); end >= 0; end = content.indexOf(NEWLINE, start)) {
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/**
 * Stores the details that were fetched for single repositories, for ever, by (repo id, commit sha): a journal
 * for what is new, and gzipped files by the time at which a repository was made (the head of its `_id`), so
 * that they are read in the listing's order.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { DetailKey } from '../../judge/wanted.ts';
import { syncFolder, writeDurably } from '../../lib/durable.ts';
import { isObject, parseJson } from '../../lib/json.ts';
import { readLines } from '../../lib/read-lines.ts';
import type { GgufHeader } from '../gguf-header.ts';
import type { Trouble } from '../trouble.ts';
import { addChecksum, withoutChecksum } from './checked-line.ts';

/** The details of a repository that its listing record lacks. */
export interface Detail {
  /** The text of config.json. */
  readonly configJson?: string;
  /** The reason why its config.json, which is there, could not be read. */
  readonly configProblem?: string;
  readonly etag?: string;
  /** The trouble of the last request for it. */
  readonly trouble?: Trouble;
  /** The header of one of its GGUF files; `unreadable`: the bytes are no header, or access is refused. */
  readonly ggufHeader?: GgufHeader | 'unreadable';
  readonly siblings?: readonly { readonly rfilename: string; readonly size?: number }[];
}

type Stored = DetailKey & { readonly detail: Detail };

/** The details that are stored of one repository. */
interface Known {
  /** Details of the last commit that was looked at. */
  readonly last: Stored;
  /** Details of the last commit whose config.json was read. */
  readonly withConfig: Stored | undefined;
}

/**
 * The leading digits of `_id` that name a file: 65,536 seconds of new repositories, some two thousand of
 * them. All those from before March 2022 are in one file.
 */
const BUCKET_DIGITS = 4;
/** The number of files held in memory. A listing is read in order, so that the last two are enough. */
const BUCKETS_HELD = 2;
/** The most characters of a journal that are held before they are moved into the files. */
const MOST_HELD_CHARS = 64 * 1024 * 1024;
const JOURNAL = 'journal.jsonl';
const SUFFIX = '.jsonl.gz';
const DAMAGED = '.damaged';

export class DetailStore {
  readonly #dir: string;
  readonly #onDamaged: (path: string) => void;
  readonly #held = new Map<string, Map<string, Known>>();

  /**
   * Opens the store. `onDamaged` is called with each file that cannot be read; its details are fetched again.
   */
  constructor(dir: string, onDamaged: (path: string) => void) {
    this.#dir = dir;
    this.#onDamaged = onDamaged;
    mkdirSync(dir, { recursive: true });
    this.fold();
  }

  /** Returns the details of this commit. */
  find({ _id, id, sha }: DetailKey): Detail | undefined {
    const last = this.#bucket(bucketName(_id)).get(id)?.last;
    return last?.sha === sha ? last.detail : undefined;
  }

  /** Returns the details of the last commit that was looked at. */
  findEarlier({ _id, id }: DetailKey): Detail | undefined {
    return this.#bucket(bucketName(_id)).get(id)?.last.detail;
  }

  /** Returns the details of the last commit whose config.json was read. */
  findWithConfig({ _id, id }: DetailKey): Detail | undefined {
    return this.#bucket(bucketName(_id)).get(id)?.withConfig?.detail;
  }

  /** Returns some repositories whose config.json was fetched, to check whether the Hub still answers. */
  findAnswered(most: number): { readonly key: DetailKey; readonly known: Detail }[] {
    const found: { readonly key: DetailKey; readonly known: Detail }[] = [];
    for (const name of readdirSync(this.#dir).filter((file) => file.endsWith(SUFFIX))) {
      for (const { withConfig } of this.#bucket(name.slice(0, -SUFFIX.length)).values()) {
        if (found.length === most) return found;
        if (withConfig === undefined) continue;
        const { detail, ...key } = withConfig;
        found.push({ key, known: detail });
      }
    }
    return found;
  }

  /** Adds a detail. It is on the disk when this returns, and is found after the next `fold`. */
  add({ _id, id, sha }: DetailKey, detail: Detail): void {
    const stored: Stored = { _id, id, sha, detail };
    appendFileSync(join(this.#dir, JOURNAL), addChecksum(JSON.stringify(stored)));
  }

  /** Files that were set aside, in this crawl or in one before, and not forgotten since. */
  get damaged(): string[] {
    const names = readdirSync(this.#dir).filter((name) => name.endsWith(DAMAGED));
    return names.map((name) => join(this.#dir, name));
  }

  forgetDamaged(): void {
    for (const path of this.damaged) rmSync(path);
  }

  /**
   * Moves the journal into the files. If it is interrupted, it is repeated: the same entry twice counts once.
   */
  fold(): void {
    this.#held.clear();
    const journal = join(this.#dir, JOURNAL);
    if (!existsSync(journal)) return;
    const byBucket = new Map<string, string[]>();
    let held = 0;
    const append = () => {
      for (const [name, lines] of byBucket) this.#append(name, lines);
      byBucket.clear();
      held = 0;
    };
    for (const sealed of readLines(journal)) {
      const line = withoutChecksum(sealed) ?? '';
      const stored = parseStored(line);
      if (stored === undefined) continue;
      const name = bucketName(stored._id);
      const lines = byBucket.get(name);
      if (lines === undefined) byBucket.set(name, [line]);
      else lines.push(line);
      held += line.length;
      if (held > MOST_HELD_CHARS) append();
    }
    append();
    syncFolder(this.#dir);
    rmSync(journal);
  }

  #append(name: string, lines: readonly string[]): void {
    const path = this.#path(name);
    this.#bucket(name);
    const old = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    writeDurably(path, Buffer.concat([old, gzipSync(`${lines.join('\n')}\n`)]));
    this.#held.clear();
  }

  #bucket(name: string): Map<string, Known> {
    const held = this.#held.get(name);
    if (held !== undefined) return held;
    const entries = new Map<string, Known>();
    for (const line of this.#lines(name)) {
      const stored = parseStored(line);
      if (stored === undefined) continue;
      const hasConfig = stored.detail.configJson !== undefined;
      entries.set(stored.id, {
        last: stored,
        withConfig: hasConfig ? stored : entries.get(stored.id)?.withConfig,
      });
    }
    for (const old of [...this.#held.keys()].slice(0, 1 - BUCKETS_HELD)) this.#held.delete(old);
    this.#held.set(name, entries);
    return entries;
  }

  #lines(name: string): string[] {
    const path = this.#path(name);
    if (!existsSync(path)) return [];
    try {
      return gunzipWhole(readFileSync(path)).toString('utf8').split('\n');
    } catch {
      renameSync(path, path + DAMAGED);
      this.#onDamaged(path);
      return [];
    }
  }

  #path(name: string): string {
    return join(this.#dir, name + SUFFIX);
  }
}

function bucketName(_id: string): string {
  return _id.slice(0, BUCKET_DIGITS);
}

/**
 * Decompresses a whole file.
 *
 * @throws also where something follows that is not gzipped: what is appended behind that would never be
 * found.
 */
function gunzipWhole(bytes: Buffer): Buffer {
  const { buffer, engine } = gunzipSync(bytes, { info: true }) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  if (engine.bytesWritten < bytes.length) throw new Error('Not gzipped to the end.');
  return buffer;
}

/** Parses a line; returns undefined for half a line, the last of a journal whose writer was stopped. */
function parseStored(line: string): Stored | undefined {
  const value = parseJson(line);
  if (!isObject(value) || !isObject(value.detail) || typeof value._id !== 'string') return undefined;
  return value as unknown as Stored;
}

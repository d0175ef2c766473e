/** The cache of one Hub: its walks, the details of its repositories, and a lock, for one crawl at a time. */
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { releaseLock, takeLock } from '../../lib/lock.ts';
import { makeWritable } from '../../lib/writable.ts';
import * as say from '../sentences.ts';
import { DetailStore } from './detail-store.ts';
import { type WalkHead, WalkStore } from './walk-store.ts';

const WALK = /^full-(\d{6})$/;
/** Matches folders of walks that earlier versions left behind. */
const OBSOLETE = /^changed-\d{6}$/;

export class CrawlCache {
  readonly details: DetailStore;
  /** The last walk that reached the end. */
  complete: WalkStore | undefined;
  /** A later walk that has not reached the end yet. */
  unfinished: WalkStore | undefined;
  readonly #dir: string;
  #lastNumber = 0;

  /**
   * Opens and locks the cache.
   *
   * @throws DataError when another crawl is at work here, or the folder may not be written.
   */
  constructor(dir: string, endpoint: string, onDamaged: (path: string) => void) {
    this.#dir = join(resolve(dir), folderOf(endpoint));
    makeWritable({
      dir: this.#dir,
      flag: '--cache',
      messageOf: (code) => say.cacheNotWritable(this.#dir, code),
    });
    takeLock(this.#lock);
    this.details = new DetailStore(join(this.#dir, 'details'), onDamaged);
    this.#scan();
  }

  get #lock(): string {
    return join(this.#dir, 'lock');
  }

  create(head: WalkHead): WalkStore {
    this.#lastNumber += 1;
    const dir = join(this.#dir, `full-${String(this.#lastNumber).padStart(6, '0')}`);
    this.unfinished = WalkStore.create(dir, head);
    return this.unfinished;
  }

  /** Deletes an unfinished walk that is too old to be continued. */
  dropUnfinished(): void {
    if (this.unfinished === undefined) return;
    rmSync(this.unfinished.dir, { recursive: true, force: true });
    this.unfinished = undefined;
  }

  /** Sorts the walks anew after one has reached its end, and removes those that it replaces. */
  settle(): void {
    this.#scan();
  }

  close(): void {
    releaseLock(this.#lock);
  }

  /**
   * Finds the walks. They are numbered in order: neither a clock that jumps nor a time zone changes which is
   * the last.
   */
  #scan(): void {
    const names = readdirSync(this.#dir);
    const walks = names
      .filter((name) => WALK.test(name))
      .sort()
      .map((name) => ({ name, store: WalkStore.open(join(this.#dir, name)) }));
    const end = walks.findLastIndex(({ store }) => store?.ended === true);
    const complete = walks[end];
    const unfinished = walks.slice(end + 1).findLast(({ store }) => store !== undefined);
    const kept = [complete?.name, unfinished?.name];
    for (const name of names)
      if (OBSOLETE.test(name) || (WALK.test(name) && !kept.includes(name)))
        rmSync(join(this.#dir, name), { recursive: true, force: true });
    this.#lastNumber = Math.max(this.#lastNumber, Number(walks.at(-1)?.name.slice(-6) ?? 0));
    this.complete = complete?.store;
    this.unfinished = unfinished?.store;
  }
}

/** Returns a folder name such as `huggingface.co`: data of one Hub is never mixed with that of another. */
function folderOf(endpoint: string): string {
  const { host, pathname } = new URL(endpoint);
  return (host + pathname.replace(/\/+$/, '')).replaceAll(/[^A-Za-z0-9.-]/g, '_').replace(/^\.+/, '_');
}

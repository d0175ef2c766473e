/** The cache of one Hub: its walks, the details of its repositories, and a lock, for one crawl at a time. */
import { accessSync, constants, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DataError } from '../../lib/errors.ts';
import { releaseLock, takeLock } from '../../lib/lock.ts';
import { DetailStore } from './detail-store.ts';
import { type WalkHead, WalkStore } from './walk-store.ts';

/** A walk of everything, or one that looks for what changed since. */
type Kind = 'full' | 'changed';

const WALK = /^(full|changed)-(\d{6})$/;

export class CrawlCache {
  readonly details: DetailStore;
  /** The last walk that reached the end. */
  complete: WalkStore | undefined;
  /** Walks for what changed since then, in order. */
  changed: readonly WalkStore[] = [];
  /** One of everything that did not reach the end yet. */
  unfinished: WalkStore | undefined;
  readonly #dir: string;
  #lastNumber = 0;

  /**
   * @throws DataError when another crawl is at work here, or the folder may not be written.
   */
  constructor(dir: string, endpoint: string, onDamaged: (path: string) => void) {
    this.#dir = join(resolve(dir), folderOf(endpoint));
    makeWritable(this.#dir);
    takeLock(this.#lock);
    this.details = new DetailStore(join(this.#dir, 'details'), onDamaged);
    this.#scan();
  }

  get #lock(): string {
    return join(this.#dir, 'lock');
  }

  create(kind: Kind, head: Pick<WalkHead, 'order' | 'startedAt'>): WalkStore {
    this.#lastNumber += 1;
    const dir = join(this.#dir, `${kind}-${String(this.#lastNumber).padStart(6, '0')}`);
    if (kind === 'changed') {
      const before = this.changed.at(-1) ?? this.complete;
      return WalkStore.create(dir, before === undefined ? head : { ...head, follows: nameOf(before) });
    }
    this.unfinished = WalkStore.create(dir, head);
    return this.unfinished;
  }

  /** Forgets a walk that is too old to go on with. */
  drop(store: WalkStore): void {
    rmSync(store.dir, { recursive: true, force: true });
    if (this.unfinished === store) this.unfinished = undefined;
  }

  /**
   * Forgets walks for what changed from the first on that has a damaged page. Such a page cannot be asked for again: what
   * it listed has moved since.
   */
  dropDamagedChanges(): void {
    const first = this.changed.findIndex((store) => store.damaged().length > 0);
    if (first < 0) return;
    for (const store of this.changed.slice(first)) this.drop(store);
    this.changed = this.changed.slice(0, first);
  }

  /** Sorts the walks anew after one has reached its end, and removes those that it replaces. */
  settle(): void {
    this.#scan();
  }

  close(): void {
    releaseLock(this.#lock);
  }

  /** Walks are numbered in order: neither a clock that jumps nor a time zone changes which is the last. */
  #scan(): void {
    const walks = readdirSync(this.#dir)
      .map((name) => WALK.exec(name))
      .filter((match) => match !== null)
      .map(([name, kind, number]) => ({ name, kind, number: Number(number) }))
      .sort((a, b) => a.number - b.number)
      .map((walk) => ({ ...walk, store: WalkStore.open(join(this.#dir, walk.name)) }));
    const isFull = ({ kind }: { kind: string | undefined }) => kind === 'full';
    const complete = walks.findLast((walk) => isFull(walk) && walk.store?.ended === true);
    const later = walks.filter(({ number }) => number > (complete?.number ?? 0));
    const unfinished = later.findLast((walk) => isFull(walk) && walk.store !== undefined);
    const changed = unbroken(
      complete,
      later.filter((walk) => !isFull(walk) && walk.store?.ended === true),
    );
    const kept = new Set([complete, unfinished, ...changed].map((walk) => walk?.name));
    for (const { name } of walks)
      if (!kept.has(name)) rmSync(join(this.#dir, name), { recursive: true, force: true });
    this.#lastNumber = Math.max(this.#lastNumber, walks.at(-1)?.number ?? 0);
    this.complete = complete?.store;
    this.unfinished = unfinished?.store;
    this.changed = changed.flatMap(({ store }) => store ?? []);
  }
}

function makeWritable(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DataError(
      `--cache ${dir} cannot be written (${code}), and a crawl keeps what it reads there. Let this user write it, or name another --cache.`,
      { cause },
    );
  }
}

interface Walk {
  readonly name: string;
  readonly store: WalkStore | undefined;
}

/** Each goes on from the one before: behind one that is lost the others leave a gap. */
function unbroken<T extends Walk>(complete: T | undefined, changed: readonly T[]): T[] {
  let last = complete?.name;
  return changed.filter(({ name, store }) => {
    if (last === undefined || store?.head.follows !== last) return false;
    last = name;
    return true;
  });
}

function nameOf({ dir }: WalkStore): string {
  return basename(dir);
}

/** Such as `huggingface.co`: what one Hub said is never mixed with what another did. */
function folderOf(endpoint: string): string {
  const { host, pathname } = new URL(endpoint);
  return (host + pathname.replace(/\/+$/, '')).replaceAll(/[^A-Za-z0-9.-]/g, '_').replace(/^\.+/, '_');
}

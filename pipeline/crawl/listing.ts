/** The listing as all walks together know it, a line a record, each `_id` once, with the details that were fetched. */
import { compareNames } from '../lib/compare.ts';
import { joinLines, type LineChunk, MAX_RECORD_BYTES } from '../lib/lines.ts';
import type { Detail, DetailKey, DetailStore } from './cache/detail-store.ts';
import type { PageEntry, WalkStore } from './cache/walk-store.ts';
import { isBelieved, type Trouble } from './trouble.ts';
import { reachedBy } from './walk.ts';

export interface ListingSources {
  /** Tonight's walk, finished or not. */
  readonly current: WalkStore | undefined;
  /** The last finished one, for what the current walk did not reach. */
  readonly earlier: WalkStore | undefined;
  /** What changed since the earlier one, in order. */
  readonly changed: readonly WalkStore[];
}

type Covers = (_id: string | undefined) => boolean;

interface Part {
  readonly store: WalkStore;
  readonly entry: PageEntry;
  readonly covers: Covers;
}

const EVERYTHING: Covers = () => true;

export class Listing {
  readonly #sources: ListingSources;
  readonly #details: DetailStore;

  constructor(sources: ListingSources, details: DetailStore) {
    this.#sources = sources;
    this.#details = details;
  }

  /** Records of all pages; those that are given twice count twice. */
  get size(): number {
    return this.#parts().reduce((all, { entry }) => all + entry.records, 0);
  }

  /** Without those that are gone since they were listed. */
  *chunks(): Generator<LineChunk> {
    for (const keyed of this.#batches()) {
      const lines = keyed.flatMap((line) => this.#withDetail(line) ?? []);
      yield { bytes: joinLines(lines), tooLong: 0 };
    }
  }

  /** A feed: as `chunks`, but of those that are gone there is a line that says so. */
  *changes(): Generator<LineChunk> {
    for (const keyed of this.#batches()) {
      const lines = keyed.map((line) => this.#withDetail(line) ?? goneLine(line));
      yield { bytes: joinLines(lines), tooLong: 0 };
    }
  }

  /** As the Hub listed them, with what is known beyond. */
  *records(): Generator<{
    readonly line: Buffer;
    readonly key: DetailKey;
    readonly detail: Detail | undefined;
  }> {
    for (const batch of this.#batches()) {
      for (const { line, key } of batch)
        if (key !== undefined) yield { line, key, detail: this.#details.find(key) };
    }
  }

  #withDetail({ line, _id, key, listedAt }: ListedLine): Buffer | undefined {
    const detail = key === undefined ? undefined : this.#details.find(key);
    // A later walk that lists it again knows better.
    if (detail?.trouble !== undefined && isGoneSince(detail.trouble, listedAt)) return undefined;
    const whole = detail === undefined ? line : join(line, detail);
    return whole.length > MAX_RECORD_BYTES && _id !== undefined ? bareLine(_id) : whole;
  }

  /** In the order of the walk; last the records that are out of order, in that of their `_id`. */
  *#batches(): Generator<ListedLine[]> {
    const parts = this.#parts();
    const late = this.#outOfOrder(parts);
    for (const { store, entry, covers } of parts) {
      if (store.head.order === 'last-changed-first') continue;
      const lines = store
        .read(entry)
        .slice(entry.late)
        .map(toKeyed)
        .map((line) => ({ ...line, listedAt: store.head.startedAt }));
      yield lines.filter(({ _id }) => covers(_id) && (_id === undefined || !late.has(_id)));
    }
    yield [...late].sort(([a], [b]) => compareNames(a, b)).map(([, line]) => line);
  }

  /** What comes again or too late, by `_id`: the last word on it. Few: what changed while a walk went on, or since. */
  #outOfOrder(parts: readonly Part[]): Map<string, ListedLine> {
    const late = new Map<string, ListedLine>();
    for (const { store, entry, covers } of parts) {
      const all = store.head.order === 'last-changed-first';
      if (!all && entry.late === 0) continue;
      const lines = store.read(entry).map(toKeyed);
      for (const line of all ? lines : lines.slice(0, entry.late))
        if (line._id !== undefined && covers(line._id))
          late.set(line._id, { ...line, listedAt: store.head.startedAt });
    }
    return late;
  }

  #parts(): Part[] {
    const { current, earlier, changed } = this.#sources;
    if (current?.ended) return partsOf(current, EVERYTHING);
    const beyond = current === undefined ? EVERYTHING : notReachedBy(current);
    const before = earlier === undefined ? [] : [earlier, ...changed];
    return [
      ...before.flatMap((store) => partsOf(store, beyond)),
      ...(current === undefined ? [] : partsOf(current, EVERYTHING)),
    ];
  }
}

/** A later word comes later; a walk for what changed gives the last change first. */
function partsOf(store: WalkStore, covers: Covers): Part[] {
  const parts = store.entries.map((entry) => ({ store, entry, covers }));
  return store.head.order === 'last-changed-first' ? parts.reverse() : parts;
}

function notReachedBy({ entries, head }: WalkStore): Covers {
  const reached = reachedBy(entries, head.order);
  if (reached === undefined) return EVERYTHING;
  return (_id) => _id !== undefined && (head.order === 'oldest-first' ? _id > reached : _id < reached);
}

interface KeyedLine {
  readonly line: Buffer;
  readonly _id?: string | undefined;
  /** undefined where the record lacks a part of it. */
  readonly key?: DetailKey | undefined;
}

interface ListedLine extends KeyedLine {
  /** When the walk began that listed it. */
  readonly listedAt: string;
}

/** Lines of ours start with the key. */
const KEY = /^\{"_id":"([0-9a-f]{24})"(?:,"id":"([^"\\]{1,200})","sha":"([0-9a-f]{40})")?/;
const KEY_BYTES = 320;

function toKeyed(line: Buffer): KeyedLine {
  const [, _id, id, sha] = KEY.exec(line.toString('latin1', 0, KEY_BYTES)) ?? [];
  if (_id === undefined || id === undefined || sha === undefined) return { line, _id };
  return { line, _id, key: { _id, id, sha } };
}

function goneLine({ _id }: KeyedLine): Buffer {
  return Buffer.from(JSON.stringify({ _id, gone: true }));
}

/** Of a record that nobody can read: it is rejected, but what was known of the repository does not stand. */
function bareLine(_id: string): Buffer {
  return Buffer.from(JSON.stringify({ _id }));
}

/** Only what is believed: a first word of it may be an outage. */
function isGoneSince(trouble: Trouble, listedAt: string): boolean {
  return trouble.kind === 'gone' && isBelieved(trouble) && trouble.at >= listedAt;
}

const CLOSE = Buffer.from('}');

/** The last of two fields of one name counts, so that details take the place of what the listing says. */
function join(line: Buffer, { configJson, configProblem, siblings }: Detail): Buffer {
  const sized = siblings?.length === 0 ? undefined : siblings;
  const added = JSON.stringify({ configJson, configProblem, siblings: sized }).slice(1, -1);
  if (added === '') return line;
  return Buffer.concat([line.subarray(0, -CLOSE.length), Buffer.from(`,${added}}`)]);
}

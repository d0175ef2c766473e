/**
 * The listing as all walks together have it, a line a record, each `_id` once, with the details that were
 * fetched.
 */
import type { DetailKey } from '../judge/wanted.ts';
import { compareNames } from '../lib/compare.ts';
import { field, parseJson } from '../lib/json.ts';
import { joinLines, type LineChunk, MAX_RECORD_BYTES } from '../lib/lines.ts';
import type { Detail, DetailStore } from './cache/detail-store.ts';
import type { PageEntry, WalkStore } from './cache/walk-store.ts';
import { isBelieved, type Trouble } from './trouble.ts';
import { reachedBy } from './walk.ts';

export interface ListingSources {
  /** Tonight's walk, finished or not. */
  readonly current: WalkStore | undefined;
  /** The last finished walk, for records that tonight's did not reach. */
  readonly earlier: WalkStore | undefined;
}

type Covers = (_id: string | undefined) => boolean;

/** A page of a walk, with the records of it that count. */
interface ListedPage {
  readonly store: WalkStore;
  readonly entry: PageEntry;
  readonly covers: Covers;
}

const EVERYTHING: Covers = () => true;

export class Listing {
  readonly #pages: readonly ListedPage[];
  readonly #details: DetailStore;
  /** `_id` of the records that were given with the config.json of an earlier commit. */
  readonly #outdated = new Set<string>();

  constructor(sources: ListingSources, details: DetailStore) {
    this.#pages = pagesOf(sources);
    this.#details = details;
  }

  /** The number of records on all pages; a record that was listed twice counts twice. */
  get size(): number {
    return this.#pages.reduce((all, { entry }) => all + entry.records, 0);
  }

  /** The number of records whose config.json was, when they were given last, that of an earlier commit. */
  get outdatedConfigs(): number {
    return this.#outdated.size;
  }

  /**
   * Yields every record with its details, without the repositories that are known to be gone since they were
   * listed.
   */
  *chunks(): Generator<LineChunk> {
    for (const listed of this.#batches(this.#pages))
      yield { bytes: joinLines(listed.flatMap((line) => this.#withDetail(line) ?? [])), tooLong: 0 };
  }

  /** Yields the records of these `_id`s with their details; a record that is gone carries `"gone":true`. */
  *chunksOf(ids: ReadonlySet<string>): Generator<LineChunk> {
    const sorted = [...ids].sort();
    const pages = this.#pages.filter(({ entry }) => entry.late > 0 || holdsAny(entry, sorted));
    for (const listed of this.#batches(pages)) {
      const lines = listed.filter(({ _id }) => _id !== undefined && ids.has(_id));
      yield { bytes: joinLines(lines.map((line) => this.#withDetail(line) ?? asGone(line))), tooLong: 0 };
    }
  }

  #withDetail({ line, key, listedAt }: ListedLine): Buffer | undefined {
    const detail = key === undefined ? undefined : this.#details.find(key);
    // A later walk that lists it again knows better.
    if (detail?.trouble !== undefined && isGoneSince(detail.trouble, listedAt)) return undefined;
    const earlier = key === undefined ? undefined : this.#earlierConfig(line, key, detail);
    if (key !== undefined && earlier !== undefined) this.#outdated.add(key._id);
    else if (key !== undefined) this.#outdated.delete(key._id);
    return detail === undefined && earlier === undefined ? line : joinDetail(line, detail ?? {}, earlier);
  }

  /**
   * Returns the config.json of the last commit that was read, where that of the listed one is wanted and not
   * known.
   */
  #earlierConfig(line: Buffer, key: DetailKey, detail: Detail | undefined): string | undefined {
    if (detail !== undefined && hasConfig(detail)) return undefined;
    const earlier = this.#details.findWithConfig(key)?.configJson;
    return earlier !== undefined && wantsConfig(line) ? earlier : undefined;
  }

  /** Yields the records page by page; last come those that are out of order, in the order of their `_id`. */
  *#batches(pages: readonly ListedPage[]): Generator<ListedLine[]> {
    const late = outOfOrder(pages);
    for (const { store, entry, covers } of pages) {
      const lines = store.read(entry).slice(entry.late).map(toKeyed);
      yield lines
        .filter(({ _id }) => covers(_id) && (_id === undefined || !late.has(_id)))
        .map((line) => ({ ...line, listedAt: store.head.startedAt }));
    }
    yield [...late].sort(([a], [b]) => compareNames(a, b)).map(([, line]) => line);
  }
}

/**
 * Returns records that come again or too late, by `_id`: the latest of each. They are few: those that changed
 * during a walk.
 */
function outOfOrder(pages: readonly ListedPage[]): Map<string, ListedLine> {
  const late = new Map<string, ListedLine>();
  for (const { store, entry, covers } of pages) {
    if (entry.late === 0) continue;
    for (const line of store.read(entry).slice(0, entry.late).map(toKeyed))
      if (line._id !== undefined && covers(line._id))
        late.set(line._id, { ...line, listedAt: store.head.startedAt });
  }
  return late;
}

function pagesOf({ current, earlier }: ListingSources): ListedPage[] {
  const all = (store: WalkStore, covers: Covers) => store.entries.map((entry) => ({ store, entry, covers }));
  if (current?.ended) return all(current, EVERYTHING);
  const beyond = current === undefined ? EVERYTHING : notReachedBy(current);
  return [
    ...(earlier === undefined ? [] : all(earlier, beyond)),
    ...(current === undefined ? [] : all(current, EVERYTHING)),
  ];
}

function notReachedBy({ entries, head }: WalkStore): Covers {
  const reached = reachedBy(entries, head.order);
  if (reached === undefined) return EVERYTHING;
  return (_id) => _id !== undefined && (head.order === 'oldest-first' ? _id > reached : _id < reached);
}

/** Tells whether one of the sorted ids lies between the first and the last of a page. */
function holdsAny({ first, last }: PageEntry, sorted: readonly string[]): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < first) low = middle + 1;
    else high = middle;
  }
  const next = sorted[low];
  return next !== undefined && next <= last;
}

interface KeyedLine {
  readonly line: Buffer;
  readonly _id?: string | undefined;
  /** The key; undefined where the record lacks a part of it. */
  readonly key?: DetailKey | undefined;
}

interface ListedLine extends KeyedLine {
  /** The time at which the walk began that listed it. */
  readonly listedAt: string;
}

/** Matches the key at the start of a line, where the crawl writes it. */
const KEY = /^\{"_id":"([0-9a-f]{24})"(?:,"id":"([^"\\]{1,200})","sha":"([0-9a-f]{40})")?/;
const KEY_BYTES = 320;

function toKeyed(line: Buffer): KeyedLine {
  const [, _id, id, sha] = KEY.exec(line.toString('latin1', 0, KEY_BYTES)) ?? [];
  if (_id === undefined || id === undefined || sha === undefined) return { line, _id };
  return { line, _id, key: { _id, id, sha } };
}

/**
 * Adds details to a record, or the config.json of an earlier commit, which counts as not fetched. Where all together is
 * longer than a record may be, config.json counts as unreadable.
 */
function joinDetail(line: Buffer, detail: Detail, earlier: string | undefined): Buffer {
  const { configJson = earlier, configProblem, siblings, ggufHeader } = detail;
  const header = ggufHeader === 'unreadable' ? undefined : ggufHeader;
  const sized = siblings?.length === 0 ? undefined : siblings;
  const fetched = {
    config: hasConfig(detail),
    sizes: siblings !== undefined,
    ...(ggufHeader === undefined ? {} : { header: true }),
  };
  const whole = addFields(line, { configJson, configProblem, ggufHeader: header, siblings: sized, fetched });
  if (whole.length <= MAX_RECORD_BYTES) return whole;
  const problem = configJson === undefined ? configProblem : 'is too long';
  return addFields(line, { configProblem: problem, ggufHeader: header, fetched });
}

/**
 * Tells whether config.json is wanted, by the rule of judging: a repository that is open, and has a
 * config.json beside weights in safetensors.
 */
function wantsConfig(line: Buffer): boolean {
  const record = parseJson(line.toString());
  const [gated, siblings] = [field(record, 'gated'), field(record, 'siblings')];
  const names = Array.isArray(siblings) ? siblings.map((file) => field(file, 'rfilename')) : [];
  const hasWeights = names.some(
    (name) => typeof name === 'string' && !name.includes('/') && name.endsWith('.safetensors'),
  );
  return (gated === false || gated === undefined) && names.includes('config.json') && hasWeights;
}

/** Tells whether everything that can be known of the commit's config.json is known. */
function hasConfig({ configJson, configProblem, trouble }: Detail): boolean {
  const isRefused = trouble?.kind === 'refused' && isBelieved(trouble);
  return configJson !== undefined || configProblem !== undefined || isRefused;
}

function asGone({ line }: KeyedLine): Buffer {
  return addFields(line, { gone: true });
}

/** Tells whether the repository is believed to be gone since: a first report of it may be an outage. */
function isGoneSince(trouble: Trouble, listedAt: string): boolean {
  return trouble.kind === 'gone' && isBelieved(trouble) && trouble.at >= listedAt;
}

const CLOSE = Buffer.from('}');

/**
 * Adds fields at the end: the last of two fields of one name counts, so that ours replace those of the
 * listing.
 */
function addFields(line: Buffer, fields: object): Buffer {
  const added = JSON.stringify(fields).slice(1);
  return Buffer.concat([line.subarray(0, -CLOSE.length), Buffer.from(`,${added}`)]);
}

/** A source of records -> everything judged and spooled, by all threads. */
import { join } from 'node:path';
import type { BuildOptions } from './commands/options.ts';
import { fileParts, findFiles, type ListingPart, limitedParts, sizeOf } from './crawl/files.ts';
import type { Crawl } from './crawl/index.ts';
import { countTooLong, type IntakeCounts, mergeCounts } from './judge/counts.ts';
import { type SentTable, VerdictTable } from './judge/verdict-table.ts';
import { DataError } from './lib/errors.ts';
import { MAX_RECORD_BYTES } from './lib/lines.ts';
import { PARTITIONS } from './lib/partitions.ts';
import { SNAPSHOT_GLOB } from './lib/paths.ts';
import type { Crew } from './threads/pool.ts';
import type { Judged } from './write/judged.ts';
import type { KeptLines } from './write/kept-lines.ts';

/** What there is to read, before it is known how much of it need not be read. */
export interface Input {
  /** About how much. */
  readonly bytes: number;
  readonly crawl: Crawl | undefined;
  readonly paths: readonly string[];
}

/** On average; synthetic and real listings are near it. */
const RECORD_BYTES = 1_700;

/** @throws UsageError when no file matches. */
export async function findInput(
  { source, limit = Number.POSITIVE_INFINITY }: BuildOptions,
  crawl: Crawl | undefined,
): Promise<Input> {
  if (crawl !== undefined) return { crawl, paths: [], bytes: crawl.report.records * RECORD_BYTES };
  const paths = await findFiles(source === 'snapshot' ? SNAPSHOT_GLOB : source);
  return { crawl, paths, bytes: Math.min(sizeOf(paths), limit * RECORD_BYTES) };
}

export interface Source {
  readonly parts: AsyncIterable<ListingPart> | Iterable<ListingPart>;
  /** About how much there is to read, or to recall. */
  readonly bytes: number;
  /** Whether it holds only what changed since the last build. */
  readonly feed: boolean;
  /** What the last build made of its records. */
  readonly judged: Judged | undefined;
}

/**
 * `lastBuilt`: the date of the last out/.
 *
 * @throws DataError when files are said to be a feed and nothing is remembered that they could be a feed for.
 */
export function openSource(
  { crawl, paths, bytes }: Input,
  { source, limit, sinceLast, cache, out }: BuildOptions,
  judged: Judged | undefined,
  lastBuilt: string | undefined,
): Source {
  const feed = (parts: Source['parts'], { head }: Judged) => ({
    parts,
    bytes: head.entries * RECORD_BYTES,
    feed: true,
    judged,
  });
  const whole = (parts: Source['parts']) => ({ parts, bytes, feed: false, judged });
  if (crawl !== undefined) {
    const { changes } = crawl;
    // The memory may be another than when the crawl began.
    const isKnown = judged !== undefined && judged.head.walks?.join() === changes?.since.join();
    return isKnown && changes !== undefined ? feed(changes.parts(), judged) : whole(crawl.parts());
  }
  if (!sinceLast) return whole(limit === undefined ? fileParts(paths) : limitedParts(paths, limit));
  const memory = join(cache, 'judged');
  const refuse = (why: string) =>
    new DataError(
      `${source} cannot be taken for what changed since the last build: ${why}. Build from the whole listing first, with --threads 2 or more.`,
    );
  if (judged === undefined)
    throw refuse(`${memory} remembers none by the same rules, or another build uses it`);
  if (lastBuilt !== undefined && lastBuilt > judged.head.date)
    throw refuse(`${memory} remembers one of ${judged.head.date}, and ${out} is of ${lastBuilt}`);
  return feed(fileParts(paths), judged);
}

export interface TakenIn {
  readonly counts: IntakeCounts;
  readonly spooled: number;
  readonly table: SentTable;
  /** The records that the next build has to read again. */
  readonly rest: readonly KeptLines[];
}

/** Everything is taken in, first the records, then the copies that waited for their bases. */
export async function takeIn(source: Source, crew: Crew): Promise<TakenIn> {
  const { judged } = source;
  if (judged !== undefined && !source.feed) await forEachPartition(crew, 'learn');
  for await (const part of source.parts) await give(crew, part);
  if (judged !== undefined && source.feed) await recall(crew, judged);
  await crew.runAll({ kind: 'settle' });
  await forEachPartition(crew, 'release');
  const reports = await crew.runAll({ kind: 'report' });
  const table = new VerdictTable();
  if (judged !== undefined) table.merge(judged.head.table);
  for (const report of reports) table.merge(report.table);
  const counts = reports.map((report) => report.counts);
  return {
    counts: mergeCounts([...counts, countTooLong(source.feed ? (judged?.head.tooLong ?? 0) : 0)]),
    spooled: reports.reduce((all, { spooled }) => all + spooled, 0),
    table: table.send(),
    rest: reports.flatMap(({ rest }) => rest ?? []),
  };
}

/** The first of the tasks that fails stops the next. */
async function give(crew: Crew, task: Parameters<Crew['run']>[0]): Promise<void> {
  await crew.room();
  void crew.run(task).catch(() => {});
}

/**
 * What a feed does not name is as it was.
 *
 * @throws DataError when a line of the feed names nothing.
 */
async function recall(crew: Crew, { source, head }: Judged): Promise<void> {
  const nameless = (await crew.runAll({ kind: 'name' })).reduce((all, lines) => all + lines, 0);
  if (nameless > 0)
    throw new DataError(
      `What changed holds ${nameless} line(s) without an _id or an id, or of more than ${MAX_RECORD_BYTES} bytes: what they change cannot be told. Build from the whole listing.`,
    );
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    await give(crew, { kind: 'recall', partition });
  const kept = head.rest.map(({ name }) => join(source.dir, name));
  for await (const part of fileParts(kept))
    if (part.kind === 'range') await give(crew, { ...part, kind: 'kept' });
}

async function forEachPartition(crew: Crew, kind: 'learn' | 'release'): Promise<void> {
  const partitions = [...Array(PARTITIONS).keys()];
  await Promise.all(partitions.map((partition) => crew.run({ kind, partition })));
}

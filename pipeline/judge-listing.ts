/** Judges a listing with the pool: every record once, and once more where details of it were fetched since. */
import type { ListingPart } from './crawl/files.ts';
import type { Crawl } from './crawl/index.ts';
import type { RecordSource } from './crawl/source.ts';
import type { Job, JobAnswers } from './jobs.ts';
import { mergeCounts, type RecordCounts } from './judge/counts.ts';
import { PARTITIONS } from './judge/partitions.ts';
import { VerdictTable } from './judge/verdict-table.ts';
import { WantedList } from './judge/wanted.ts';
import type { Pool } from './threads/pool.ts';

export type JobPool = Pool<Job, JobAnswers>;

export interface JudgedListing {
  readonly counts: RecordCounts;
  /** The number of records that were judged, doubles included. */
  readonly judged: number;
  readonly table: VerdictTable;
}

/** Judges a listing. `budget` is the most repositories whose details are fetched. */
export async function judgeListing(
  { parts, crawl }: RecordSource,
  pool: JobPool,
  budget: number,
): Promise<JudgedListing> {
  await judgeParts(parts(), pool, false);
  if (crawl !== undefined) await judgeDetails(crawl, pool, budget);
  await pool.runOnEach({ kind: 'flush' });
  const partitions = [...Array(PARTITIONS).keys()];
  await Promise.all(partitions.map((partition) => pool.run({ kind: 'answer', partition })));
  const reports = await pool.runOnEach({ kind: 'report' });
  const table = new VerdictTable();
  for (const report of reports) table.merge(report.table);
  const counts = mergeCounts(reports.map((report) => report.counts));
  const rejected = [...counts.rejected.values()].reduce((all, n) => all + n, 0);
  return { counts, judged: counts.read - rejected, table };
}

async function judgeDetails(crawl: Crawl, pool: JobPool, budget: number): Promise<void> {
  const wanted = new WantedList(budget);
  for (const some of await pool.runOnEach({ kind: 'wanted' })) wanted.merge(some);
  const news = await crawl.fetchDetails(wanted.list());
  if (news.size > 0) await judgeParts(crawl.partsOf(news), pool, true);
}

/** Judges the parts of a listing. The first job that fails stops the next. */
async function judgeParts(
  parts: AsyncIterable<ListingPart> | Iterable<ListingPart>,
  pool: JobPool,
  again: boolean,
): Promise<void> {
  for await (const part of parts) {
    await pool.room();
    void pool.run({ kind: 'judge', part, again }).catch(() => {});
  }
}

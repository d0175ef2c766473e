/** Runs the stages of a night in order: records, judging, files, the comparison with the last night, and the publish. */
import { availableParallelism } from 'node:os';
import type { BuildOptions } from './commands/options.ts';
import type { CrawlProgress, CrawlReport } from './crawl/index.ts';
import { openRecords, type RecordSource } from './crawl/source.ts';
import { chooseWorkers } from './data/choose-workers.ts';
import { type Control, type Limits, loadControls, loadLimits } from './data/limits.ts';
import { loadTableFiles, type TableFiles } from './data/load-tables.ts';
import { bitsPerWeightOf } from './data/tables.ts';
import type { Worker } from './data/worker.ts';
import type { Report } from './format/files.ts';
import * as jobs from './jobs.ts';
import { type JobPool, type JudgedListing, judgeListing } from './judge-listing.ts';
import { compareNames } from './lib/compare.ts';
import { DataError, UsageError } from './lib/errors.ts';
import { PUBLIC_HUB } from './lib/hub.ts';
import { WORKERS_GLOB } from './lib/paths.ts';
import { acceptingCommand, GuardError, judgeNight } from './nights/guards/index.ts';
import { compareWithLast, type Night } from './nights/index.ts';
import { startPool } from './threads/pool.ts';
import { type MatrixInput, writeMatrix } from './write/index.ts';
import { Staging } from './write/staging.ts';

export interface BuildResult extends Night {
  /** The report of a crawl of the Hub; undefined for other sources. */
  readonly crawl: CrawlReport | undefined;
  readonly seconds: { readonly crawl: number; readonly read: number; readonly write: number };
  readonly written: { readonly files: number; readonly bytes: number };
  readonly kept: { readonly files: number; readonly bytes: number };
}

export interface Listener {
  /** Receives a message about an event such as a wait or a retry. */
  readonly note: (message: string) => void;
  readonly progress: (progress: CrawlProgress) => void;
}

const SILENT: Listener = { note: () => {}, progress: () => {} };

/**
 * Reads a listing and publishes `options.out`. The last out/ stays as it is unless everything succeeds.
 *
 * @throws UsageError for wrong flags; DataError when an input or a data file is wrong.
 */
export async function build(
  options: BuildOptions,
  now: () => Date,
  listener: Listener = SILENT,
): Promise<BuildResult> {
  const data = loadData(options);
  // Before the crawl: that nothing can be published there is known at once, not after half an hour.
  const staging = new Staging(options.out, listener.note);
  const started = now();
  let source: RecordSource | undefined;
  let pool: JobPool | undefined;
  try {
    source = await openRecords({
      ...options,
      now,
      onWait: listener.note,
      onProgress: listener.progress,
    });
    const crawled = now();
    pool = await startJobs(data, source, staging, options);
    const judged = await judgeListing(source, pool, options.budget);
    refuseEmpty(judged, options);
    const read = now();
    const input = matrixInput({ data, source, judged, pool, staging, options, started });
    const written = await writeMatrix(input);
    const night = await compareWithLast(input, written);
    const result: BuildResult = {
      ...night,
      crawl: source.crawl?.report(),
      seconds: {
        crawl: secondsBetween(started, crawled),
        read: secondsBetween(crawled, read),
        write: secondsBetween(read, now()),
      },
      written: staging.written,
      kept: staging.kept,
    };
    await guardNight(result, data, options);
    if (options.dryRun) staging.discard();
    else staging.publish(written.header);
    return result;
  } catch (error) {
    await pool?.close();
    staging.discard();
    throw error;
  } finally {
    await pool?.close();
    await source?.crawl?.close();
  }
}

/** The data files that a build needs, and the values that the command line sets. */
interface BuildData {
  readonly workers: readonly Worker[];
  readonly gate: ReadonlySet<string>;
  readonly tables: TableFiles;
  readonly limits: Limits;
  readonly controls: readonly Control[];
}

/** Loads the data before anything else, so that a wrong data file stops a build at once. */
function loadData(options: BuildOptions): BuildData {
  const workers = chooseWorkers(options.workers);
  return {
    workers,
    gate: chooseGate(workers, options.gate),
    tables: loadTableFiles(),
    limits: loadLimits(),
    controls: loadControls(),
  };
}

/**
 * Returns the gate workers.
 *
 * @throws UsageError for an id that no worker has.
 */
function chooseGate(workers: readonly Worker[], ids: readonly string[] | undefined): ReadonlySet<string> {
  if (ids === undefined) {
    const own = workers.filter(({ gate }) => gate).map(({ id }) => id);
    if (own.length === 0)
      throw new UsageError('None of --workers is a gate worker: name some of them with --gate.');
    return new Set(own);
  }
  const known = workers.map(({ id }) => id);
  const stray = ids.find((id) => !known.includes(id));
  if (stray !== undefined || ids.length === 0) {
    throw new UsageError(
      `--gate takes worker ids, not ${stray ?? 'nothing'}: ${known.sort(compareNames).join(', ')}.`,
    );
  }
  return new Set(ids);
}

/**
 * The bytes of input from which threads pay off: they take a third of a second to start, so one thread reads less input
 * sooner.
 */
const BYTES_WORTH_THREADS = 24 * 1024 * 1024;
/** The most threads of a build: more would wait for the disk. */
const MOST_THREADS = 8;

function startJobs(
  { workers, gate, tables }: BuildData,
  source: RecordSource,
  staging: Staging,
  { threads, budget }: BuildOptions,
): Promise<JobPool> {
  const few = source.bytes < BYTES_WORTH_THREADS;
  return startPool({
    threads: threads ?? (few ? 1 : Math.min(MOST_THREADS, availableParallelism())),
    module: jobs,
    source: new URL('./jobs.ts', import.meta.url),
    workDir: staging.workDir,
    setup: {
      workers,
      gate: [...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? '')),
      tables,
      workDir: staging.workDir,
      stagingDir: staging.dir,
      lastOut: staging.out,
      detailBudget: source.crawl === undefined ? undefined : budget,
    },
  });
}

function refuseEmpty({ judged, counts }: JudgedListing, { source }: BuildOptions): void {
  if (judged > 0) return;
  throw new DataError(`${source} holds no usable record (${counts.read} read). Nothing is published.`);
}

interface MatrixParts {
  readonly data: BuildData;
  readonly source: RecordSource;
  readonly judged: JudgedListing;
  readonly pool: JobPool;
  readonly staging: Staging;
  readonly options: BuildOptions;
  readonly started: Date;
}

function matrixInput({ data, source, judged, pool, staging, options, started }: MatrixParts): MatrixInput {
  const { read, rejected, rejectedExamples, ignoredFields } = judged.counts;
  const { limit } = options;
  return {
    workers: data.workers,
    gate: data.gate,
    ownGate: hasOwnGate(options),
    judged: judged.judged,
    table: judged.table,
    writeShards: (job) => pool.run({ kind: 'write', job }),
    shardsWritten: () => pool.close(),
    staging,
    bitsPerWeight: bitsPerWeightOf(data.tables.quantizations),
    records: {
      read,
      ...(limit === undefined ? {} : { limit }),
      rejected: Object.fromEntries(rejected),
      rejectedExamples: [...rejectedExamples],
      ignoredFields: Object.fromEntries(ignoredFields),
    },
    date: started.toISOString(),
    source: source.name,
    crawl: source.crawl === undefined ? undefined : reportedCrawl(source.crawl.report()),
  };
}

/**
 * Returns the facts about the crawl that a reader of out/ needs. Requests and counts of a night are left out: they would
 * change every file.
 */
function reportedCrawl(crawl: CrawlReport): Report['crawl'] {
  const { listing, staleSince, droppedFields, details, outdatedConfigs } = crawl;
  return {
    listing,
    ...(staleSince === undefined ? {} : { staleSince }),
    droppedFields: [...droppedFields],
    detailsLeft: details.left + details.failed + details.paused + details.doubted,
    ...(outdatedConfigs === 0 ? {} : { outdatedConfigs }),
    ...(details.leftOthers === 0 ? {} : { detailsLeftOfOthers: details.leftOthers }),
  };
}

/**
 * Runs the guards. A night from files, which may be any listing, is compared with no other night, and need not meet the
 * controls. Controls apply to the marketplace's own gate.
 *
 * @throws GuardError when guards trip that were not accepted.
 */
async function guardNight(result: BuildResult, data: BuildData, options: BuildOptions): Promise<void> {
  const { source, accept, args, limit } = options;
  const isListing = source === 'hub' || source === 'snapshot';
  const trips = await judgeNight(
    {
      ...result,
      limits: data.limits,
      controls: hasOwnGate(options) && isListing ? data.controls : [],
      holdsAll: limit === undefined && (source === 'snapshot' || isPublicHub(options)),
      last: isListing ? result.last : undefined,
      damaged: isListing ? result.damaged : [],
    },
    accept,
  );
  if (trips.length > 0) throw new GuardError(trips, acceptingCommand(args, trips), result);
}

function hasOwnGate({ gate, workers }: BuildOptions): boolean {
  return gate === undefined && workers === WORKERS_GLOB;
}

function isPublicHub({ source, endpoint }: BuildOptions): boolean {
  return source === 'hub' && endpoint === PUBLIC_HUB;
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

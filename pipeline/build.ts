/** The four stages in order: crawl, extract, evaluate, write. */
import { availableParallelism } from 'node:os';
import { PUBLIC_HUB } from './crawl/client.ts';
import { type Crawl, type CrawlProgress, type CrawlReport, crawlHub, type Wanted } from './crawl/index.ts';
import { parseRecord } from './crawl/record.ts';
import { rememberVerdicts } from './evaluate/memo.ts';
import { extractMetadata } from './extract/index.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import type { Tables } from './extract/tables.ts';
import { acceptingCommand, GuardError, judgeNight, loadControls, loadLimits } from './guards/index.ts';
import { type IntakeCounts, TOO_LONG } from './intake/counts.ts';
import { compareNames } from './lib/compare.ts';
import { DataError, UsageError } from './lib/errors.ts';
import { PrintTable } from './lib/fingerprint.ts';
import { DATA_DIR, WORKERS_GLOB } from './lib/paths.ts';
import { type BuildMemory, lastWalks, openMemory } from './memory.ts';
import type { BuildOptions } from './options.ts';
import { loadTables } from './tables/index.ts';
import { findInput, openSource, type TakenIn, takeIn } from './take-in.ts';
import { type Crew, startCrew } from './threads/crew.ts';
import { loadWorkers } from './workers/load.ts';
import { isGateWorker, type Worker } from './workers/worker.ts';
import { type MatrixInput, type Unpublished, type Written, writeMatrix } from './write/index.ts';
import type { JudgedHead } from './write/judged.ts';
import type { Report } from './write/schema.ts';
import { Staging } from './write/staging.ts';

export interface BuildResult extends Written {
  /** Of a crawl of the Hub. */
  readonly crawl: CrawlReport | undefined;
  /** Whether only what changed since the last build was read, and the rest recalled. */
  readonly feed: boolean;
  readonly seconds: { readonly crawl: number; readonly read: number; readonly write: number };
  readonly written: { readonly files: number; readonly bytes: number };
  readonly kept: { readonly files: number; readonly bytes: number };
}

export interface Listener {
  /** Something worth a line: a wait, a retry. */
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
  const workers = loadWorkers(options.workers);
  const gate = chooseGate(workers, options.gate);
  const tables = loadTables(DATA_DIR);
  const started = now();

  const places = [...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? ''));
  const wanted = wantedBy(
    workers.filter(({ id }) => gate.has(id)),
    tables,
  );
  const by = { workers, gate };
  const known = options.source === 'hub' && options.sinceLast ? await lastWalks(options, by) : undefined;
  const sourceName = options.source === 'hub' || options.source === 'snapshot' ? options.source : 'files';
  // Before the crawl: that nothing can be published there is known at once, not after half an hour.
  const staging = new Staging(options.out, listener.note);
  let crawl: Crawl | undefined;
  let crew: Crew | undefined;
  let memory: BuildMemory | undefined;
  try {
    crawl =
      options.source === 'hub'
        ? await crawlHub({
            ...options,
            known,
            wanted,
            now,
            onWait: listener.note,
            onProgress: listener.progress,
          })
        : undefined;
    const crawled = now();
    const input = await findInput(options, crawl);
    const worth = threadsFor(input.bytes, options) > 1 || options.sinceLast;
    memory = worth ? await openMemory(options, by) : undefined;
    const source = openSource(input, options, memory?.judged, staging.previous?.date);
    const { judged } = source;
    crew = startCrew(threadsFor(source.bytes, options), {
      workers,
      gate: places,
      workDir: staging.workDir,
      stagingDir: staging.dir,
      lastOut: staging.out,
      judged: judged?.source,
      printKey: memory?.printKey ?? '',
      prints:
        judged === undefined || source.feed ? undefined : PrintTable.forRecords(judged.head.entries).buffer,
      feed: source.feed,
      judgedNext: memory?.next,
    });
    const read = await takeIn(source, crew);
    if (read.spooled === 0)
      throw new DataError(
        `${options.source} holds no usable record (${read.counts.read} read). Nothing is published.`,
      );
    const readEnd = now();
    const resultOf = (written: Written): BuildResult => ({
      ...written,
      crawl: crawl?.report,
      feed: source.feed,
      seconds: {
        crawl: secondsBetween(started, crawled),
        read: secondsBetween(crawled, readEnd),
        write: secondsBetween(readEnd, now()),
      },
      written: staging.written,
      kept: staging.kept,
    });

    const written = await writeMatrix({
      workers,
      gate,
      ownGate: hasOwnGate(options),
      spooled: read.spooled,
      table: read.table,
      writePart: (job) => (crew as Crew).run({ kind: 'part', job }),
      partsWritten: () => (crew as Crew).close(),
      staging,
      bitsPerWeight: tables.bitsPerWeight,
      records: recordsOf(read.counts, options),
      date: started.toISOString(),
      source: sourceName,
      crawl: crawl === undefined ? undefined : reportedCrawl(crawl.report),
      dryRun: options.dryRun,
      check: (night) => guardNight(night, options, resultOf(night)),
    });
    if (!options.dryRun) memory?.publish(headOf(read, written, crawl, started));
    return resultOf(written);
  } catch (error) {
    await crew?.close();
    staging.discard();
    throw error;
  } finally {
    await crew?.close();
    memory?.close();
    crawl?.close();
  }
}

/** Threads take a third of a second to start: less is read sooner by one. */
const BYTES_WORTH_THREADS = 24 * 1024 * 1024;
/** More than that wait for the disk. */
const MOST_THREADS = 8;

function threadsFor(bytes: number, { threads }: BuildOptions): number {
  return threads ?? (bytes < BYTES_WORTH_THREADS ? 1 : Math.min(MOST_THREADS, availableParallelism()));
}

/** What the next build has to know of this one. */
function headOf(
  read: TakenIn,
  written: Written,
  crawl: Crawl | undefined,
  started: Date,
): Omit<JudgedHead, 'rules' | 'printKey'> {
  return {
    date: started.toISOString(),
    table: written.table,
    partitions: written.judged,
    entries: read.spooled,
    rest: read.rest,
    tooLong: read.counts.rejected.get(TOO_LONG) ?? 0,
    walks: crawl?.walks,
  };
}

function recordsOf(counts: IntakeCounts, { limit }: BuildOptions): MatrixInput['records'] {
  const { read, fields, rejected, rejectedExamples, ignoredFields } = counts;
  return {
    read,
    fields: Object.fromEntries(fields),
    ...(limit === undefined ? {} : { limit }),
    rejected: Object.fromEntries(rejected),
    rejectedExamples: [...rejectedExamples],
    ignoredFields: Object.fromEntries(ignoredFields),
  };
}

/** What a reader of out/ should know. Requests and counts of a night are not among it: they would change every file. */
function reportedCrawl({ listing, staleSince, droppedFields, details }: CrawlReport): Report['crawl'] {
  return {
    listing,
    ...(staleSince === undefined ? {} : { staleSince }),
    droppedFields: [...droppedFields],
    detailsLeft: details.left + details.failed + details.paused + details.doubted,
  };
}

/**
 * Files may be any listing: a night from files is compared with none, and owes no control. Controls stand for the
 * marketplace's own gate.
 *
 * @throws GuardError when guards trip that were not accepted.
 */
function guardNight(night: Unpublished, options: BuildOptions, result: BuildResult): void {
  const { source, accept, args } = options;
  const isListing = source === 'hub' || source === 'snapshot';
  const trips = judgeNight(
    {
      ...night,
      limits: loadLimits(),
      controls: hasOwnGate(options) && isListing ? loadControls() : [],
      holdsAll: options.limit === undefined && (source === 'snapshot' || isPublicHub(options)),
      last: isListing ? night.last : undefined,
      damaged: isListing ? night.damaged : [],
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

/** @throws UsageError for an id that no worker has. */
function chooseGate(workers: readonly Worker[], ids: readonly string[] | undefined): ReadonlySet<string> {
  if (ids === undefined) {
    const own = workers.filter(isGateWorker).map(({ id }) => id);
    if (own.length === 0) throw new UsageError('No gate worker among --workers: name some with --gate.');
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

/** Only models that a gate worker may run by the listing's facts are worth a request: a fetch counts as a download. */
function wantedBy(gate: readonly Worker[], tables: Tables): (record: unknown) => Wanted {
  const mayRun = rememberVerdicts(gate, (row) => row.some(({ status }) => status !== 'incompatible'));
  return (input) => {
    const parsed = parseRecord(input);
    if (!parsed.ok) return { config: false, sizes: false };
    const model = extractMetadata(parsed.record, tables);
    const candidate = mayRun(model);
    const open = model.gated === 'no' || model.gated === 'unknown';
    const hasConfig = model.companions.includes('config.json');
    return { sizes: candidate, config: candidate && open && hasConfig && rootSafetensors(model) };
  };
}

function rootSafetensors({ variants }: ModelMetadata): boolean {
  return variants.some(({ format, layout }) => format === 'safetensors' && layout === 'root');
}

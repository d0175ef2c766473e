/** The four stages in order: crawl, extract, evaluate, write. */
import { join } from 'node:path';
import { BaseContexts } from './base-context.ts';
import { findFiles, readFiles } from './crawl/files.ts';
import { type Crawl, type CrawlProgress, type CrawlReport, crawlHub, type Wanted } from './crawl/index.ts';
import { parseRecord } from './crawl/record.ts';
import { memoizeVerdicts, type VerdictRow } from './evaluate/memo.ts';
import { extractMetadata } from './extract/index.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import type { Tables } from './extract/tables.ts';
import { type Coverage, guardCoverage, loadLimits } from './guards.ts';
import { Intake } from './intake.ts';
import { compareNames } from './lib/compare.ts';
import { DataError, UsageError } from './lib/errors.ts';
import { parseJson } from './lib/json.ts';
import type { LineBatch } from './lib/lines.ts';
import { DATA_DIR, SNAPSHOT_GLOB } from './lib/paths.ts';
import type { BuildOptions } from './options.ts';
import { loadTables } from './tables.ts';
import { loadWorkers } from './workers/load.ts';
import type { Worker } from './workers/worker.ts';
import { type Written, writeMatrix } from './write/index.ts';
import { type Report, reportFile } from './write/schema.ts';
import { Spool } from './write/spool.ts';
import { Staging } from './write/staging.ts';
import { VerdictTable } from './write/verdict-table.ts';

/** The marketplace's own programs: their verdicts decide what gets a page. */
const GATE_PROGRAMS = new Set(['llm-worker-rbee', 'sd-worker-rbee']);

export interface BuildResult extends Written {
  /** Of a crawl of the Hub. */
  readonly crawl: CrawlReport | undefined;
  readonly seconds: { readonly read: number; readonly write: number };
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
  const workers = await loadWorkers(options.workers);
  const gate = chooseGate(workers, options.gate);
  const tables = await loadTables(DATA_DIR);
  const verdictsOf = memoizeVerdicts(workers);
  const started = now();

  const places = [...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? ''));
  const wanted = (record: unknown) => wantedDetails(record, { tables, verdictsOf, places });
  const crawl =
    options.source === 'hub'
      ? await crawlHub({ ...options, wanted, now, onWait: listener.note, onProgress: listener.progress })
      : undefined;
  const sourceName = options.source === 'hub' || options.source === 'snapshot' ? options.source : 'files';
  const staging = new Staging(options.out);
  try {
    const spool = new Spool(join(staging.dir, 'spool'));
    const bases = new BaseContexts(join(staging.dir, 'waiting.jsonl'));
    const table = new VerdictTable();
    const intake = new Intake({ tables, verdictsOf, gate: places, spool, bases, table });
    await takeAll(await openSource(options, crawl), intake, options.limit);
    const { read, rejected, rejectedExamples, ignoredFields, fields } = intake.finish();
    const coverage = { read, fields: Object.fromEntries(fields) };
    guardInput(options, coverage, staging, sourceName);
    if (spool.count === 0)
      throw new DataError(`${options.source} holds no usable record (${read} read). Nothing is published.`);
    const readEnd = now();

    const written = writeMatrix({
      spool,
      table,
      workers,
      gate,
      staging,
      records: {
        ...coverage,
        rejected: Object.fromEntries(rejected),
        rejectedExamples,
        ignoredFields: Object.fromEntries(ignoredFields),
      },
      date: started.toISOString(),
      source: sourceName,
      crawl: crawl === undefined ? undefined : reportedCrawl(crawl.report),
      dryRun: options.dryRun,
    });
    const seconds = { read: secondsBetween(started, readEnd), write: secondsBetween(readEnd, now()) };
    return { ...written, crawl: crawl?.report, seconds, written: staging.written, kept: staging.kept };
  } catch (error) {
    staging.discard();
    throw error;
  } finally {
    crawl?.close();
  }
}

/** What a reader of out/ should know. Requests and counts of a night are not among it: they would change every file. */
function reportedCrawl({ listing, staleSince, droppedFields, details }: CrawlReport): Report['crawl'] {
  return {
    listing,
    ...(staleSince === undefined ? {} : { staleSince }),
    droppedFields: [...droppedFields],
    detailsLeft: details.left + details.failed,
  };
}

/** Compares with the last build of the same source, if both read all of it. */
function guardInput(options: BuildOptions, now: Coverage, staging: Staging, source: string): void {
  const accepted = options.acceptShrink.includes('field-coverage') || options.limit !== undefined;
  if (accepted || staging.previous?.source !== source || source === 'files') return;
  const last = reportFile.safeParse(parseJson(staging.readPrevious('report.json') ?? ''));
  if (last.success) guardCoverage(last.data.records, now, loadLimits());
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/** @throws UsageError for an id that no worker has. */
function chooseGate(workers: readonly Worker[], ids: readonly string[] | undefined): ReadonlySet<string> {
  if (ids === undefined) {
    const own = workers.filter(({ program }) => GATE_PROGRAMS.has(program)).map(({ id }) => id);
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

async function openSource(
  { source }: BuildOptions,
  crawl: Crawl | undefined,
): Promise<AsyncIterable<LineBatch>> {
  if (crawl !== undefined) return crawl.listing.lines();
  return readFiles(await findFiles(source === 'snapshot' ? SNAPSHOT_GLOB : source));
}

async function takeAll(
  source: AsyncIterable<LineBatch>,
  intake: Intake,
  limit: number | undefined,
): Promise<void> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  for await (const { lines, tooLong } of source) {
    const taken = lines.slice(0, left);
    for (const line of taken) intake.takeLine(line);
    intake.takeTooLong(Math.min(tooLong, left - taken.length));
    left -= taken.length + tooLong;
    if (left <= 0) return;
  }
}

interface Judging {
  readonly tables: Tables;
  readonly verdictsOf: (model: ModelMetadata) => VerdictRow;
  readonly places: readonly number[];
}

/** Only models that a gate worker may run by the listing's facts are worth a request: a fetch counts as a download. */
function wantedDetails(input: unknown, { tables, verdictsOf, places }: Judging): Wanted {
  const parsed = parseRecord(input);
  if (!parsed.ok) return { config: false, sizes: false };
  const model = extractMetadata(parsed.record, tables);
  const row = verdictsOf(model);
  const candidate = places.some((at) => row[at] !== undefined && row[at].status !== 'incompatible');
  const open = model.gated === 'no' || model.gated === 'unknown';
  const hasConfig = model.companions.includes('config.json');
  return { sizes: candidate, config: candidate && open && hasConfig && rootSafetensors(model) };
}

function rootSafetensors({ variants }: ModelMetadata): boolean {
  return variants.some(({ format, layout }) => format === 'safetensors' && layout === 'root');
}

/** The four stages in order: crawl, extract, evaluate, write. */
import { join } from 'node:path';
import { BaseContexts } from './base-context.ts';
import { findFiles, readFiles } from './crawl/files.ts';
import { type Details, walkHub } from './crawl/hub.ts';
import { parseRecord } from './crawl/record.ts';
import { memoizeVerdicts, type VerdictRow } from './evaluate/memo.ts';
import { extractMetadata } from './extract/index.ts';
import type { ModelMetadata } from './extract/metadata.ts';
import type { Tables } from './extract/tables.ts';
import { Intake } from './intake.ts';
import { compareNames } from './lib/compare.ts';
import { DataError, UsageError } from './lib/errors.ts';
import type { LineBatch } from './lib/lines.ts';
import { DATA_DIR, SNAPSHOT_GLOB } from './lib/paths.ts';
import type { BuildOptions } from './options.ts';
import { loadTables } from './tables.ts';
import { loadWorkers } from './workers/load.ts';
import type { Worker } from './workers/worker.ts';
import { type Written, writeMatrix } from './write/index.ts';
import { Spool } from './write/spool.ts';
import { Staging } from './write/staging.ts';
import { VerdictTable } from './write/verdict-table.ts';

/** The marketplace's own programs: their verdicts decide what gets a page. */
const GATE_PROGRAMS = new Set(['llm-worker-rbee', 'sd-worker-rbee']);

export interface BuildResult extends Written {
  readonly seconds: { readonly read: number; readonly write: number };
  readonly written: { readonly files: number; readonly bytes: number };
  readonly kept: { readonly files: number; readonly bytes: number };
}

export type Progress = (message: string) => void;

/**
 * Reads a listing and publishes `options.out`. The last out/ stays as it is unless everything succeeds.
 *
 * @throws UsageError for wrong flags; DataError when an input or a data file is wrong.
 */
export async function build(
  options: BuildOptions,
  now: () => Date,
  progress: Progress,
): Promise<BuildResult> {
  const workers = await loadWorkers(options.workers);
  const gate = chooseGate(workers, options.gate);
  const tables = await loadTables(DATA_DIR);
  const verdictsOf = memoizeVerdicts(workers);
  const started = now();

  const staging = new Staging(options.out);
  try {
    const spool = new Spool(join(staging.dir, 'spool'));
    const bases = new BaseContexts(join(staging.dir, 'waiting.jsonl'));
    const table = new VerdictTable();
    const places = [...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? ''));
    const intake = new Intake({ tables, verdictsOf, gate: places, spool, bases, table });
    const judge = (record: unknown) => wantedDetails(record, { tables, verdictsOf, places });
    await takeAll(openSource(options, judge, progress), intake, options.limit);
    const { read, rejected, rejectedExamples, ignoredFields } = intake.finish();
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
        read,
        rejected: Object.fromEntries(rejected),
        rejectedExamples,
        ignoredFields: Object.fromEntries(ignoredFields),
      },
      date: started.toISOString(),
      source: options.source === 'hub' || options.source === 'snapshot' ? options.source : 'files',
      dryRun: options.dryRun,
    });
    const seconds = { read: secondsBetween(started, readEnd), write: secondsBetween(readEnd, now()) };
    return { ...written, seconds, written: staging.written, kept: staging.kept };
  } catch (error) {
    staging.discard();
    throw error;
  }
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

async function* openSource(
  options: BuildOptions,
  details: (record: unknown) => Details,
  progress: Progress,
): AsyncGenerator<LineBatch> {
  if (options.source === 'hub') {
    let records = 0;
    const { endpoint, token, limit } = options;
    const onPage = (count: number) => {
      records += count;
      progress(`${records} records from ${new URL(endpoint).host}`);
    };
    yield* walkHub({ endpoint, token, limit, details, onPage, onWait: progress });
    return;
  }
  yield* readFiles(await findFiles(options.source === 'snapshot' ? SNAPSHOT_GLOB : options.source));
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
function wantedDetails(input: unknown, { tables, verdictsOf, places }: Judging): Details {
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

/** Evaluated models -> out/: shards, verdicts, lists, changes, report, schemas, and the manifest last. */
import { join } from 'node:path';
import * as z from 'zod';
import { compareNames } from '../lib/compare.ts';
import { SCHEMA_VERSION, type TableVerdict } from '../lib/encoding.ts';
import { groupBy } from '../lib/group.ts';
import { placeOf } from '../lib/hash.ts';
import { prettyStringify, stableStringify } from '../lib/json.ts';
import { partName } from '../lib/places.ts';
import { publishedWorker } from '../workers/listed.ts';
import type { Worker } from '../workers/worker.ts';
import { rankUnlocks, writeAggregates } from './aggregates.ts';
import { compareNights, type Night, readNight, type WorkerModels } from './changes.ts';
import type { FileEntry, FileWriter } from './file-writer.ts';
import { type Highlights, pickHighlights } from './highlights.ts';
import { addNight, countNight, historyJson } from './history.ts';
import { findDamage, type LastNight, readLastNight } from './last-night.ts';
import { type Listed, parseListed } from './listed.ts';
import { type Layout, layoutFor, mostDownloaded, type PartJob, type PartTotals, partsOf } from './part.ts';
import { includesSorted, keepRemoved, removedJson } from './removed.ts';
import { type Changes, type Families, type History, type Report, SCHEMAS, type Unlocks } from './schema.ts';
import { findRow, longestLine } from './shards.ts';
import type { Staging } from './staging.ts';
import { putTable } from './table-files.ts';
import { Totals } from './totals.ts';
import { trendSvg } from './trend.ts';
import { type SentTable, VerdictTable } from './verdict-table.ts';

export interface MatrixInput {
  readonly workers: readonly Worker[];
  readonly gate: ReadonlySet<string>;
  /** Whether that is all the gate workers there are, not those that the command line names. */
  readonly ownGate: boolean;
  /** Models spooled, doubles included. */
  readonly spooled: number;
  readonly table: SentTable;
  /** Writes a part of the spool, perhaps in another thread. */
  readonly writePart: (job: Pick<PartJob, 'partitions' | 'layout' | 'running'>) => Promise<PartTotals>;
  /** Frees what wrote the parts, once all are written: the totals of millions of models want its memory. */
  readonly partsWritten: () => Promise<void>;
  /** Average bits per weight of a quantization's label. */
  readonly bitsPerWeight: ReadonlyMap<string, number>;
  readonly staging: Staging;
  readonly records: Omit<Report['records'], 'doubles'>;
  readonly crawl: Report['crawl'];
  readonly date: string;
  readonly source: string;
  /** Everything but the publishing. */
  readonly dryRun: boolean;
  /** Looks at all that would be published; what it throws stops the publish. */
  readonly check: (night: Unpublished) => void;
}

export interface Written {
  /** sha256 of each partition of what was judged. */
  readonly judged: readonly string[];
  /** Verdicts and the rows that some model has. */
  readonly table: SentTable;
  readonly report: Report;
  readonly changes: Changes;
  readonly unlocks: Unlocks;
  readonly families: Families;
  readonly history: History;
  readonly highlights: Highlights;
  /** Undefined where there is nothing to compare with. */
  readonly last: LastNight | undefined;
}

/** A night before it is published. */
export interface Unpublished extends Written {
  readonly gate: ReadonlySet<string>;
  readonly files: readonly FileEntry[];
  readonly damaged: readonly string[];
  readonly longestLine: (path: string) => number;
  readonly lookUp: (id: string) => { allowed: boolean; reasonCodes: readonly string[] } | undefined;
}

export async function writeMatrix(input: MatrixInput): Promise<Written> {
  const { workers, gate, staging } = input;
  const { files } = staging;
  const gatePlaces = [...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? ''));
  const layout = layoutFor(input.spooled);
  const { table, totals, copies, listed, judged } = await writeParts(input, layout, gatePlaces);

  files.put('allowlist.json', listJson(totals.allowlist));
  writeCopies(files, copies, layout);
  const rowBits = putTable(
    files,
    table,
    workers.map(({ id }) => id),
  );
  files.put(
    'workers.json',
    prettyStringify(workers.map((worker) => ({ ...publishedWorker(worker), gate: gate.has(worker.id) }))),
  );
  const families = writeAggregates(input, totals, listed, layout);
  const before = readNight((path) => files.readLast(path));
  const night = writeLists(input, totals);
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    files.put(`schema/${name}`, prettyStringify(z.toJSONSchema(schema)));
  }
  const shardsDir = join(staging.dir, 'models');
  const verdictOf = (id: string, worker: string | undefined) => {
    const row = findRow(shardsDir, id, layout);
    const place = workers.findIndex((other) => other.id === worker);
    return row === undefined ? undefined : totals.verdict(row, Math.max(0, place));
  };
  const changes = compareNights(before, night, verdictOf);
  putChanges(files, changes);
  const unlocks = rankUnlocks(input, totals);
  files.put('unlocks.json', prettyStringify(unlocks));
  const report = makeReport(input, totals);
  files.put('report.json', prettyStringify(report));
  const nights = writeNights(input, { changes, totals, layout });
  const written = { report, changes, unlocks, families, table, judged, ...nights };
  input.check({
    ...written,
    gate,
    files: staging.entries(),
    damaged: findDamage(staging),
    longestLine: (path) => longestLine(join(staging.dir, path)),
    lookUp: (id) => {
      const verdicts = gatePlaces.flatMap((at) => verdictOf(id, workers[at]?.id) ?? []);
      const reasonCodes = [...new Set(verdicts.flatMap((verdict) => verdict.reasonCodes))];
      return verdicts.length === 0
        ? undefined
        : { allowed: includesSorted(totals.allowlist, id), reasonCodes };
    },
  });

  const header = {
    schemaVersion: SCHEMA_VERSION,
    date: input.date,
    source: input.source,
    ...layout,
    rowBits,
    models: totals.models,
    allowed: totals.allowlist.length,
    workers: workers.length,
  } as const;
  if (input.dryRun) staging.discard();
  else staging.publish(header);
  return written;
}

/** What looks back over nights: removed.json, history.json and its picture; and what a person reads of tonight's changes. */
function writeNights(
  input: MatrixInput,
  { changes, totals, layout }: { changes: Changes; totals: Totals; layout: Layout },
): Pick<Written, 'history' | 'highlights' | 'last'> {
  const { staging, date, source, gate, ownGate, records, crawl } = input;
  const { files, previous } = staging;
  const { allowlist } = totals;
  const removed = keepRemoved({ last: files.readLast('removed.json'), changes, allowlist, date });
  files.put('removed.json', removedJson(removed));
  const whole = records.limit === undefined && crawl?.listing !== 'limited';
  const last = readLastNight(staging, { source, gate, ownGate, whole });
  const earlier = last === undefined ? undefined : files.readLast('history.json');
  const history = addNight(earlier, countNight(input, totals));
  files.put('history.json', historyJson(history));
  files.put('trend.svg', trendSvg(history));
  const before = previous === undefined ? undefined : { dir: staging.out, layout: previous };
  return { history, last, highlights: pickHighlights(changes, before, { dir: staging.dir, layout }) };
}

interface WrittenParts {
  readonly table: SentTable;
  readonly totals: Totals;
  readonly copies: PartTotals['copies'];
  readonly listed: readonly Listed[];
  /** sha256 of each partition of what was judged. */
  readonly judged: readonly string[];
}

/** On its own, so that what the parts told, most of all the ids of millions of models, is held no longer than needed. */
async function writeParts(
  input: MatrixInput,
  layout: Layout,
  gate: readonly number[],
): Promise<WrittenParts> {
  const running = runningRows(input.table);
  const parts = await Promise.all(
    partsOf(layout).map((partitions) => input.writePart({ partitions, layout, running })),
  );
  await input.partsWritten();
  for (const { put } of parts) input.staging.add(put);
  const table = onlyUsed(input.table, parts);
  const judged = parts.flatMap((part) => part.judged).sort(([a], [b]) => a - b);
  return {
    table,
    totals: new Totals(table, parts, gate),
    copies: parts.flatMap((part) => part.copies),
    listed: parts.flatMap((part) => part.listed.map(parseListed)),
    judged: judged.map(([, hash]) => hash),
  };
}

/** Rows that only doubles or yesterday's models had are no longer rows. */
function onlyUsed(table: SentTable, parts: readonly PartTotals[]): SentTable {
  const used = new Set(parts.flatMap(({ rows }) => rows.map(([key]) => key)));
  const kept = new VerdictTable();
  kept.merge({ ...table, rows: table.rows.filter(([key]) => used.has(key)) });
  return kept.send();
}

/** Rows in which some worker runs the model. */
function runningRows({ verdicts, lists, rows }: SentTable): Set<string> {
  const runs = verdicts.map((text) => (JSON.parse(text) as TableVerdict).compatible);
  const running = lists.map((numbers) => numbers.some((number) => runs[number]));
  return new Set(rows.filter(([, list]) => running[list]).map(([key]) => key));
}

const MOST_COPIES = 10;

/** Parted like the volatile facts, by the place of the base model. */
function writeCopies(files: FileWriter, all: PartTotals['copies'], { volatileBits }: Layout): void {
  const byBase = [...groupBy(all, ([base]) => base)].sort(([a], [b]) => compareNames(a, b));
  for (const [name, bases] of groupBy(byBase, ([base]) => partName(placeOf(base), volatileBits))) {
    const lines = bases.map(([base, copies]) => {
      const ids = [true, false].flatMap((allowed) => mostWanted(copies, allowed));
      return `${JSON.stringify(base)}:${JSON.stringify(ids)}`;
    });
    files.put(`copies/${name}.json`, `{\n${lines.join(',\n')}\n}\n`);
  }
}

/** On the allowlist, or of those that only other engines run, the copies with the most downloads. */
function mostWanted(copies: PartTotals['copies'], allowed: boolean): string[] {
  const ranked = copies
    .filter(([, , , isAllowed]) => isAllowed === allowed)
    .map(([, id, downloads]) => ({ id, downloads }));
  return mostDownloaded(ranked, MOST_COPIES).map(({ id }) => id);
}

/** A line per id: quick to parse, and a diff of two nights can be read. */
function listJson(ids: readonly string[]): string {
  return ids.length === 0 ? '[]\n' : `[\n${ids.map((id) => JSON.stringify(id)).join(',\n')}\n]\n`;
}

/** Of each gate worker a list; of all others the models can be told from the rows, without a list of each. */
function writeLists({ workers, gate, staging }: MatrixInput, totals: Totals): Night {
  const lists = new Map<string, WorkerModels>();
  for (const [at, { id }] of workers.entries()) {
    if (!gate.has(id)) continue;
    const ids = totals.listFor(at);
    staging.files.put(`workers/${id}.json`, `${stableStringify({ worker: id, ...ids })}\n`);
    lists.set(id, ids);
  }
  staging.files.put('running.jsonl', totals.runningLines().join(''));
  return { allowlist: totals.allowlist, workers: lists };
}

/** What changed last stays said until something changes again: a build that finds nothing new rewrites nothing. */
function putChanges(files: FileWriter, changes: Changes): void {
  const last = files.readLast('changes.json');
  const nothing = changes.added.length + changes.removed.length + changes.changed.length === 0;
  files.put('changes.json', nothing && last !== undefined ? last : prettyStringify(changes));
}

function makeReport({ records, crawl, workers, ownGate }: MatrixInput, totals: Totals): Report {
  const refusals = workers.flatMap(({ id }, at) =>
    [...totals.refusalsFor(at)].map(([code, counts]) => ({ worker: id, code, ...counts })),
  );
  return {
    records: { ...records, doubles: totals.doubles },
    ...(crawl === undefined ? {} : { crawl }),
    gate: ownGate ? 'own' : 'chosen',
    models: totals.models,
    allowed: totals.allowlist.length,
    kinds: totals.kinds(),
    workers: Object.fromEntries(workers.map(({ id }, at) => [id, totals.countsFor(at)])),
    refusals: refusals.sort(
      (a, b) => compareNames(a.worker, b.worker) || b.models - a.models || compareNames(a.code, b.code),
    ),
    unknownFacts: totals.unknownFacts(),
  };
}

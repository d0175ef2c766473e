/**
 * Writes the files of out/ that say what the models are, from entries: shards, verdicts, lists, aggregates, report,
 * schemas.
 */
import * as z from 'zod';
import { publishedWorker } from '../data/listed.ts';
import type { Worker } from '../data/worker.ts';
import { encodeRows, encodeVerdicts, rowBitsFor } from '../format/encode-table.ts';
import { SCHEMA_VERSION } from '../format/encoding.ts';
import type { Families, Manifest, Report, Unlocks } from '../format/files.ts';
import { shardName } from '../format/hash-prefix.ts';
import { prefixOf } from '../format/prefix-of.ts';
import { SCHEMAS } from '../format/schema.ts';
import { COUNTED_FIELDS } from '../judge/counts.ts';
import { type Listed, receiveListed } from '../judge/listed.ts';
import type { SentTable, VerdictTable } from '../judge/verdict-table.ts';
import { compareNames } from '../lib/compare.ts';
import { groupBy } from '../lib/group.ts';
import { sha256 } from '../lib/hash.ts';
import { prettyStringify, stableStringify } from '../lib/json.ts';
import { rankUnlocks, writeAggregates } from './aggregates.ts';
import { type Layout, layoutFor, partitionGroups } from './layout.ts';
import { mostDownloaded, type WriteJob, type WriteTotals } from './shards.ts';
import type { Staging } from './staging.ts';
import { Totals } from './totals.ts';

export interface MatrixInput {
  readonly workers: readonly Worker[];
  /** Ids of the gate workers. */
  readonly gate: ReadonlySet<string>;
  /** True where `gate` has all the gate workers there are; false where the command line named them. */
  readonly ownGate: boolean;
  /** The number of records judged, doubles included. */
  readonly judged: number;
  readonly table: VerdictTable;
  /** Writes some partitions, perhaps in another thread. */
  readonly writeShards: (job: WriteJob) => Promise<WriteTotals>;
  /**
   * Called when all shards are written, to free the memory of their writers: the totals of millions of models need it.
   */
  readonly shardsWritten: () => Promise<void>;
  /** Label of a quantization -> average bits per weight. */
  readonly bitsPerWeight: ReadonlyMap<string, number>;
  readonly staging: Staging;
  readonly records: Omit<Report['records'], 'doubles' | 'fields'>;
  readonly crawl: Report['crawl'];
  readonly date: string;
  readonly source: string;
}

export interface WrittenMatrix {
  readonly header: Omit<Manifest, 'files'>;
  readonly totals: Totals;
  readonly report: Report;
  readonly families: Families;
  readonly unlocks: Unlocks;
}

export async function writeMatrix(input: MatrixInput): Promise<WrittenMatrix> {
  const { workers, gate, staging } = input;
  const { files } = staging;
  const layout = layoutFor(input.judged);
  const { table, totals, copies, listed } = await writeAllShards(input, layout);
  files.put('allowlist.json', listJson(totals.allowlist));
  writeCopies(input, copies, layout);
  const rowBits = rowBitsFor(table.rows.length);
  const shared = [
    ['verdicts.json', encodeVerdicts(table, workers)] as const,
    ...encodeRows(table.rows, rowBits),
  ];
  for (const [path, text] of shared) {
    files.put(path, text);
    files.put(contentPath(text), text);
  }
  files.put(
    'workers.json',
    prettyStringify(workers.map((worker) => ({ ...publishedWorker(worker), gate: gate.has(worker.id) }))),
  );
  const families = writeAggregates(input, totals, listed);
  writeWorkerLists(input, totals);
  const unlocks = rankUnlocks(input, totals);
  files.put('unlocks.json', prettyStringify(unlocks));
  const report = makeReport(input, totals);
  files.put('report.json', prettyStringify(report));
  for (const [name, schema] of Object.entries(SCHEMAS))
    files.put(`schema/${name}`, prettyStringify(z.toJSONSchema(schema)));
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
  return { header, totals, report, families, unlocks };
}

interface WrittenShards {
  readonly table: SentTable;
  readonly totals: Totals;
  readonly copies: WriteTotals['copies'];
  readonly listed: readonly Listed[];
}

/**
 * Returns the path of a second copy of a shared table, which every look-up needs. No other content has this name, so a
 * reader is not stopped by a cache that holds the tables of another night under their usual names.
 */
function contentPath(text: string): string {
  return `content/${sha256(text).slice(0, 16)}.json`;
}

/**
 * Writes the shards, in a function of its own, so that the results of the jobs, above all the ids of millions of models,
 * are freed early.
 */
async function writeAllShards(input: MatrixInput, layout: Layout): Promise<WrittenShards> {
  const { workers, gate, table, staging } = input;
  const jobs = partitionGroups(layout).map((partitions) => input.writeShards({ partitions, layout }));
  const written = await Promise.all(jobs);
  await input.shardsWritten();
  for (const { put, newRows } of written) {
    staging.add(put);
    for (const { list, shared } of newRows) table.add(list, shared);
  }
  const used = table.send(new Set(written.flatMap(({ rows }) => rows.map(([key]) => key))));
  const gateIndexes = [...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? ''));
  return {
    table: used,
    totals: new Totals(used, written, gateIndexes),
    copies: written.flatMap(({ copies }) => copies),
    listed: receiveListed(written.map(({ listed }) => listed)),
  };
}

const MOST_COPIES = 10;

/** Writes the copies of base models, in files cut like the volatile facts, by the hash prefix of the base model. */
function writeCopies({ staging }: MatrixInput, all: WriteTotals['copies'], { volatileBits }: Layout): void {
  const byBase = [...groupBy(all, ([base]) => base)].sort(([a], [b]) => compareNames(a, b));
  for (const [name, bases] of groupBy(byBase, ([base]) => shardName(prefixOf(base), volatileBits))) {
    const lines = bases.map(([base, copies]) => {
      const ids = [true, false].flatMap((allowed) => mostWanted(copies, allowed));
      return `${JSON.stringify(base)}:${JSON.stringify(ids)}`;
    });
    staging.files.put(`copies/${name}.json`, `{\n${lines.join(',\n')}\n}\n`);
  }
}

/**
 * Returns the ids of the copies with the most downloads: of those on the allowlist, or of those that only other engines
 * run.
 */
function mostWanted(copies: WriteTotals['copies'], allowed: boolean): string[] {
  const ranked = copies
    .filter(([, , , isAllowed]) => isAllowed === allowed)
    .map(([, id, downloads]) => ({ id, downloads }));
  return mostDownloaded(ranked, MOST_COPIES).map(({ id }) => id);
}

/** Returns a list with a line per id, which is quick to parse, and whose diff between two nights can be read. */
function listJson(ids: readonly string[]): string {
  return ids.length === 0 ? '[]\n' : `[\n${ids.map((id) => JSON.stringify(id)).join(',\n')}\n]\n`;
}

/** Writes a list for each gate worker; the models of all other workers follow from the rows. */
function writeWorkerLists({ workers, gate, staging }: MatrixInput, totals: Totals): void {
  for (const [at, { id }] of workers.entries())
    if (gate.has(id))
      staging.files.put(`workers/${id}.json`, `${stableStringify({ worker: id, ...totals.listFor(at) })}\n`);
  staging.files.put('running.jsonl', totals.runningLines().join(''));
}

function makeReport({ records, crawl, workers, ownGate }: MatrixInput, totals: Totals): Report {
  const refusals = workers.flatMap(({ id }, at) =>
    [...totals.refusalsFor(at)].map(([code, counts]) => ({ worker: id, code, ...counts })),
  );
  const fields = COUNTED_FIELDS.map((name, at) => [name, totals.fields[at] ?? 0] as const);
  return {
    records: {
      ...records,
      fields: Object.fromEntries(fields.filter(([, count]) => count > 0)),
      doubles: totals.doubles,
    },
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

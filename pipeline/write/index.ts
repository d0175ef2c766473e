/** Evaluated models -> out/: shards, verdicts, lists, changes, report, schemas, and the manifest last. */
import { join } from 'node:path';
import * as z from 'zod';
import { compareNames } from '../lib/compare.ts';
import { SCHEMA_VERSION, type TableVerdict } from '../lib/encoding.ts';
import { groupBy } from '../lib/group.ts';
import { placeOf } from '../lib/hash.ts';
import { prettyStringify, stableStringify } from '../lib/json.ts';
import { partName } from '../lib/places.ts';
import type { Worker } from '../workers/worker.ts';
import { compareNights, type Night, readNight, type WorkerModels } from './changes.ts';
import { rankFamilies } from './families.ts';
import type { FileWriter } from './file-writer.ts';
import type { Listed, Runner } from './listed.ts';
import { type Layout, layoutFor, mostDownloaded, type PartJob, type PartTotals, partsOf } from './part.ts';
import { type Changes, type Report, SCHEMAS, type Unlocks } from './schema.ts';
import { makeSearchIndex } from './search.ts';
import { findRow, readAttentions } from './shards.ts';
import type { Staging } from './staging.ts';
import { Totals } from './totals.ts';
import { type SentTable, tableJson, VerdictTable } from './verdict-table.ts';

export interface MatrixInput {
  readonly workers: readonly Worker[];
  readonly gate: ReadonlySet<string>;
  /** Models spooled, doubles included. */
  readonly spooled: number;
  readonly table: SentTable;
  /** Writes a part of the spool, perhaps in another thread. */
  readonly writePart: (
    job: Pick<PartJob, 'partitions' | 'layout' | 'running' | 'runners'>,
  ) => Promise<PartTotals>;
  /** Average bits per weight of a quantization's label. */
  readonly bitsPerWeight: ReadonlyMap<string, number>;
  readonly staging: Staging;
  readonly records: Omit<Report['records'], 'doubles'>;
  readonly crawl: Report['crawl'];
  readonly date: string;
  readonly source: string;
  /** Everything but the publishing. */
  readonly dryRun: boolean;
}

export interface Written {
  /** sha256 of each partition of what was judged. */
  readonly judged: readonly string[];
  /** Verdicts and the rows that some model has. */
  readonly table: SentTable;
  readonly report: Report;
  readonly changes: Changes;
  readonly unlocks: Unlocks;
}

export async function writeMatrix(input: MatrixInput): Promise<Written> {
  const { workers, gate, staging } = input;
  const { files } = staging;
  const gatePlaces = [...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? ''));
  const gateIds = gatePlaces.map((at) => workers[at]?.id ?? '');
  const layout = layoutFor(input.spooled);
  const { table, totals, copies, listed, judged } = await writeParts(input, layout, gatePlaces);

  files.put('allowlist.json', listJson(totals.allowlist));
  writeCopies(files, copies, layout);
  files.put(
    'verdicts.json',
    tableJson(
      table,
      workers.map(({ id }) => id),
    ),
  );
  files.put(
    'workers.json',
    prettyStringify(workers.map((worker) => ({ ...worker, gate: gate.has(worker.id) }))),
  );
  writeAggregates(input, totals, listed, layout);
  const before = readNight((path) => files.readLast(path), gateIds);
  const night = writeLists(input, totals);
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    files.put(`schema/${name}`, prettyStringify(z.toJSONSchema(schema)));
  }
  const shardsDir = join(staging.dir, 'models');
  const changes = compareNights(before, night, (id, worker) => {
    const row = findRow(shardsDir, id, layout);
    const place = workers.findIndex((other) => other.id === worker);
    return row === undefined ? undefined : totals.verdict(row, Math.max(0, place));
  });
  putChanges(files, changes);
  const unlocks = rankUnlocks(input, totals);
  files.put('unlocks.json', prettyStringify(unlocks));
  const report = makeReport(input, totals);
  files.put('report.json', prettyStringify(report));

  const header = {
    schemaVersion: SCHEMA_VERSION,
    date: input.date,
    source: input.source,
    ...layout,
    models: totals.models,
    allowed: totals.allowlist.length,
    workers: workers.length,
  } as const;
  if (input.dryRun) staging.discard();
  else staging.publish(header);
  return { report, changes, unlocks, table, judged };
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
  const runners = runnersOf(input, gate);
  const parts = await Promise.all(
    partsOf(layout).map((partitions) => input.writePart({ partitions, layout, running, runners })),
  );
  for (const { put } of parts) input.staging.add(put);
  const table = onlyUsed(input.table, parts);
  const judged = parts.flatMap((part) => part.judged).sort(([a], [b]) => a - b);
  return {
    table,
    totals: new Totals(table, parts, gate),
    copies: parts.flatMap((part) => part.copies),
    listed: parts.flatMap((part) => part.listed.map((line) => JSON.parse(line) as Listed)),
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
function runningRows({ verdicts, rows }: SentTable): Set<string> {
  const runs = verdicts.map((text) => (JSON.parse(text) as TableVerdict).compatible);
  return new Set(rows.filter(([, numbers]) => numbers.some((n) => runs[n])).map(([key]) => key));
}

/** Row key -> the gate workers that run its models. */
function runnersOf({ table, workers }: MatrixInput, gate: readonly number[]): Map<string, Runner[]> {
  const sets = table.verdicts.map((text) => (JSON.parse(text) as TableVerdict).set);
  const runners = new Map<string, Runner[]>();
  for (const [key, numbers] of table.rows) {
    const running = gate.flatMap((at) => {
      const [set, memory] = [sets[numbers[at] ?? -1], workers[at]?.memory];
      return set === undefined || memory === undefined ? [] : [{ set, memory }];
    });
    if (running.length > 0) runners.set(key, running);
  }
  return runners;
}

/** Files for pages that look across models. */
function writeAggregates(
  { workers, staging, bitsPerWeight }: MatrixInput,
  totals: Totals,
  listed: readonly Listed[],
  layout: Layout,
): void {
  const { files } = staging;
  const ids = workers.map(({ id }) => id);
  files.put('quantizations.json', prettyStringify(Object.fromEntries(bitsPerWeight)));
  files.put('families.json', `${stableStringify(rankFamilies(totals.rows, ids))}\n`);
  const attentions = readAttentions(join(staging.dir, 'models'), listed, layout);
  files.put('search.json', `${stableStringify(makeSearchIndex(listed, totals.rows, ids, attentions))}\n`);
}

const MOST_COPIES = 10;

/** Parted like the volatile facts, by the place of the base model. */
function writeCopies(files: FileWriter, all: PartTotals['copies'], { volatileBits }: Layout): void {
  const byBase = [...groupBy(all, ([base]) => base)].sort(([a], [b]) => compareNames(a, b));
  for (const [name, bases] of groupBy(byBase, ([base]) => partName(placeOf(base), volatileBits))) {
    const lines = bases.map(([base, copies]) => {
      const ranked = copies.map(([, id, downloads]) => ({ id, downloads }));
      const ids = mostDownloaded(ranked, MOST_COPIES).map(({ id }) => id);
      return `${JSON.stringify(base)}:${JSON.stringify(ids)}`;
    });
    files.put(`copies/${name}.json`, `{\n${lines.join(',\n')}\n}\n`);
  }
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

/** A roadmap is read from its top; the tail is single models. */
const MOST_UNLOCKS = 500;

/** For each gate worker, its missing capabilities by the downloads that they hide. */
function rankUnlocks({ workers, gate }: MatrixInput, totals: Totals): Unlocks {
  const ranked = [...workers.entries()].filter(([, { id }]) => gate.has(id));
  return Object.fromEntries(
    ranked.map(([at, { id }]) => {
      const rows = [...totals.unlocksFor(at)].map(([capability, { models, downloads, best }]) => ({
        capability,
        models,
        downloads,
        examples: best.map((model) => model.id),
      }));
      rows.sort(
        (a, b) =>
          b.downloads - a.downloads || b.models - a.models || compareNames(a.capability, b.capability),
      );
      return [id, rows.slice(0, MOST_UNLOCKS)];
    }),
  );
}

function makeReport({ records, crawl, workers }: MatrixInput, totals: Totals): Report {
  const refusals = workers.flatMap(({ id }, at) =>
    [...totals.refusalsFor(at)].map(([code, counts]) => ({ worker: id, code, ...counts })),
  );
  return {
    records: { ...records, doubles: totals.doubles },
    ...(crawl === undefined ? {} : { crawl }),
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

/** Evaluated models -> out/: shards, verdicts, lists, changes, report, schemas, and the manifest last. */
import * as z from 'zod';
import { compareNames } from '../lib/compare.ts';
import { SOURCED_FACTS } from '../lib/encoding.ts';
import { prettyStringify, stableStringify } from '../lib/json.ts';
import type { Worker } from '../workers/worker.ts';
import { compareNights, type Night, readNight, type WorkerModels } from './changes.ts';
import { type Changes, type Report, SCHEMA_VERSION, SCHEMAS, type Unlocks } from './schema.ts';
import { type Totals, writeShards } from './shards.ts';
import type { Spool } from './spool.ts';
import type { Staging } from './staging.ts';
import type { VerdictTable } from './verdict-table.ts';

export interface MatrixInput {
  readonly spool: Spool;
  readonly table: VerdictTable;
  readonly workers: readonly Worker[];
  readonly gate: ReadonlySet<string>;
  readonly staging: Staging;
  readonly records: Omit<Report['records'], 'doubles'>;
  readonly crawl: Report['crawl'];
  readonly date: string;
  readonly source: string;
  /** Everything but the publishing. */
  readonly dryRun: boolean;
}

export interface Written {
  readonly report: Report;
  readonly changes: Changes;
  readonly unlocks: Unlocks;
}

export function writeMatrix(input: MatrixInput): Written {
  const { spool, table, workers, gate, staging } = input;
  const gateIds = workers.map(({ id }) => id).filter((id) => gate.has(id));
  const before = readNight((path) => staging.readPrevious(path), gateIds);
  const { totals, shardDigits } = writeShards({
    spool,
    table,
    workers,
    staging,
    watched: new Set(before?.allowlist),
  });
  spool.remove();

  staging.put('allowlist.json', listJson(totals.allowlist));
  staging.put('verdicts.json', table.toJson(workers.map(({ id }) => id)));
  staging.put(
    'workers.json',
    prettyStringify(workers.map((worker) => ({ ...worker, gate: gate.has(worker.id) }))),
  );
  const night = writeWorkerLists(input, totals);
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    staging.put(`schema/${name}`, prettyStringify(z.toJSONSchema(schema)));
  }
  const columns = new Map(workers.map(({ id }, at) => [id, at]));
  const changes = compareNights(before, night, (id, worker) => {
    const row = table.rows[totals.lost.get(id) ?? -1];
    return row?.verdicts[columns.get(worker ?? '') ?? 0];
  });
  putChanges(staging, changes);
  const unlocks = rankUnlocks(input, totals);
  staging.put('unlocks.json', prettyStringify(unlocks));
  const report = makeReport(input, totals);
  staging.put('report.json', prettyStringify(report));

  const header = {
    schemaVersion: SCHEMA_VERSION,
    date: input.date,
    source: input.source,
    shardDigits,
    models: totals.models,
    allowed: totals.allowlist.length,
    workers: workers.length,
  } as const;
  if (input.dryRun) staging.discard();
  else staging.publish(header);
  return { report, changes, unlocks };
}

/** A line per id: quick to parse, and a diff of two nights can be read. */
function listJson(ids: readonly string[]): string {
  return ids.length === 0 ? '[]\n' : `[\n${ids.map((id) => JSON.stringify(id)).join(',\n')}\n]\n`;
}

function writeWorkerLists({ workers, gate, staging }: MatrixInput, totals: Totals): Night {
  const lists = new Map<string, WorkerModels>();
  for (const [at, { id }] of workers.entries()) {
    const ids = totals.perWorker[at]?.ids ?? { high: [], medium: [], low: [] };
    staging.put(`workers/${id}.json`, `${stableStringify({ worker: id, ...ids })}\n`);
    if (gate.has(id)) lists.set(id, ids);
  }
  return { allowlist: totals.allowlist, workers: lists };
}

/** What changed last stays said until something changes again: a build that finds nothing new rewrites nothing. */
function putChanges(staging: Staging, changes: Changes): void {
  const last = staging.readPrevious('changes.json');
  const nothing = changes.added.length + changes.removed.length + changes.changed.length === 0;
  staging.put('changes.json', nothing && last !== undefined ? last : prettyStringify(changes));
}

/** A roadmap is read from its top; the tail is single models. */
const MOST_UNLOCKS = 500;

/** For each gate worker, its missing capabilities by the downloads that they hide. */
function rankUnlocks({ workers, gate }: MatrixInput, totals: Totals): Unlocks {
  const ranked = [...workers.entries()].filter(([, { id }]) => gate.has(id));
  return Object.fromEntries(
    ranked.map(([at, { id }]) => {
      const rows = [...(totals.unlocks[at] ?? [])].map(([capability, { models, downloads, best }]) => ({
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
  const refusals = totals.refusals.flatMap((codes, at) =>
    [...codes].map(([code, counts]) => ({ worker: workers[at]?.id ?? '', code, ...counts })),
  );
  return {
    records: { ...records, doubles: totals.doubles },
    ...(crawl === undefined ? {} : { crawl }),
    models: totals.models,
    allowed: totals.allowlist.length,
    kinds: Object.fromEntries(totals.kinds),
    workers: Object.fromEntries(
      workers.map(({ id }, at) => [id, totals.perWorker[at]?.counts ?? emptyCounts()]),
    ),
    refusals: refusals.sort(
      (a, b) => compareNames(a.worker, b.worker) || b.models - a.models || compareNames(a.code, b.code),
    ),
    unknownFacts: Object.fromEntries(
      SOURCED_FACTS.map(([, name], at) => [name, totals.unknownFacts[at] ?? 0]),
    ),
  };
}

function emptyCounts() {
  return { high: 0, medium: 0, low: 0, unknown: 0, incompatible: 0 };
}

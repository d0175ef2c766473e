/** The spool -> data shards with their volatile twins, and the totals over all models, in one pass. */
import type { Confidence, Verdict } from '../evaluate/verdict.ts';
import { compareNames } from '../lib/compare.ts';
import { SOURCED_FACTS } from '../lib/encoding.ts';
import { shardHash } from '../lib/hash.ts';
import type { Worker } from '../workers/worker.ts';
import type { PlacedEntry, Spool } from './spool.ts';
import type { Staging } from './staging.ts';
import type { VerdictTable } from './verdict-table.ts';

/** A data shard holds 64 models at the most on average, some 45 KiB. */
const MODELS_PER_SHARD = 64;

/** How many hex digits of a model's hash name its data shard. */
function shardDigitsFor(models: number): number {
  let digits = 1;
  while (digits < 4 && models / 16 ** digits > MODELS_PER_SHARD) digits += 1;
  return digits;
}

type WorkerCounts = Record<Exclude<Confidence, 'none'> | 'unknown' | 'incompatible', number>;

interface Ranked {
  readonly id: string;
  readonly downloads: number;
}

/** Models and downloads behind one capability, with the most downloaded of them. */
interface Unlock {
  models: number;
  downloads: number;
  best: Ranked[];
}

const MOST_EXAMPLES = 3;

export interface Totals {
  models: number;
  doubles: number;
  readonly allowlist: string[];
  readonly kinds: Map<string, number>;
  readonly perWorker: {
    readonly counts: WorkerCounts;
    readonly ids: Record<'high' | 'medium' | 'low', string[]>;
  }[];
  /** Per worker: code of the first reason -> models and downloads. */
  readonly refusals: Map<string, { models: number; downloads: number }>[];
  /** Per worker: capability -> what it alone would add to the allowlist. */
  readonly unlocks: Map<string, Unlock>[];
  /** Base model -> its allowlisted copies, those with the most downloads. */
  readonly copies: Map<string, Ranked[]>;
  /** Rows of the models that were watched for and are not allowed. */
  readonly lost: Map<string, number>;
  /** Per sourced fact: models that lack it. */
  readonly unknownFacts: number[];
}

export interface ShardInput {
  readonly spool: Spool;
  readonly table: VerdictTable;
  readonly workers: readonly Worker[];
  readonly staging: Staging;
  /** The last allowlist: of those that fell off it, the reasons are wanted. */
  readonly watched: ReadonlySet<string>;
}

export function writeShards(input: ShardInput): { totals: Totals; shardDigits: number } {
  const { spool, table, workers, staging, watched } = input;
  const shardDigits = shardDigitsFor(spool.count);
  const totals = emptyTotals(workers);
  for (const shard of gatherShards(input, shardDigits, totals)) {
    for (const entry of shard) {
      countModel(totals, table.rows[entry.row]?.verdicts ?? [], entry);
      if (!entry.allowed && watched.has(entry.id)) totals.lost.set(entry.id, entry.row);
    }
    writeShard(staging, table, shard, prefix(shard[0], shardDigits));
  }
  writeCopies(staging, totals.copies, shardDigits);
  totals.allowlist.sort(compareNames);
  for (const { ids } of totals.perWorker) for (const list of Object.values(ids)) list.sort(compareNames);
  return { totals, shardDigits };
}

/** The partitions of the spool come in order of hash, so the models of a shard stand together. */
function* gatherShards(
  { spool, table }: ShardInput,
  digits: number,
  totals: Totals,
): Generator<PlacedEntry[]> {
  let shard: PlacedEntry[] = [];
  for (const { entries, doubles } of spool.partitions((row) => table.rows[row]?.key ?? '')) {
    totals.doubles += doubles;
    for (const entry of [...entries].sort((a, b) => compareNames(a.hash, b.hash))) {
      if (shard.length > 0 && prefix(shard[0], digits) !== prefix(entry, digits)) {
        yield shard;
        shard = [];
      }
      shard.push(entry);
    }
  }
  if (shard.length > 0) yield shard;
}

function prefix(entry: PlacedEntry | undefined, digits: number): string {
  return (entry?.hash ?? '').slice(0, digits);
}

function writeShard(staging: Staging, table: VerdictTable, shard: PlacedEntry[], name: string): void {
  shard.sort((a, b) => compareNames(a.id, b.id));
  const lines = shard.map(({ id, row, facts }) => `["${id}","${table.rows[row]?.key}",${facts}]\n`);
  staging.put(`models/${name}.jsonl`, lines.join(''));
  staging.put(`volatile/${name}.json`, `[${shard.map((entry) => entry.volatile).join(',\n')}]\n`);
}

const MOST_COPIES = 10;

function withCopy(copies: readonly Ranked[], { id, downloads }: PlacedEntry): Ranked[] {
  return mostDownloaded([...copies, { id, downloads }], MOST_COPIES);
}

function mostDownloaded(models: Ranked[], most: number): Ranked[] {
  return models.sort((a, b) => b.downloads - a.downloads || compareNames(a.id, b.id)).slice(0, most);
}

/** Parted like the data shards, by the base model's id. */
function writeCopies(staging: Staging, copies: Totals['copies'], digits: number): void {
  const shards = new Map<string, [string, string[]][]>();
  for (const [base, models] of copies) {
    const name = shardHash(base).slice(0, digits);
    shards.set(name, [...(shards.get(name) ?? []), [base, models.map(({ id }) => id)]]);
  }
  for (const [name, entries] of shards) {
    entries.sort(([a], [b]) => compareNames(a, b));
    const lines = entries.map(([base, ids]) => `${JSON.stringify(base)}:${JSON.stringify(ids)}`);
    staging.put(`copies/${name}.json`, `{\n${lines.join(',\n')}\n}\n`);
  }
}

function emptyTotals(workers: readonly Worker[]): Totals {
  return {
    models: 0,
    doubles: 0,
    allowlist: [],
    kinds: new Map(),
    perWorker: workers.map(() => ({
      counts: { high: 0, medium: 0, low: 0, unknown: 0, incompatible: 0 },
      ids: { high: [], medium: [], low: [] },
    })),
    refusals: workers.map(() => new Map()),
    unlocks: workers.map(() => new Map()),
    copies: new Map(),
    lost: new Map(),
    unknownFacts: SOURCED_FACTS.map(() => 0),
  };
}

function countModel(totals: Totals, verdicts: readonly Verdict[], entry: PlacedEntry): void {
  totals.models += 1;
  totals.kinds.set(entry.kind, (totals.kinds.get(entry.kind) ?? 0) + 1);
  if (entry.allowed) totals.allowlist.push(entry.id);
  for (const [at, verdict] of verdicts.entries()) countVerdict(totals, at, verdict, entry);
  for (const base of entry.bases) totals.copies.set(base, withCopy(totals.copies.get(base) ?? [], entry));
  const sources = /"s":"([^"]*)"/.exec(entry.facts)?.[1] ?? '';
  for (let at = 0; at < sources.length; at += 1) {
    if (sources[at] === '-') totals.unknownFacts[at] = (totals.unknownFacts[at] ?? 0) + 1;
  }
}

function countVerdict(totals: Totals, at: number, verdict: Verdict, entry: PlacedEntry): void {
  const worker = totals.perWorker[at];
  if (worker === undefined) return;
  if (verdict.confidence !== 'none') {
    worker.counts[verdict.confidence] += 1;
    worker.ids[verdict.confidence].push(entry.id);
    return;
  }
  worker.counts[verdict.status === 'unknown' ? 'unknown' : 'incompatible'] += 1;
  const code = verdict.reasonCodes[0] ?? 'none';
  const refused = totals.refusals[at]?.get(code) ?? { models: 0, downloads: 0 };
  refused.models += 1;
  refused.downloads += Math.max(0, entry.downloads);
  totals.refusals[at]?.set(code, refused);
  if (!entry.allowed)
    for (const capability of verdict.unlockedBy) countUnlock(totals.unlocks[at], capability, entry);
}

function countUnlock(
  unlocks: Map<string, Unlock> | undefined,
  capability: string,
  { id, downloads }: PlacedEntry,
): void {
  const unlock = unlocks?.get(capability) ?? { models: 0, downloads: 0, best: [] };
  unlock.models += 1;
  unlock.downloads += Math.max(0, downloads);
  unlock.best = mostDownloaded([...unlock.best, { id, downloads }], MOST_EXAMPLES);
  unlocks?.set(capability, unlock);
}

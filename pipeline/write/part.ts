/** Some partitions of the spool -> their data shards and volatile facts, and what the totals need to know of them. */
import { compareNames } from '../lib/compare.ts';
import { groupBy } from '../lib/group.ts';
import { PARTITION_BITS, PARTITIONS } from '../lib/parted-files.ts';
import { bitsFor, partName } from '../lib/places.ts';
import { downloadsOf, type ReadEntry, withoutDoubles } from './entry.ts';
import type { FileWriter, Put } from './file-writer.ts';
import { type JudgedSource, writeJudged } from './judged.ts';
import { readSpool } from './spool.ts';

/** How out/ is cut: by the leading bits of the place of a model. */
export interface Layout {
  readonly shardBits: number;
  readonly volatileBits: number;
}

/** A data shard holds 128 models at the most on average, some 20 KiB; docs/performance.md has what other cuts cost. */
const MODELS_PER_SHARD = 128;
/** A volatile file stands for 16 data shards: it is rewritten every night, and a model takes ten bytes in it. */
const VOLATILE_BITS_LESS = 4;

export function layoutFor(models: number): Layout {
  const shardBits = bitsFor(models, MODELS_PER_SHARD);
  return { shardBits, volatileBits: Math.max(0, shardBits - VOLATILE_BITS_LESS) };
}

/** The partitions of the spool that must be written together, because a file holds models of several. */
export function partsOf({ volatileBits }: Layout): number[][] {
  const parts = 2 ** Math.min(PARTITION_BITS, volatileBits);
  const size = PARTITIONS / parts;
  return Array.from({ length: parts }, (_, part) =>
    Array.from({ length: size }, (_, at) => part * size + at),
  );
}

export interface PartJob {
  readonly spoolDir: string;
  readonly partitions: readonly number[];
  readonly layout: Layout;
  /** Keys of the rows in which some worker runs the model. */
  readonly running: ReadonlySet<string>;
  /** What the build before has judged, and where what this one has judged is put. */
  readonly judged: JudgedSource | undefined;
  readonly judgedNext: string | undefined;
}

export interface Ranked {
  readonly id: string;
  readonly downloads: number;
}

/** Of the models that share a row. */
export interface RowTotals {
  models: number;
  downloads: number;
  /** Those with the most downloads. */
  best: Ranked[];
}

type Copy = readonly [base: string, id: string, downloads: number, allowed: boolean];

export interface PartTotals {
  readonly doubles: number;
  readonly rows: readonly (readonly [key: string, totals: RowTotals])[];
  /** `id`, a tab and the row key, of models that some worker runs. */
  readonly running: readonly string[];
  /** Copies that some worker runs. */
  readonly copies: readonly Copy[];
  /** Models on the allowlist: id, row key, downloads and `ListedFacts` as JSON, with tabs between. */
  readonly listed: readonly string[];
  readonly put: Put;
  /** sha256 of what was judged, of each partition. */
  readonly judged: readonly (readonly [partition: number, sha256: string])[];
}

export function writePart(job: PartJob, files: FileWriter): PartTotals {
  const { partitions, layout, running } = job;
  const read = partitions.map((partition) => readSpool(job.spoolDir, partition, job.judged));
  const judged = partitions.map(
    (partition, at) => [partition, remember(job.judgedNext, partition, read[at] ?? [])] as const,
  );
  const shards = [...groupBy(read.flat(), ({ place }) => partName(place, layout.shardBits))]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([name, entries]): Shard => [name, withoutDoubles(entries)]);
  writeFiles(shards, layout, files);
  const entries = shards.flatMap(([, models]) => models);
  const rows = new Map<string, RowTotals>();
  for (const entry of entries) countRow(rows, entry);
  const copies = entries.filter(({ bases }) => bases.length > 0);
  return {
    doubles: read.reduce((all, { length }) => all + length, 0) - entries.length,
    rows: [...rows],
    running: entries.filter(({ row }) => running.has(row)).map(({ id, row }) => `${id}\t${row}`),
    copies: copies.flatMap((copy) =>
      copy.bases.map((base): Copy => [base, copy.id, downloadsOf(copy), copy.allowed]),
    ),
    listed: entries.filter(({ allowed }) => allowed).map(listEntry),
    put: files.take(),
    judged,
  };
}

function listEntry(entry: ReadEntry): string {
  return `${entry.id}\t${entry.row}\t${downloadsOf(entry)}\t${entry.listed}`;
}

function remember(dir: string | undefined, partition: number, entries: readonly ReadEntry[]): string {
  if (dir === undefined) return '';
  const lines = entries.filter(({ print }) => print !== '').map(({ text }) => text);
  return writeJudged(dir, partition, lines);
}

/** The name of a data shard and its models, sorted. */
type Shard = readonly [name: string, models: readonly ReadEntry[]];

function writeFiles(shards: readonly Shard[], layout: Layout, files: FileWriter): void {
  const volatile = new Map<string, string[]>();
  for (const [name, models] of shards) {
    const lines = models.map(({ id, row, facts }) => `["${id}","${row}",${facts}]\n`);
    files.put(`models/${name}.jsonl`, lines.join(''));
    const file = partName(models[0]?.place ?? 0, layout.volatileBits);
    const text = `"${name}":[${models.map((model) => model.volatile).join(',\n')}]`;
    const texts = volatile.get(file);
    if (texts === undefined) volatile.set(file, [text]);
    else texts.push(text);
  }
  for (const [name, texts] of volatile) files.put(`volatile/${name}.json`, `{${texts.join(',\n')}}\n`);
}

export const MOST_EXAMPLES = 3;

function countRow(rows: Map<string, RowTotals>, entry: ReadEntry): void {
  const { row, id } = entry;
  const downloads = downloadsOf(entry);
  let totals = rows.get(row);
  if (totals === undefined) {
    totals = { models: 0, downloads: 0, best: [] };
    rows.set(row, totals);
  }
  totals.models += 1;
  totals.downloads += Math.max(0, downloads);
  const last = totals.best[MOST_EXAMPLES - 1];
  if (last === undefined || compareRanked({ id, downloads }, last) < 0)
    totals.best = mostDownloaded([...totals.best, { id, downloads }], MOST_EXAMPLES);
}

export function mostDownloaded(models: readonly Ranked[], most: number): Ranked[] {
  return [...models].sort(compareRanked).slice(0, most);
}

function compareRanked(a: Ranked, b: Ranked): number {
  return b.downloads - a.downloads || compareNames(a.id, b.id);
}

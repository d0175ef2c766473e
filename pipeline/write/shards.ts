/** Writes the data shards and volatile facts of some partitions of entries, and returns the data for the totals. */
import { shardName } from '../format/hash-prefix.ts';
import { COUNTED_FIELDS } from '../judge/counts.ts';
import { type Entry, parseEntry, withoutDoubles } from '../judge/entry.ts';
import { readAnswers } from '../judge/inherit.ts';
import { entriesDir } from '../judge/judge.ts';
import { type SentListed, sendListed } from '../judge/listed.ts';
import type { Sizing } from '../judge/needs.ts';
import { readPartition } from '../judge/partitions.ts';
import { compareNames } from '../lib/compare.ts';
import { groupBy } from '../lib/group.ts';
import { Completer, type NewRow } from './complete.ts';
import type { FileWriter, Put } from './file-writer.ts';
import type { Layout } from './layout.ts';

export interface WriteJob {
  readonly partitions: readonly number[];
  readonly layout: Layout;
}

export interface Ranked {
  readonly id: string;
  readonly downloads: number;
}

/** The counts of the models that share a row. */
export interface RowTotals {
  models: number;
  downloads: number;
  /** The models with the most downloads. */
  best: Ranked[];
}

type Copy = readonly [base: string, id: string, downloads: number, allowed: boolean];

/** The results of one write job. */
export interface WriteTotals {
  readonly doubles: number;
  /** The number of models whose record has each counted field, in the order of these fields. */
  readonly fields: readonly number[];
  readonly rows: readonly (readonly [key: string, totals: RowTotals])[];
  /** Rows that the judging threads do not know: those of copies with facts of their bases. */
  readonly newRows: readonly NewRow[];
  /** The models that some worker runs, each as `id`, a tab and the row key. */
  readonly running: readonly string[];
  /** Copies that some worker runs. */
  readonly copies: readonly Copy[];
  readonly listed: SentListed;
  readonly put: Put;
}

/** The folder of the entries, the input of needs, and the writer of files. */
export interface WriteTools {
  readonly dir: string;
  readonly sizing: Sizing;
  readonly files: FileWriter;
}

/** Writes the files of some partitions. */
export function writeShards(
  { partitions, layout }: WriteJob,
  { dir, sizing, files }: WriteTools,
): WriteTotals {
  const completer = new Completer();
  const read = partitions.flatMap((partition) => readEntries(dir, partition, completer));
  let doubles = 0;
  const shards = [...groupBy(read, ({ prefix }) => shardName(prefix, layout.shardBits))]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([name, all]): Shard => {
      const deduplicated = withoutDoubles(all);
      doubles += deduplicated.doubles;
      return [name, deduplicated.entries];
    })
    .filter(([, models]) => models.length > 0);
  writeFiles(shards, layout, files);
  const entries = shards.flatMap(([, models]) => models);
  return { doubles, ...totalsOf(entries, sizing), newRows: completer.newRows(), put: files.take() };
}

function readEntries(dir: string, partition: number, completer: Completer): Entry[] {
  const answers = readAnswers(dir, partition);
  return readPartition(entriesDir(dir), partition).map((line) =>
    completer.complete(parseEntry(line), answers),
  );
}

/** A data shard: its name and its models. */
type Shard = readonly [name: string, models: readonly Entry[]];

function totalsOf(
  entries: readonly Entry[],
  sizing: Sizing,
): Omit<WriteTotals, 'doubles' | 'newRows' | 'put'> {
  const rows = new Map<string, RowTotals>();
  const fields = COUNTED_FIELDS.map(() => 0);
  for (const entry of entries) {
    countRow(rows, entry);
    for (let at = 0; at < fields.length; at += 1)
      fields[at] = (fields[at] ?? 0) + ((entry.fields >>> at) & 1);
  }
  return {
    fields,
    rows: [...rows],
    running: entries.filter(({ runs }) => runs).map(({ id, row }) => `${id}\t${row}`),
    copies: entries.flatMap(({ bases, id, downloads, allowed }) =>
      bases.map((base): Copy => [base, id, downloads, allowed]),
    ),
    listed: sendListed(entries, sizing),
  };
}

function writeFiles(shards: readonly Shard[], layout: Layout, files: FileWriter): void {
  const volatile = new Map<string, string[]>();
  for (const [name, models] of shards) {
    const lines = models.map(({ id, row, facts }) => `["${id}","${row}",${facts}]\n`);
    files.put(`models/${name}.jsonl`, lines.join(''));
    const file = shardName(models[0]?.prefix ?? 0, layout.volatileBits);
    const text = `"${name}":[${models.map((model) => model.volatile).join(',\n')}]`;
    const texts = volatile.get(file);
    if (texts === undefined) volatile.set(file, [text]);
    else texts.push(text);
  }
  for (const [name, texts] of volatile) files.put(`volatile/${name}.json`, `{${texts.join(',\n')}}\n`);
}

export const MOST_EXAMPLES = 3;

function countRow(rows: Map<string, RowTotals>, { row, id, downloads }: Entry): void {
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

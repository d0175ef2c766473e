/**
 * What the last build made of each record, kept beside out/: a record that says the same under the same rules is not read
 * again. Only a cache: it may be removed, and a damaged part of it is not used.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrintTable } from '../lib/fingerprint.ts';
import { sha256 } from '../lib/hash.ts';
import { field, isObject, parseJson } from '../lib/json.ts';
import { PARTITIONS } from '../lib/parted-files.ts';
import { parsePrint } from './entry.ts';
import type { SentTable } from './verdict-table.ts';

/** What the next build needs to begin with. */
export interface JudgedHead {
  /** Of the rules, the facts and the workers that it was judged by. */
  readonly rules: string;
  readonly table: SentTable;
  /** sha256 of each partition. */
  readonly partitions: readonly string[];
  /** Entries of all partitions together, at the most. */
  readonly entries: number;
}

/** What threads need to look into a judged folder. */
export interface JudgedSource {
  readonly dir: string;
  readonly partitions: readonly string[];
  readonly prints: SharedArrayBuffer;
}

export interface Judged {
  readonly source: JudgedSource;
  readonly table: SentTable;
}

const HEAD = 'judged.json';
const fileOf = (dir: string, partition: number) => join(dir, `${partition}.tsv`);

/** undefined where nothing was judged by these rules, or a part of it is damaged. */
export function openJudged(dir: string, rules: string): Judged | undefined {
  const head = readHead(dir);
  if (head === undefined || head.rules !== rules) return undefined;
  const prints = PrintTable.forRecords(head.entries);
  for (const [partition, hash] of head.partitions.entries()) {
    const text = readWhole(fileOf(dir, partition), hash);
    if (text === undefined) return undefined;
    addPrints(prints, text);
  }
  return { source: { dir, partitions: head.partitions, prints: prints.buffer }, table: head.table };
}

function readHead(dir: string): JudgedHead | undefined {
  const path = join(dir, HEAD);
  if (!existsSync(path)) return undefined;
  const head = parseJson(readFileSync(path, 'utf8'));
  const partitions = field(head, 'partitions');
  const counted = Number.isSafeInteger(field(head, 'entries'));
  const whole = isObject(head) && counted && Array.isArray(partitions) && partitions.length === PARTITIONS;
  return whole ? (head as unknown as JudgedHead) : undefined;
}

function readWhole(path: string, expected: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const content = readFileSync(path);
  return sha256(content) === expected ? content.toString('latin1') : undefined;
}

/** Of the columns at the head of a line. */
const MOST_HEAD_CHARS = 64;

function addPrints(prints: PrintTable, text: string): void {
  for (let start = 0; start < text.length; start = text.indexOf('\n', start) + 1) {
    const { print, ...known } = parsePrint(text.slice(start, start + MOST_HEAD_CHARS));
    prints.add(print, known);
  }
}

/**
 * Print -> line of the entry, of a partition.
 *
 * @throws when the file changed since the build began.
 */
export function readJudged({ dir, partitions }: JudgedSource, partition: number): Map<string, string> {
  const text = readWhole(fileOf(dir, partition), partitions[partition] ?? '');
  if (text === undefined) throw new Error(`${fileOf(dir, partition)} changed while it was in use.`);
  const lines = text.split('\n').slice(0, -1);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('\t')), line]));
}

/** Writes the lines of one partition of the next judged folder; gives their sha256. */
export function writeJudged(dir: string, partition: number, lines: readonly string[]): string {
  mkdirSync(dir, { recursive: true });
  const content = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
  writeFileSync(fileOf(dir, partition), content);
  return sha256(content);
}

/** Puts the next folder, whose partitions are all written, in the place of the last. */
export function publishJudged(next: string, dir: string, head: JudgedHead): void {
  writeFileSync(join(next, HEAD), JSON.stringify(head));
  rmSync(dir, { recursive: true, force: true });
  renameSync(next, dir);
}

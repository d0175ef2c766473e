/**
 * What the last build made of each record, kept beside out/: a record that says the same under the same rules is not read
 * again. Only a cache: it may be removed, and a damaged part of it is not used.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealLine, unsealLine } from '../crawl/cache/checked-line.ts';
import type { SentTable } from '../judge/verdict-table.ts';
import { sha256 } from '../lib/hash.ts';
import { field, parseJson } from '../lib/json.ts';
import { PARTITIONS } from '../lib/partitions.ts';
import type { KeptLines } from './kept-lines.ts';

/** What the next build needs to begin with. */
export interface JudgedHead {
  /** Of the rules, the facts and the workers that it was judged by. */
  readonly rules: string;
  /** When the build began; ISO 8601. */
  readonly date: string;
  /** What the prints are made with; a secret, so that no stranger makes a record that passes for another. */
  readonly printKey: string;
  readonly table: SentTable;
  /** sha256 of each partition. */
  readonly partitions: readonly string[];
  /** Entries of all partitions together, at the most. */
  readonly entries: number;
  /** The records that have no entry, as they were read. */
  readonly rest: readonly KeptLines[];
  /** Records that were longer than the cap. */
  readonly tooLong: number;
  /** Of a complete listing of a Hub: the walks that it was made of. */
  readonly walks: readonly string[] | undefined;
}

/** What threads need to look into a judged folder. */
export interface JudgedSource {
  readonly dir: string;
  readonly partitions: readonly string[];
}

export interface Judged {
  readonly source: JudgedSource;
  readonly head: JudgedHead;
}

const HEAD = 'judged.json';
const fileOf = (dir: string, partition: number) => join(dir, `${partition}.tsv`);

/** undefined where nothing was judged by these rules, or a part of it is damaged. */
export function openJudged(dir: string, rules: string): Judged | undefined {
  const head = readHead(dir);
  if (head === undefined || head.rules !== rules) return undefined;
  const files = [
    ...head.partitions.map((hash, partition) => [fileOf(dir, partition), hash] as const),
    ...head.rest.map(({ name, sha256 }) => [join(dir, name), sha256] as const),
  ];
  const whole = files.every(([path, hash]) => readWhole(path, hash) !== undefined);
  return whole ? { source: { dir, partitions: head.partitions }, head } : undefined;
}

/** undefined where there is none, or not what was written: a flipped bit in the table would be a wrong verdict. */
export function readHead(dir: string): JudgedHead | undefined {
  const path = join(dir, HEAD);
  if (!existsSync(path)) return undefined;
  const head = parseJson(unsealLine(readFileSync(path, 'utf8').trimEnd()) ?? '');
  const partitions = field(head, 'partitions');
  const whole = Array.isArray(partitions) && partitions.length === PARTITIONS;
  return whole ? (head as JudgedHead) : undefined;
}

function readWhole(path: string, expected: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const content = readFileSync(path);
  return sha256(content) === expected ? content : undefined;
}

/**
 * The lines of the entries of a partition.
 *
 * @throws when the file changed since the build began.
 */
export function readJudged({ dir, partitions }: JudgedSource, partition: number): string[] {
  const content = readWhole(fileOf(dir, partition), partitions[partition] ?? '');
  if (content === undefined) throw new Error(`${fileOf(dir, partition)} changed while it was in use.`);
  return content.toString('latin1').split('\n').slice(0, -1);
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
  writeFileSync(join(next, HEAD), sealLine(JSON.stringify(head)));
  rmSync(dir, { recursive: true, force: true });
  renameSync(next, dir);
}

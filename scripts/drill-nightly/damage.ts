/**
 * Damages every file of a crawl's cache in every way. The next night must write the same as an undisturbed one, or stop.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../pipeline/lib/errors.ts';
import { sha256 } from '../../pipeline/lib/hash.ts';
import { type CacheState, hubFolder } from './crawl.ts';
import { filesUnder, freshPlace, type Row } from './place.ts';

type Damage = readonly [name: string, of: (content: Buffer) => Buffer | undefined];

/** The ways to damage a file; undefined removes it. */
const DAMAGES: readonly Damage[] = [
  ['cut', (content) => content.subarray(0, content.length / 2)],
  ['empty', () => Buffer.alloc(0)],
  ['gone', () => undefined],
  ['followed by zeros', (content) => Buffer.concat([content, Buffer.alloc(512)])],
  ['flipped', flip],
];

function flip(content: Buffer): Buffer {
  const damaged = Buffer.from(content);
  const at = content.length >> 1;
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  return damaged;
}

/** The most rows of logs and journals that are lost, one at a time. */
const MOST_ROWS = 5;

function lostRows(path: string, content: Buffer): Damage[] {
  if (!path.endsWith('.jsonl')) return [];
  const rows = content.toString('latin1').split('\n');
  const count = Math.min(MOST_ROWS, rows.length - 1);
  return Array.from({ length: count }, (_, row) => [
    `without row ${row + 1}`,
    () => Buffer.from(rows.toSpliced(row, 1).join('\n'), 'latin1'),
  ]);
}

/** Returns the hash of every file of an out/. */
function contentsOf(place: string): string {
  const out = join(place, 'out');
  return filesUnder(out)
    .map((path) => `${path} ${sha256(readFileSync(join(out, path)))}`)
    .join('\n');
}

interface Expected {
  readonly before: string;
  readonly calm: string;
}

async function outcomeOf(state: CacheState, place: string, { before, calm }: Expected): Promise<string> {
  const error = await state.next(place).catch((thrown: unknown) => thrown);
  const after = contentsOf(place);
  if (error === undefined) return after === calm ? 'as undisturbed' : 'WRONG, another out/';
  if (!(error instanceof DataError) || !state.mayStop) return `WRONG, ${error}`;
  return after === before ? 'stopped, the last out/ is kept' : 'WRONG, stopped with another out/';
}

export async function damageEverything(state: CacheState): Promise<Row> {
  const calmPlace = freshPlace(state.place);
  await state.next(calmPlace);
  const expected = { before: contentsOf(state.place), calm: contentsOf(calmPlace) };
  if (expected.before === expected.calm) throw new Error(`${state.name}: the next night changes nothing.`);
  const tally = new Map<string, number>();
  const files = filesUnder(hubFolder(state.place));
  for (const path of files) {
    const content = readFileSync(join(hubFolder(state.place), path));
    for (const [name, damage] of [...DAMAGES, ...lostRows(path, content)]) {
      const place = freshPlace(state.place);
      const [file, damaged] = [join(hubFolder(place), path), damage(content)];
      if (damaged === undefined) rmSync(file);
      else writeFileSync(file, damaged);
      const found = await outcomeOf(state, place, expected);
      const outcome = found.startsWith('WRONG') ? `${found} where ${path} is ${name}` : found;
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
      rmSync(place, { recursive: true });
    }
  }
  const lines = [...tally].map(([outcome, n]) => `${n}x ${outcome}`).join(', ');
  return [`${files.length} files damaged: ${state.name}`, lines, !lines.includes('WRONG')];
}

/**
 * Writes the listing of a synthetic Hub: `npx tsx scripts/bench/generate.ts --count 100000 --out hub.jsonl.gz`; with
 * `--next-night` that of the night after, with `--changes` only what is new in it.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { syntheticChanges, syntheticLines } from './synthetic.ts';

const CHUNK_LINES = 1_000;

/** `night`: 0, 1 for the night after, or what changed between the two. */
export interface Wanted {
  readonly count: number;
  readonly seed: number;
  readonly night: 0 | 1 | 'changes';
}

export async function generate(wanted: Wanted, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const gzip: Transform[] = path.endsWith('.gz') ? [createGzip({ level: 1 })] : [];
  await pipeline([Readable.from(chunks(linesOf(wanted))), ...gzip, createWriteStream(path)]);
}

function linesOf({ night, ...hub }: Wanted): Iterable<string> {
  return night === 'changes' ? syntheticChanges(hub) : syntheticLines({ ...hub, night });
}

function* chunks(all: Iterable<string>): Generator<string> {
  let lines: string[] = [];
  for (const line of all) {
    lines.push(line);
    if (lines.length < CHUNK_LINES) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

if (process.argv[1]?.endsWith('generate.ts')) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      'next-night': { type: 'boolean', default: false },
      changes: { type: 'boolean', default: false },
      out: { type: 'string', default: 'hub.jsonl' },
    },
  });
  const night = values.changes ? 'changes' : values['next-night'] ? 1 : 0;
  await generate({ count: Number(values.count), seed: Number(values.seed), night }, values.out);
}

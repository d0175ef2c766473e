/**
 * Writes a listing as the Hub's: `npm run generate -- --shape hub --count 100000 --out hub.jsonl.gz`. The shape `hub` has
 * the files, names, tags and copies of real repositories. The shape `synthetic` has the shares of kinds of the whole Hub
 * and its endless names, but shorter lists of files; with `--next-night` it is the night after.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { hubLines } from './hub/records.ts';
import { syntheticLines } from './synthetic.ts';

const CHUNK_LINES = 1_000;

export interface Wanted {
  readonly shape: 'hub' | 'synthetic';
  readonly count: number;
  readonly seed: number;
  /** The night: 0, or 1 for the night after, which the shape `hub` does not have. */
  readonly night: 0 | 1;
}

/** Writes a listing as a stream; a path that ends in .gz is compressed. */
export async function generate(wanted: Wanted, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const gzip: Transform[] = path.endsWith('.gz') ? [createGzip({ level: 1 })] : [];
  const lines = wanted.shape === 'hub' ? hubLines(wanted) : syntheticLines(wanted);
  await pipeline([Readable.from(chunks(lines)), ...gzip, createWriteStream(path)]);
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

/**
 * Reads the command line.
 *
 * @throws Error that says what a flag takes.
 */
function readFlags(): Wanted & { readonly out: string } {
  const { values } = parseArgs({
    options: {
      shape: { type: 'string', default: 'synthetic' },
      count: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      'next-night': { type: 'boolean', default: false },
      out: { type: 'string', default: 'hub.jsonl' },
    },
  });
  const { shape, out } = values;
  if (shape !== 'hub' && shape !== 'synthetic')
    throw new Error(`--shape takes hub or synthetic, not ${JSON.stringify(shape)}.`);
  const [count, seed] = [Number(values.count), Number(values.seed)];
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed))
    throw new Error('--count takes a whole number above 0, and --seed a whole number.');
  const night = values['next-night'] ? 1 : 0;
  if (night === 1 && shape === 'hub') throw new Error('--next-night goes with --shape synthetic.');
  return { shape, count, seed, night, out };
}

if (process.argv[1]?.endsWith('generate.ts')) {
  const { out, ...wanted } = readFlags();
  await generate(wanted, out);
}

/** Writes the listing of a synthetic Hub: `npx tsx scripts/bench/generate.ts --count 100000 --out hub.jsonl.gz`. */
import { createWriteStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { type SyntheticHub, syntheticLines } from './synthetic.ts';

const CHUNK_LINES = 1_000;

export async function generate(hub: SyntheticHub, path: string): Promise<void> {
  const gzip: Transform[] = path.endsWith('.gz') ? [createGzip({ level: 1 })] : [];
  await pipeline([Readable.from(chunks(hub)), ...gzip, createWriteStream(path)]);
}

function* chunks(hub: SyntheticHub): Generator<string> {
  let lines: string[] = [];
  for (const line of syntheticLines(hub)) {
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
      out: { type: 'string', default: 'hub.jsonl' },
    },
  });
  const night = values['next-night'] ? 1 : 0;
  await generate({ count: Number(values.count), seed: Number(values.seed), night }, values.out);
}

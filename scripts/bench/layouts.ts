/** Measures the share of data shards that differ between two nights, for each number of bits. It prints JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import glob from 'fast-glob';
import { prefixOf } from '../../pipeline/format/prefix-of.ts';
import { sha256 } from '../../pipeline/lib/hash.ts';

const [before = '', after = ''] = process.argv.slice(2);
const BITS = [11, 12, 13, 14, 15, 16];

/** Returns the lines by place, as one text each. */
async function readPlaces(out: string): Promise<string[]> {
  const places: string[] = new Array(65_536).fill('');
  for (const path of await glob('models/*.jsonl', { cwd: out })) {
    for (const line of readFileSync(join(out, path), 'utf8').split('\n').slice(0, -1)) {
      const place = prefixOf((JSON.parse(line) as [string])[0]);
      places[place] = sha256((places[place] ?? '') + line);
    }
  }
  return places;
}

const [one, other] = [await readPlaces(before), await readPlaces(after)];
const rows = BITS.map((bits) => {
  const span = 2 ** (16 - bits);
  const changed = new Set<number>();
  for (let place = 0; place < 65_536; place += 1)
    if (one[place] !== other[place]) changed.add(Math.floor(place / span));
  return { bits, shards: 2 ** bits, rewritten: changed.size / 2 ** bits };
});
console.log(JSON.stringify(rows));

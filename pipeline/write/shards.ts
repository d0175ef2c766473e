/** Looks into the data shards just written, for what the lists of all parts do not hold. */
import { readFileSync } from 'node:fs';
import type { Attention } from '../extract/metadata.ts';
import { decodeAttention, type OwnFacts } from '../lib/encoding.ts';
import { groupBy } from '../lib/group.ts';
import { placeOf } from '../lib/hash.ts';
import { partName } from '../lib/places.ts';
import { readPlainFile } from '../lib/plain-file.ts';
import type { Listed } from './listed.ts';
import type { Layout } from './part.ts';

type Bits = Pick<Layout, 'shardBits'>;

/** The row of a model; undefined where it is not among them. */
export function findRow(dir: string, id: string, { shardBits }: Bits): string | undefined {
  const shard = readShard(dir, partName(placeOf(id), shardBits));
  const line = findLine(shard, id);
  return line === undefined ? undefined : (JSON.parse(line) as [string, string])[1];
}

/** The attention of the models that listed ones are copies of: a shard is read once for all of them. */
export function readAttentions(
  dir: string,
  listed: readonly Listed[],
  { shardBits }: Bits,
): Map<string, Attention> {
  const bases = new Set(listed.flatMap(({ device }) => (typeof device === 'object' ? [device.base] : [])));
  const attentions = new Map<string, Attention>();
  for (const [name, ids] of groupBy([...bases], (id) => partName(placeOf(id), shardBits))) {
    const shard = readShard(dir, name);
    for (const id of ids) {
      const line = findLine(shard, id);
      const { A } = line === undefined ? {} : (JSON.parse(line) as [string, string, OwnFacts])[2];
      if (A !== undefined) attentions.set(id, decodeAttention(A));
    }
  }
  return attentions;
}

/** The longest line of a file, in bytes with its newline. */
export function longestLine(path: string): number {
  const content = readFileSync(path);
  let longest = 0;
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf(NEWLINE, start);
    const next = end < 0 ? content.length : end + 1;
    longest = Math.max(longest, next - start);
    start = next;
  }
  return longest;
}

const NEWLINE = 0x0a;

/** With a newline before each line; empty where there is no such shard. */
function readShard(dir: string, name: string): string {
  const content = readPlainFile(dir, `${name}.jsonl`);
  return content === undefined ? '' : `\n${content.toString('utf8')}`;
}

function findLine(shard: string, id: string): string | undefined {
  const at = shard.indexOf(`\n["${id}",`);
  return at < 0 ? undefined : shard.slice(at + 1, shard.indexOf('\n', at + 1));
}

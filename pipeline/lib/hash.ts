/** Hashes that name things: the place of a repo id among the data shards, the key of a row of verdicts. */
import { createHash } from 'node:crypto';

/** The first four hex digits of sha256 of the id: what data shards are cut by. */
export function shardHash(repoId: string): string {
  return createHash('sha256').update(repoId).digest('hex').slice(0, 4);
}

/** 48 bits of sha256 as eight URL-safe characters. */
export function shortKey(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

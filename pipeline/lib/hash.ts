/** Hashes that name things: the place of a repo id among the data shards, the key of a row of verdicts. */
import { hash } from 'node:crypto';

/** The first four hex digits of sha256 of the id: what data shards are cut by. */
export function shardHash(repoId: string): string {
  return hash('sha256', repoId).slice(0, 4);
}

/** 48 bits of sha256 as eight URL-safe characters. */
export function shortKey(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8);
}

export function sha256(content: string | Buffer): string {
  return hash('sha256', content);
}

/** Hashes by node:crypto: the place of a repo id, the key of a row of verdicts, the content of a file. */
import { hash } from 'node:crypto';
import { placeOfHash } from '../format/hash-prefix.ts';

/** The first 16 bits of sha256 of the id: what everything that grows with the number of models is parted by. */
export function placeOf(repoId: string): number {
  return placeOfHash(hash('sha256', repoId));
}

/** 48 bits of sha256 as eight URL-safe characters. */
export function shortKey(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8);
}

export function sha256(content: string | Buffer): string {
  return hash('sha256', content);
}

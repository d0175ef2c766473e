/**
 * Returns the hash prefix of a repo id by node:crypto; readers in browsers use the hash functions of the
 * browser.
 */
import { hash } from 'node:crypto';
import { prefixOfHash } from './hash-prefix.ts';

export function prefixOf(repoId: string): number {
  return prefixOfHash(hash('sha256', repoId));
}

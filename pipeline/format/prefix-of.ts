/** The hash prefix of a repo id, by node:crypto; readers in browsers hash by what those have. */
import { hash } from 'node:crypto';
import { prefixOfHash } from './hash-prefix.ts';

export function prefixOf(repoId: string): number {
  return prefixOfHash(hash('sha256', repoId));
}

/** Tells why a model has no page, from the file of its data shard. */
import { prefixOfHash, shardName } from '../../pipeline/format/hash-prefix.ts';
import { sha256 } from '../../pipeline/read/http.ts';
import type { Why } from '../lib/why.ts';
import { root } from './load.ts';

export interface Answer {
  readonly sentences: readonly (readonly [program: string, sentence: string])[];
  readonly copies: readonly string[];
}

/**
 * undefined: the matrix does not know it.
 *
 * @throws Error where that cannot be looked up: browsers give the digest to pages from a safe origin only.
 */
export async function loadWhy(id: string, shardBits: number): Promise<Answer | undefined> {
  const hex = await sha256(id);
  const response = await fetch(new URL(`why/${shardName(prefixOfHash(hex), shardBits)}.json`, root));
  if (!response.ok) throw new Error(`why: ${response.status}`);
  const { answers, models } = (await response.json()) as Why;
  if (!Object.hasOwn(models, id)) return undefined;
  const [answer = -1, ...copies] = models[id] ?? [];
  return { sentences: answers[answer] ?? [], copies };
}

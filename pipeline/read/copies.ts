/** Finds models that hold the same weights: a base model and its copies. */
import type { MatrixModel } from '../format/decode.ts';
import { prefixOfHash, shardName } from '../format/hash-prefix.ts';
import { DataError } from '../lib/errors.ts';
import { isObject, parseJson } from '../lib/json.ts';
import type { OpenedOut } from './opened.ts';
import * as say from './sentences.ts';

/** Returns the repo ids of the model's copies, its base and the copies of its base, each once. */
export async function findCopies(
  out: OpenedOut,
  { id, facts: { baseModels } }: MatrixModel,
): Promise<string[]> {
  const bases = baseModels.relation === 'quantized' ? baseModels.ids : [];
  const found = [...(await readCopies(out, id)), ...bases];
  for (const base of bases) found.push(...(await readCopies(out, base)));
  return [...new Set(found)].filter((copy) => copy !== id);
}

async function readCopies({ source, header, files }: OpenedOut, base: string): Promise<readonly string[]> {
  const name = shardName(prefixOfHash(await source.sha256(base)), header.volatileBits);
  const text = await files.readOptional(`copies/${name}.json`);
  const found = parseJson(text ?? '{}');
  if (!isObject(found)) throw new DataError(say.fileDamaged(source.name, `copies/${name}.json`));
  // Keys of strangers: an object may answer for what it inherits.
  return new Map(Object.entries(found as Record<string, string[]>)).get(base) ?? [];
}

/**
 * Quantized copies without a context length of their own take their base model's, once the whole listing was read. The
 * copies wait on disk, by the place of their base, beside the context lengths of all models by theirs.
 */
import { join } from 'node:path';
import { factValue, known, type ModelMetadata } from '../extract/metadata.ts';
import { placeOf } from '../lib/hash.ts';
import { asciiStringify } from '../lib/json.ts';
import { PartedWriter, partitionOf, readPartition } from '../lib/partitions.ts';

export class Waiting {
  readonly #copies: PartedWriter;
  readonly #contexts: PartedWriter;

  constructor(dir: string, writer: number) {
    this.#copies = new PartedWriter(copiesDir(dir), writer);
    this.#contexts = new PartedWriter(contextsDir(dir), writer);
  }

  /** False when the model, of this place, need not wait: only a quantized copy of one model that states no context does. */
  take(model: ModelMetadata, place: number): boolean {
    const { relation, ids } = model.baseModels;
    const tokens = factValue(model.contextLength);
    if (tokens !== undefined) {
      this.#contexts.add(partitionOf(place), `${model.id}\t${tokens}\n`);
      return false;
    }
    const [base] = ids;
    if (relation !== 'quantized' || ids.length !== 1 || base === undefined) return false;
    this.#copies.add(partitionOf(placeOf(base)), `${asciiStringify(model)}\n`);
    return true;
  }

  /** Everything is on the disk when this returns. */
  flush(): void {
    this.#copies.flush();
    this.#contexts.flush();
  }
}

/**
 * The copies of the bases in one partition, with what their bases know. `sameContexts`: of the bases that were not read
 * again.
 */
export function* releaseCopies(
  dir: string,
  partition: number,
  sameContexts: () => Iterable<readonly [id: string, tokens: number]>,
): Generator<ModelMetadata> {
  const copies = readPartition(copiesDir(dir), partition);
  if (copies.length === 0) return;
  const contexts = new Map<string, number>();
  // Of two records of one id the smaller counts, so that their order does not.
  const note = (id: string, tokens: number) =>
    contexts.set(id, Math.min(tokens, contexts.get(id) ?? Number.POSITIVE_INFINITY));
  for (const line of readPartition(contextsDir(dir), partition)) {
    const [id = '', tokens] = line.split('\t');
    note(id, Number(tokens));
  }
  for (const [id, tokens] of sameContexts()) note(id, tokens);
  for (const line of copies) yield complete(JSON.parse(line) as ModelMetadata, contexts);
}

function complete(model: ModelMetadata, contexts: ReadonlyMap<string, number>): ModelMetadata {
  const tokens = contexts.get(model.baseModels.ids[0] ?? '');
  return tokens === undefined ? model : { ...model, contextLength: known(tokens, 'base-model') };
}

const copiesDir = (dir: string) => join(dir, 'copies');
const contextsDir = (dir: string) => join(dir, 'contexts');

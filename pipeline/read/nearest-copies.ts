/** Finds a copy of the same weights that a worker runs, where it cannot take a model as it is published. */

import type { MatrixModel } from '../format/decode.ts';
import { splitVariantId } from '../format/encoding.ts';
import { inWords } from '../lib/sentences.ts';
import type { NamedWorker } from './groups.ts';
import type { Matrix } from './index.ts';

/** The most copies that are read, each from its own data shard. */
const MOST_LOOKED_AT = 8;

/**
 * Returns worker id -> a sentence that names the copy; none for workers that run the model, or where no copy is known.
 */
export async function nearestCopies(
  matrix: Pick<Matrix, 'model' | 'allCopiesOf'>,
  model: MatrixModel,
  workers: readonly NamedWorker[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const refused = workers.filter(({ id }) => model.verdicts.get(id)?.compatible === false);
  if (refused.length === 0) return found;
  for (const id of (await matrix.allCopiesOf(model)).slice(0, MOST_LOOKED_AT)) {
    const copy = await matrix.model(id);
    for (const worker of refused) {
      const verdict = copy?.verdicts.get(worker.id);
      const [variant] = [verdict?.recommendedVariant, ...(verdict?.variants ?? [])];
      if (verdict?.compatible !== true || !variant || found.has(worker.id)) continue;
      found.set(worker.id, `${worker.name} runs the ${inWords(splitVariantId(variant).format)} copy ${id}.`);
    }
  }
  return found;
}

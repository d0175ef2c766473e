/** For a worker that cannot take a model as it is published: a copy of the same weights that it runs. */

import type { MatrixModel } from '../format/decode.ts';
import { splitVariantId } from '../format/encoding.ts';
import { inWords } from '../lib/sentences.ts';
import type { NamedWorker } from './groups.ts';
import type { Matrix } from './index.ts';

/** Each is looked up in a data shard of its own. */
const MOST_LOOKED_AT = 8;

/** Worker id -> a sentence that names the copy; none for workers that run the model, or no copy that is known. */
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

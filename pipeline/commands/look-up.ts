/** One model with all that `explain` tells: from an out/, or straight from the Hub, judged by today's worker files. */

import { listWorkerBinaries } from '../api/bundled.ts';
import { bundledTables } from '../api/bundled-tables.ts';
import { extractMetadataFromHf } from '../api/live.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import type { MatrixModel } from '../format/decode.ts';
import { readAskedId } from '../lib/hub.ts';
import { adviseMemory } from '../read/advice.ts';
import type { Matrix } from '../read/index.ts';
import { nearestCopies } from '../read/nearest-copies.ts';
import type { Extras } from './explain.ts';
import { findModel } from './find-model.ts';
import type { ExplainOptions } from './query-options.ts';

export interface Explained {
  readonly model: MatrixModel;
  readonly extras: Extras;
}

/** @throws DataError when the Hub does not give the model, saying why. */
export async function lookUpLive({ asked, endpoint, token }: ExplainOptions): Promise<Explained> {
  const facts = await extractMetadataFromHf(readAskedId(asked), { endpoint, token });
  const workers = listWorkerBinaries();
  const verdicts = new Map(workers.map((worker) => [worker.id, checkCompatibility(facts, worker)]));
  const model = { id: facts.id, facts, verdicts, detailed: true };
  return {
    model,
    extras: {
      source: `${new URL(endpoint).host}, as it is now`,
      workers,
      copies: [],
      nearest: new Map(),
      advice: adviseMemory(model, workers, bundledTables().bitsPerWeight),
    },
  };
}

/**
 * One model as an out/ knows it, with its copies and the memory that it takes.
 *
 * @throws DataError when it does not know it, with the nearest ids.
 */
export async function lookUpBuilt(
  matrix: Matrix,
  { asked, outName }: Pick<ExplainOptions, 'asked' | 'outName'>,
): Promise<Explained> {
  const model = await findModel(matrix, asked, { outName, advice: 'Try --live to ask the Hub.' });
  const workers = await matrix.workers();
  const bitsPerWeight = await matrix.bitsPerWeight();
  const { models, date } = matrix.header;
  return {
    model,
    extras: {
      source: `${outName} (${models} models, read on ${date.slice(0, 10)})`,
      workers,
      copies: await matrix.copiesOf(model),
      nearest: await nearestCopies(matrix, model, workers),
      advice: adviseMemory(model, workers, bitsPerWeight),
    },
  };
}

/** The same about some workers alone. */
export function onlyWorkers({ model, extras }: Explained, ids: ReadonlySet<string>): Explained {
  return {
    model: { ...model, verdicts: new Map([...model.verdicts].filter(([id]) => ids.has(id))) },
    extras: { ...extras, workers: extras.workers.filter(({ id }) => ids.has(id)) },
  };
}

/** One model with all that `explain` tells: from an out/, or straight from the Hub, judged by today's worker files. */

import { bundledTables, listWorkerBinaries } from '../api/bundled.ts';
import { extractMetadataFromHf } from '../api/live.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import type { MatrixModel } from '../format/decode.ts';
import { DataError } from '../lib/errors.ts';
import { adviseMemory } from '../read/advice.ts';
import { answerFit, chooseWorkers, findBestFile } from '../read/best-file.ts';
import { nearestCopies } from '../read/nearest-copies.ts';
import { openMatrix } from '../read/node.ts';
import type { Extras } from './explain.ts';
import type { QueryOptions } from './options.ts';

export interface Explained {
  readonly model: MatrixModel;
  readonly extras: Extras;
}

/** @throws DataError when the Hub does not give the model, saying why. */
export async function lookUpLive(id: string, options: QueryOptions): Promise<Explained> {
  const { device, worker } = options;
  const facts = await extractMetadataFromHf(id, options);
  const { bitsPerWeight } = bundledTables();
  const workers = listWorkerBinaries();
  const verdicts = new Map(workers.map((worker) => [worker.id, checkCompatibility(facts, worker)]));
  const model = { id: facts.id, facts, verdicts, detailed: true };
  return {
    model,
    extras: {
      workers,
      copies: [],
      nearest: new Map(),
      advice: adviseMemory(model, workers, bitsPerWeight),
      fit:
        device === undefined
          ? undefined
          : answerFit({ models: [model], bitsPerWeight }, chooseWorkers(workers, worker), {
              deviceGb: device,
            }),
    },
  };
}

/**
 * One model as an out/ knows it, with its copies and the memory that it takes.
 *
 * @throws DataError when `out` does not know it.
 */
export async function lookUpBuilt(id: string, options: QueryOptions): Promise<Explained> {
  const { out, device, worker } = options;
  const matrix = await openMatrix(out);
  const model = await matrix.model(id);
  if (model === undefined) throw new DataError(`${out} does not know ${id}. Try --live to ask the Hub.`);
  const workers = await matrix.workers();
  const bitsPerWeight = await matrix.bitsPerWeight();
  return {
    model,
    extras: {
      workers,
      copies: await matrix.copiesOf(model),
      nearest: await nearestCopies(matrix, model, workers),
      advice: adviseMemory(model, workers, bitsPerWeight),
      fit: device === undefined ? undefined : await findBestFile(matrix, model, { deviceGb: device, worker }),
    },
  };
}

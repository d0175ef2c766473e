/**
 * Looks up one model with all that `explain` shows: from an out/, or from the Hub, judged by today's worker
 * files.
 */

import { listWorkerBinaries } from '../api/bundled.ts';
import { bundledTables } from '../api/bundled-tables.ts';
import { extractMetadataFromHf } from '../api/live.ts';
import { workersOf } from '../data/named-workers.ts';
import type { Worker } from '../data/worker.ts';
import { checkCompatibility } from '../evaluate/index.ts';
import type { MatrixModel } from '../format/decode.ts';
import { readAskedId } from '../lib/hub.ts';
import { adviseMemory } from '../read/advice.ts';
import { answerFit, type Copies, type FitAnswer, type FittingWorker, readCopies } from '../read/best-file.ts';
import type { Matrix } from '../read/index.ts';
import { nearestCopies } from '../read/nearest-copies.ts';
import type { Extras } from './explain.ts';
import { findModel } from './find-model.ts';
import type { ExplainOptions } from './query-options.ts';

export interface Explained {
  readonly model: MatrixModel;
  readonly extras: Extras;
}

/** Looks a model up on the Hub. @throws DataError when the Hub does not give the model, saying why. */
export async function lookUpLive(options: ExplainOptions): Promise<Explained> {
  const { asked, endpoint, token } = options;
  const facts = await extractMetadataFromHf(readAskedId(asked), { endpoint, token });
  const { bitsPerWeight } = bundledTables();
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
      advice: adviseMemory(model, workers, bitsPerWeight),
      fit: fitOf({ models: [model], bitsPerWeight }, workers, options),
    },
  };
}

/**
 * Looks a model up in an out/, with its copies and the memory that it takes.
 *
 * @throws DataError when the out/ lacks it, with the nearest ids.
 */
export async function lookUpBuilt(
  matrix: Matrix,
  options: Pick<ExplainOptions, 'asked' | 'outName' | 'device' | 'workers'>,
): Promise<Explained> {
  const { asked, outName, device } = options;
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
      fit: device === undefined ? undefined : fitOf(await readCopies(matrix, model), workers, options),
    },
  };
}

/** Returns the best file for the device that was asked for, on the workers that were. */
function fitOf(
  copies: Copies,
  workers: readonly (FittingWorker & Pick<Worker, 'program'>)[],
  { device, workers: names }: Pick<ExplainOptions, 'device' | 'workers'>,
): FitAnswer | undefined {
  return device === undefined
    ? undefined
    : answerFit(copies, workersOf(names, workers), { deviceGb: device });
}

/** Returns the same answer about some workers alone. */
export function onlyWorkers({ model, extras }: Explained, ids: ReadonlySet<string>): Explained {
  return {
    model: { ...model, verdicts: new Map([...model.verdicts].filter(([id]) => ids.has(id))) },
    extras: { ...extras, workers: extras.workers.filter(({ id }) => ids.has(id)) },
  };
}

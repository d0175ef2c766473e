/** One model with all that `explain` tells: from an out/, or straight from the Hub, judged by today's worker files. */
import { adviseMemory } from './advice.ts';
import { fetchModel } from './crawl/model.ts';
import { parseRecord } from './crawl/record.ts';
import { checkCompatibility } from './evaluate/index.ts';
import type { Extras } from './explain.ts';
import { extractMetadata } from './extract/index.ts';
import { DataError } from './lib/errors.ts';
import { DATA_DIR, WORKERS_GLOB } from './lib/paths.ts';
import type { QueryOptions } from './options.ts';
import type { MatrixModel } from './read/decode.ts';
import { openMatrix } from './read/node.ts';
import { loadTables } from './tables/index.ts';
import { loadWorkers } from './workers/load.ts';

export interface Explained {
  readonly model: MatrixModel;
  readonly extras: Extras;
}

/** @throws DataError when the Hub does not give the model, saying why. */
export async function lookUpLive(id: string, options: QueryOptions): Promise<Explained> {
  const record = await fetchModel(id, options);
  const parsed = parseRecord(record);
  if (!parsed.ok) throw new DataError(`The Hub's answer for ${id} cannot be used: ${parsed.reason}.`);
  const tables = loadTables(DATA_DIR);
  const facts = extractMetadata(parsed.record, tables);
  const workers = loadWorkers(WORKERS_GLOB);
  const verdicts = new Map(workers.map((worker) => [worker.id, checkCompatibility(facts, worker)]));
  const model = { id: facts.id, facts, verdicts, detailed: true };
  return { model, extras: { copies: [], advice: adviseMemory(model, facts.attention, workers, tables) } };
}

/**
 * One model as an out/ knows it, with its copies and the memory that it takes.
 *
 * @throws DataError when `out` does not know it.
 */
export async function lookUpBuilt(id: string, { out }: QueryOptions): Promise<Explained> {
  const matrix = await openMatrix(out);
  const model = await matrix.model(id);
  if (model === undefined) throw new DataError(`${out} does not know ${id}. Try --live to ask the Hub.`);
  const [workers, attention, tables] = [
    await matrix.workers(),
    await matrix.attentionOf(model),
    loadTables(DATA_DIR),
  ];
  return {
    model,
    extras: { copies: await matrix.copiesOf(model), advice: adviseMemory(model, attention, workers, tables) },
  };
}

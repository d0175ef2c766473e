/** One model straight from the Hub, judged by today's worker files, in the shape that out/ gives. */
import { fetchModel } from './crawl/hub.ts';
import { parseRecord } from './crawl/record.ts';
import { checkCompatibility } from './evaluate/index.ts';
import { extractMetadata } from './extract/index.ts';
import { DataError } from './lib/errors.ts';
import type { QueryOptions } from './options.ts';
import { DATA_DIR, WORKERS_GLOB } from './paths.ts';
import type { MatrixModel } from './read/decode.ts';
import { loadTables } from './tables.ts';
import { loadWorkers } from './workers/load.ts';

/** @throws DataError when the Hub does not give the model, saying why. */
export async function lookUpLive(id: string, options: QueryOptions): Promise<MatrixModel> {
  const record = await fetchModel(id, options);
  const parsed = parseRecord(record);
  if (!parsed.ok) throw new DataError(`The Hub's answer for ${id} cannot be used: ${parsed.reason}.`);
  const model = extractMetadata(parsed.record, await loadTables(DATA_DIR));
  const workers = await loadWorkers(WORKERS_GLOB);
  const verdicts = new Map(workers.map((worker) => [worker.id, checkCompatibility(model, worker)]));
  return { id: model.id, facts: model, verdicts, detailed: true };
}

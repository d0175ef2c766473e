/** The plain implementation: everything in memory, every pair an object, a file a model. What the pipeline is measured against. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTables } from '../../pipeline/data/load-tables.ts';
import { loadWorkers } from '../../pipeline/data/workers.ts';
import { checkCompatibility } from '../../pipeline/evaluate/index.ts';
import { extractMetadata } from '../../pipeline/extract/index.ts';
import { parseRecord } from '../../pipeline/extract/record.ts';
import { prefixOf } from '../../pipeline/format/prefix-of.ts';

const [source = '', out = '', pattern = ''] = process.argv.slice(2);
const tables = loadTables();
const workers = loadWorkers(pattern);

const models = readFileSync(source, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .flatMap((line) => {
    const parsed = parseRecord(JSON.parse(line));
    return parsed.ok ? [extractMetadata(parsed.record, tables)] : [];
  });
const results = models.map((model) => ({
  model,
  verdicts: Object.fromEntries(workers.map((worker) => [worker.id, checkCompatibility(model, worker)])),
}));
const allowed = results.filter(({ verdicts }) =>
  Object.entries(verdicts).some(([id, { compatible }]) => /^(?:llm|sd)-worker-rbee/.test(id) && compatible),
);
mkdirSync(join(out, 'models'), { recursive: true });
const shards = new Map<string, typeof results>();
for (const result of results) {
  const name = (prefixOf(result.model.id) >>> 6).toString(16);
  shards.set(name, [...(shards.get(name) ?? []), result]);
}
for (const [name, shard] of shards) writeFileSync(join(out, 'models', `${name}.json`), JSON.stringify(shard));
writeFileSync(join(out, 'allowlist.json'), JSON.stringify(allowed.map(({ model }) => model.id).sort()));

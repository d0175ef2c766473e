/**
 * Does the pipeline's work in SQL, by DuckDB: `duckdb.ts SOURCE OUT WORKERS THREADS`. It parses all columns that the
 * pipeline uses, classifies the files, groups them into variants, judges them by what workers accept, and writes the
 * facts and verdicts of each model as partitioned JSON, and the allowlist. Its rules are the pipeline's in short: it
 * writes codes without sentences, and takes nothing from base models. It prints JSON.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { loadWorkers } from '../../pipeline/data/workers.ts';
import { acceptTables, classifyFiles, EXTRACT, evaluate, readListing, writeModels } from './duckdb-sql.ts';

interface Quantizations {
  readonly gguf: {
    readonly labels: object;
    readonly mixes: object;
    readonly forkOnly: object;
    readonly aliases: Readonly<Record<string, string>>;
  };
}

const [source = '', out = '', pattern = '', threads = '2'] = process.argv.slice(2);
const { gguf } = JSON.parse(readFileSync('data/quantizations.json', 'utf8')) as Quantizations;
const labels = [gguf.labels, gguf.mixes, gguf.forkOnly].flatMap((group) => Object.keys(group));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const settings = { threads, preserve_insertion_order: 'false' };
const connection = await (await DuckDBInstance.create(':memory:', settings)).connect();
const seconds: Record<string, number> = {};

async function step(name: string, sql: string): Promise<void> {
  const started = performance.now();
  await connection.run(sql);
  seconds[name] = (performance.now() - started) / 1000;
}

const workers = loadWorkers(pattern);
const gate = new Set(loadWorkers('data/workers/rbee/*.json').map(({ id }) => id));
await step('accepts', acceptTables(workers));
await step('read', readListing(source));
await step('classify', classifyFiles(labels, gguf.aliases));
await step('extract', EXTRACT);
await step('evaluate', evaluate([...workers.keys()].filter((at) => gate.has(workers[at]?.id ?? ''))));
await step('write', writeModels(out));
const allowed = await connection.runAndReadAll(
  'SELECT id FROM listing JOIN judged USING (m) WHERE runs ORDER BY id',
);
const ids = allowed.getRowObjects().map(({ id }) => String(id));
writeFileSync(join(out, 'allowlist.json'), `[\n${ids.map((id) => JSON.stringify(id)).join(',\n')}\n]\n`);
console.log(JSON.stringify({ seconds, allowed: ids.length }));

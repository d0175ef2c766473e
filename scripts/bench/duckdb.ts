/** The allowlist of a synthetic Hub by SQL: DuckDB reads the same file and joins it with what the gate workers accept. */
import { writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { loadWorkers } from '../../pipeline/data/workers.ts';

const [source = '', out = '', threads = '2'] = process.argv.slice(2);
const gate = loadWorkers('data/workers/rbee/llm-worker-rbee.json').slice(0, 1);
const accepts = gate.flatMap(({ accepts: ways }) => ways);
const quoted = (names: readonly string[]) => names.map((name) => `('${name}')`).join(', ');
const namesOf = (format: string) =>
  quoted(accepts.filter((way) => way.format === format).flatMap((way) => way.match.names));
const labels = quoted(
  accepts.filter(({ format }) => format === 'gguf').flatMap(({ quantizations }) => quantizations),
);

const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect();
await connection.run(`
  CREATE TABLE types AS SELECT * FROM (VALUES ${namesOf('safetensors')}) AS t(name);
  CREATE TABLE ggufs AS SELECT * FROM (VALUES ${namesOf('gguf')}) AS t(name);
  CREATE TABLE labels AS SELECT * FROM (VALUES ${labels}) AS t(name);
  CREATE TABLE models AS SELECT * FROM read_ndjson('${source}', columns = {
    id: 'VARCHAR', gated: 'JSON', disabled: 'BOOLEAN', private: 'BOOLEAN', pipeline_tag: 'VARCHAR',
    config: 'STRUCT(model_type VARCHAR, architectures VARCHAR[], quantization_config STRUCT(quant_method VARCHAR), peft JSON)',
    gguf: 'STRUCT(architecture VARCHAR, total BIGINT)', safetensors: 'STRUCT(parameters MAP(VARCHAR, BIGINT), total BIGINT)',
    siblings: 'STRUCT(rfilename VARCHAR)[]' });
`);
const reader = await connection.runAndReadAll(`
  WITH files AS (SELECT id, unnest(siblings).rfilename AS name FROM models WHERE gguf IS NOT NULL),
  runnable AS (
    SELECT DISTINCT id FROM files
    JOIN labels ON lower(files.name) LIKE '%.' || lower(labels.name) || '.gguf'
  )
  SELECT m.id FROM models m JOIN types ON types.name = m.config.model_type
  WHERE NOT m.disabled AND NOT m.private AND m.safetensors.total >= 5000000
    AND m.config.quantization_config.quant_method IS NULL
    AND m.config.architectures[1] LIKE '%ForCausalLM'
    AND list_contains(list_transform(m.siblings, f -> f.rfilename), 'config.json')
    AND list_contains(list_transform(m.siblings, f -> f.rfilename), 'tokenizer.json')
    AND len(list_filter(m.siblings, f -> f.rfilename LIKE 'model%.safetensors')) > 0
  UNION
  SELECT m.id FROM models m JOIN ggufs ON ggufs.name = m.gguf.architecture JOIN runnable USING (id)
  WHERE NOT m.disabled AND NOT m.private
  ORDER BY 1
`);
const ids = reader.getRowObjects().map(({ id }) => String(id));
writeFileSync(out, `[\n${ids.map((id) => JSON.stringify(id)).join(',\n')}\n]\n`);

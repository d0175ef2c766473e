/**
 * The SQL of duckdb.ts: it derives facts, variants and verdicts of every model from a listing and the accepts of workers.
 */
import type { Accept, Worker } from '../../pipeline/data/worker.ts';

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const list = (values: readonly string[]) => `[${values.map(text).join(', ')}]::VARCHAR[]`;

/** Returns SQL that parses every column that the pipeline uses. */
export function readListing(source: string): string {
  return `
    CREATE TABLE listing AS SELECT row_number() OVER () AS m, * FROM read_ndjson(${text(source)}, columns = {
      _id: 'VARCHAR', id: 'VARCHAR', sha: 'VARCHAR', createdAt: 'VARCHAR', lastModified: 'VARCHAR',
      private: 'BOOLEAN', gated: 'JSON', disabled: 'BOOLEAN', downloads: 'BIGINT', likes: 'BIGINT',
      trendingScore: 'DOUBLE', pipeline_tag: 'VARCHAR', library_name: 'VARCHAR', tags: 'VARCHAR[]', cardData: 'JSON',
      baseModels: 'STRUCT(relation VARCHAR, models STRUCT(id VARCHAR)[])',
      config: 'STRUCT(model_type VARCHAR, architectures VARCHAR[], quantization_config STRUCT(quant_method VARCHAR, bits INTEGER), peft JSON)',
      gguf: 'STRUCT(architecture VARCHAR, total BIGINT, context_length BIGINT)',
      safetensors: 'STRUCT(parameters MAP(VARCHAR, BIGINT), total BIGINT)',
      siblings: 'STRUCT(rfilename VARCHAR)[]' });`;
}

/** Returns SQL that writes each distinct accept once, with the workers that have it. */
export function acceptTables(workers: readonly Worker[]): string {
  const accepts = new Map<string, { readonly accept: Accept; readonly workers: number[] }>();
  for (const [at, worker] of workers.entries())
    for (const accept of worker.accepts) {
      const key = JSON.stringify(accept);
      const known = accepts.get(key) ?? { accept, workers: [] };
      known.workers.push(at);
      accepts.set(key, known);
    }
  const rows = [...accepts.values()].map(({ accept }, at) => acceptRow(accept, at));
  const pairs = [...accepts.values()].flatMap((row, at) => row.workers.map((worker) => `(${at}, ${worker})`));
  return `
    CREATE TABLE workers AS SELECT * FROM (VALUES ${workers.map(({ id }, at) => `(${at}, ${text(id)})`).join(', ')}) AS t(worker, id);
    CREATE TABLE accepts AS SELECT * FROM (VALUES ${rows.join(', ')})
      AS t(accept, format, layouts, kinds, tasks, match_by, names, quantizations, except_quantizations, split, required);
    CREATE TABLE accept_workers AS SELECT * FROM (VALUES ${pairs.join(', ')}) AS t(accept, worker);`;
}

function acceptRow(accept: Accept, at: number): string {
  const lists = [accept.quantizations, accept.exceptQuantizations].map(list);
  const names = list(accept.match.names);
  return `(${at}, ${text(accept.format)}, ${list(accept.layouts)}, ${list(accept.kinds)}, ${list(accept.tasks)},
    ${text(accept.match.by)}, ${names}, ${lists.join(', ')}, ${accept.splitWeights}, ${list(accept.requiredFiles)})`;
}

/** Returns SQL that finds for every file whether it is weights, its format and label, and which part it is. */
export function classifyFiles(labels: readonly string[], aliases: Readonly<Record<string, string>>): string {
  const rows = [...labels.map((label) => [label, label]), ...Object.entries(aliases)];
  const pairs = rows.map(([name = '', label = '']) => `(${text(name.toLowerCase())}, ${text(label)})`);
  return `
    CREATE TABLE labels AS SELECT * FROM (VALUES ${pairs.join(', ')}) AS t(name, label);
    CREATE TABLE weights AS
    WITH paths AS (SELECT m, unnest(siblings).rfilename AS path FROM listing),
    named AS (
      SELECT m, parse_dirpath(path, 'forward_slash') AS folder, lower(parse_filename(path, false, 'forward_slash')) AS base,
        string_split(path, '.')[-1] AS extension
      FROM paths),
    candidates AS (
      SELECT * FROM named WHERE extension IN ('gguf', 'safetensors', 'bin', 'pt', 'pth', 'ckpt', 'onnx', 'h5', 'pb', 'msgpack')
        OR contains(base, '.gguf')),
    classified AS (
      SELECT m, folder, base, CASE
          WHEN extension = 'gguf' THEN CASE WHEN regexp_matches(base,
            '(^|[._-])(mm-?proj|imatrix)|^ggml-vocab|^(mtp|dflash|eagle3?|tokenizer|vocoder|vae)-|[._-](draft|adapter)\\.gguf$')
            THEN NULL ELSE 'gguf' END
          WHEN contains(base, '.gguf') THEN 'gguf'
          WHEN regexp_matches(base, '^(optimizer|scheduler|scaler|rng_state|training_args|random_states|trainer_state)') THEN NULL
          WHEN extension = 'safetensors' THEN CASE WHEN regexp_matches(base, 'adapter_model|(^|[._-])q?lora([._-]|$)')
            THEN 'adapter' ELSE 'safetensors' END
          WHEN extension = 'bin' THEN CASE WHEN starts_with(base, 'adapter_') THEN 'adapter'
            WHEN starts_with(base, 'openvino') THEN 'openvino' ELSE 'pytorch' END
          WHEN extension IN ('pt', 'pth', 'ckpt') THEN 'pytorch'
          WHEN extension = 'onnx' THEN 'onnx'
          WHEN extension IN ('h5', 'pb') THEN 'tensorflow'
          ELSE 'flax' END AS format
      FROM candidates
      WHERE CASE WHEN folder = '' THEN true
        ELSE NOT regexp_matches(folder, '(^|/)(checkpoint-\\d+|\\.[^/]*|\\d+_\\w+|voices?|\\w*tokenizer)(/|$)') END)
    SELECT m, folder, format, CASE WHEN contains(base, '-of-') THEN regexp_extract(base, '\\d-of-(\\d{1,6})\\.', 1) END AS total,
      CASE WHEN format <> 'gguf' THEN '' WHEN contains(base, '-of-') THEN regexp_replace(base, '[-_]*\\d{1,6}-of-', '') ELSE base END AS stem,
      CASE WHEN format = 'gguf' THEN regexp_extract(base,
        '(?:^|[._-])((?:i?q\\d|tq\\d|bf16|fp?16|fp?32|mxfp4|nvfp4)[a-z0-9_]*)', 1) END AS label
    FROM classified WHERE format IS NOT NULL;`;
}

/** Groups files into the variants that a person chooses from, and reads what each model is. */
export const EXTRACT = `
  CREATE TABLE heads AS
  SELECT m, list_transform(siblings, file -> file.rfilename) AS names, config.model_type AS model_type,
    config.architectures[1] AS class, gguf.architecture AS gguf_name, coalesce(disabled OR private, false) AS withheld,
    CASE WHEN config.quantization_config IS NOT NULL THEN coalesce(config.quantization_config.quant_method, 'mlx')
      ELSE list_max(list_transform(map_entries(safetensors.parameters), e -> {n: e.value, type: e.key})).type END AS stored,
    coalesce(safetensors.total, gguf.total) AS total_parameters
  FROM listing;
  CREATE TABLE variants AS
  SELECT m, list_sort(list(DISTINCT {format: format, layout: layout, label: label, split: parts > 1, missing: wanted > parts})) AS variants
  FROM (
    SELECT w.m, w.format, CASE WHEN list_contains(h.names, 'model_index.json') THEN 'diffusers'
        WHEN w.folder = '' THEN 'root' ELSE 'folder' END AS layout,
      coalesce(CASE WHEN w.format = 'gguf' THEN a.label ELSE h.stored END, 'undeclared') AS label,
      count(*) AS parts, coalesce(max(TRY_CAST(w.total AS INTEGER)), 1) AS wanted
    FROM weights w JOIN heads h USING (m) LEFT JOIN labels a ON a.name = w.label
    GROUP BY w.m, w.format, layout, w.folder, w.stem, h.stored, a.label
  ) WHERE format <> 'adapter' GROUP BY m;
  CREATE TABLE facts AS
  SELECT * REPLACE (CASE WHEN kind = 'model' AND (task IS NULL OR task IN ('text2text-generation', 'translation', 'summarization',
      'question-answering') OR class LIKE '%ForCausalLM' AND task = 'image-text-to-text') THEN 'text-generation' ELSE task END AS task)
  FROM (SELECT l.m, h.withheld, h.model_type, h.class, h.gguf_name, l.pipeline_tag AS task, v.variants,
    list_filter(['config.json', 'tokenizer.json', 'model_index.json', 'mlc-chat-config.json', 'params.json'],
      name -> list_contains(h.names, name)) AS companions,
    CASE WHEN v.variants IS NULL AND (list_contains(h.names, 'adapter_config.json') OR l.config.peft IS NOT NULL) THEN 'adapter'
      WHEN list_contains(h.names, 'model_index.json') THEN 'diffusion-pipeline'
      WHEN h.total_parameters < 5000000 AND h.class LIKE '%ForCausalLM' THEN 'stub'
      WHEN l.pipeline_tag IN ('sentence-similarity', 'feature-extraction') THEN 'embedding'
      WHEN l.pipeline_tag = 'text-ranking' THEN 'reranker'
      WHEN h.class LIKE '%ForCausalLM' OR h.class LIKE '%LMHeadModel' THEN 'model'
      WHEN h.class LIKE '%Classification' THEN 'classifier'
      WHEN h.class LIKE '%ForConditionalGeneration' THEN
        CASE WHEN h.model_type IN ('t5', 'bart', 'mbart', 'mt5', 'marian', 'whisper') THEN 'encoder-decoder' ELSE 'vision-language' END
      WHEN h.gguf_name LIKE '%bert%' THEN 'embedding'
      WHEN h.gguf_name IS NOT NULL THEN 'model'
      WHEN h.class LIKE '%Model' THEN 'embedding'
      WHEN h.class IS NOT NULL THEN 'other' END AS kind
  FROM listing l JOIN heads h USING (m) LEFT JOIN variants v USING (m));`;

/**
 * Returns SQL that judges each distinct set of facts once by each distinct accept: the first rule that fails is the
 * reason. Workers at the places of `gate` decide the allowlist.
 */
export function evaluate(gate: readonly number[]): string {
  return `
  CREATE TABLE signatures AS SELECT row_number() OVER () AS signature, * FROM (
    SELECT DISTINCT withheld, kind, task, model_type, class, gguf_name, companions, variants FROM facts);
  CREATE TABLE findings AS
  WITH routes AS (
    SELECT s.signature, s.withheld, s.kind, s.task, s.companions, a.*, CASE a.match_by WHEN 'model_type' THEN s.model_type
        WHEN 'class' THEN s.class WHEN 'gguf' THEN s.gguf_name ELSE '' END AS name,
      list_filter(coalesce(s.variants, []), v -> v.format = a.format AND list_contains(a.layouts, v.layout)) AS candidates
    FROM signatures s CROSS JOIN accepts a),
  read AS (
    SELECT *, list_filter(candidates, v -> CASE WHEN list_contains(quantizations, 'any')
      THEN NOT list_contains(except_quantizations, v.label) ELSE list_contains(quantizations, v.label) END) AS passing
    FROM routes)
  SELECT signature, accept, CASE
    WHEN withheld THEN 'repo_disabled'
    WHEN kind IS NULL THEN 'kind_unknown'
    WHEN NOT list_contains(kinds, kind) THEN 'kind_unsupported'
    WHEN NOT list_contains(tasks, 'any') AND task IS NULL THEN 'task_unknown'
    WHEN NOT list_contains(tasks, 'any') AND NOT list_contains(tasks, task) THEN 'task_unsupported'
    WHEN len(candidates) = 0 THEN 'format_unsupported'
    WHEN match_by <> 'any' AND name IS NULL THEN 'architecture_unknown'
    WHEN match_by = 'repo' THEN 'repo_not_listed'
    WHEN match_by <> 'any' AND NOT list_contains(names, name) THEN 'architecture_unsupported'
    WHEN len(passing) = 0 AND len(list_filter(candidates, v -> v.label = 'undeclared')) > 0 THEN 'quantization_unknown'
    WHEN len(passing) = 0 THEN 'quantization_unsupported'
    WHEN len(list_filter(passing, v -> NOT v.missing)) = 0 THEN 'weights_incomplete'
    WHEN NOT split AND len(list_filter(passing, v -> NOT v.split)) = 0 THEN 'split_weights_unsupported'
    WHEN NOT list_has_all(companions, required) THEN 'file_missing'
    ELSE 'compatible' END AS code
  FROM read;
  CREATE TABLE rows AS
  SELECT signature, list(code ORDER BY worker) AS codes FROM (
    SELECT signature, worker, CASE WHEN bool_or(code = 'compatible') THEN 'compatible'
      ELSE coalesce(min(code) FILTER (code LIKE '%_unknown'), min(code)) END AS code
    FROM findings JOIN accept_workers USING (accept) GROUP BY signature, worker)
  GROUP BY signature;
  CREATE TABLE verdicts AS SELECT row_number() OVER () AS verdict, codes FROM (SELECT DISTINCT codes FROM rows);
  CREATE TABLE judged AS
  SELECT f.m, v.verdict, list_contains(list_select(v.codes, [${gate.map((at) => at + 1).join(', ')}]), 'compatible') AS runs
  FROM facts f JOIN signatures s ON f.withheld = s.withheld AND f.kind IS NOT DISTINCT FROM s.kind
    AND f.task IS NOT DISTINCT FROM s.task AND f.model_type IS NOT DISTINCT FROM s.model_type
    AND f.class IS NOT DISTINCT FROM s.class AND f.gguf_name IS NOT DISTINCT FROM s.gguf_name
    AND f.companions = s.companions AND f.variants IS NOT DISTINCT FROM s.variants
  JOIN rows r USING (signature) JOIN verdicts v ON v.codes = r.codes;`;
}

/**
 * The options that write JSON lines in folders. DuckDB partitions CSV and not JSON, so the JSON is the only column of a
 * CSV.
 */
const LINES =
  "FORMAT csv, PARTITION_BY (prefix), HEADER false, QUOTE '', ESCAPE '', DELIMITER '\\t', FILE_EXTENSION 'jsonl', OVERWRITE";

/**
 * Returns SQL that writes facts, variants and the key of the verdicts of each model, in 256 folders by a prefix of its
 * hash.
 */
export function writeModels(out: string): string {
  return `
    COPY (
      SELECT left(sha256(l.id), 2) AS prefix, to_json({id: l.id, sha: l.sha, createdAt: l.createdAt,
        lastModified: l.lastModified, gated: l.gated, library: l.library_name, base: l.baseModels,
        contextLength: l.gguf.context_length, parameters: h.total_parameters,
        license: list_filter(l.tags, tag -> starts_with(tag, 'license:')), kind: f.kind, task: f.task,
        modelType: f.model_type, class: f.class, ggufName: f.gguf_name, companions: f.companions,
        variants: f.variants, verdict: j.verdict}) AS line
      FROM listing l JOIN facts f USING (m) JOIN heads h USING (m) JOIN judged j USING (m)
    ) TO ${text(`${out}/models`)} (${LINES});
    COPY (SELECT verdict, codes FROM verdicts ORDER BY verdict) TO ${text(`${out}/verdicts.json`)} (FORMAT json);
    COPY (SELECT left(sha256(id), 2) AS prefix, to_json({id: id, downloads: downloads, likes: likes, trend: trendingScore}) AS line
      FROM listing) TO ${text(`${out}/volatile`)} (${LINES});`;
}

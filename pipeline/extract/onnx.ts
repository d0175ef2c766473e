/** Reads which ONNX graph a file belongs to, and in which precision. */
import { field, isObject, type JsonObject } from '../lib/json.ts';
import type { FileFacts } from './file-facts.ts';
import { type Fact, known, ONNX_PRECISIONS } from './metadata.ts';

/** Returns the name of the graph: `decoder_model_merged_q4.onnx_data_1` -> `decoder_model_merged_q4`. */
export function graphOf(base: string): string {
  const at = base.indexOf('.onnx');
  return at < 0 ? base : base.slice(0, at);
}

function isGraph({ base }: Pick<FileFacts, 'base'>): boolean {
  return base.endsWith('.onnx');
}

/** Returns the precision of a file; unknown outside `onnx/` where the name has no ending. */
export function onnxPrecision({ base, folder }: Pick<FileFacts, 'base' | 'folder'>): Fact<string> {
  const graph = graphOf(base);
  const ending = graph.slice(graph.lastIndexOf('_') + 1);
  const precision = ONNX_PRECISIONS.get(ending);
  if (precision !== undefined) return known(precision, 'file-name');
  return /(?:^|\/)onnx$/.test(folder) ? known('fp32', 'file-name') : 'unknown';
}

/** Graph file -> files of data that transformers.js loads with it; undefined where config.json was not read. */
export type DataFiles = (graph: string) => number | undefined;

/**
 * Reads `use_external_data_format` of `transformers.js_config`: a number, a flag, or either for each graph.
 */
export function dataFilesOf(config: JsonObject | undefined): DataFiles {
  if (config === undefined) return () => undefined;
  const stated = field(field(config, 'transformers.js_config'), 'use_external_data_format');
  return (graph) => {
    const own = isObject(stated)
      ? (field(stated, `${graph}.onnx`) ?? field(stated, graph.replace(/_[a-z0-9]+$/, '')))
      : stated;
    if (typeof own === 'boolean') return own ? 1 : 0;
    return typeof own === 'number' && Number.isInteger(own) && own >= 0 ? Math.min(own, 1_000) : 0;
  };
}

/**
 * Returns how many files of data a choice lacks; unknown where it has some and config.json does not give
 * their number.
 */
export function missingData(files: readonly FileFacts[], dataFiles: DataFiles): number | 'unknown' {
  let missing = 0;
  for (const graph of files.filter(isGraph)) {
    const name = graphOf(graph.base);
    const found = files.filter(
      (file) => !isGraph(file) && file.folder === graph.folder && graphOf(file.base) === name,
    ).length;
    const promised = dataFiles(name);
    if (promised === undefined && found > 0) return 'unknown';
    missing += Math.max(0, (promised ?? 0) - found);
  }
  return missing;
}

/** Small models and helpers for tests. */

import { loadTables } from '../data/load-tables.ts';
import { extractMetadata } from '../extract/index.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { parseRecord } from '../extract/record.ts';

export const tables = loadTables();

/**
 * Returns the model of a listing record with these file names and other fields, through the functions that read the Hub's
 * records.
 */
export function modelOf(
  files: readonly string[],
  rest: Readonly<Record<string, unknown>> = {},
): ModelMetadata {
  const parsed = parseRecord({
    id: 'owner/name',
    gated: false,
    siblings: files.map((rfilename) => ({ rfilename })),
    ...rest,
  });
  if (!parsed.ok) throw new Error(`The test's record is rejected: ${parsed.reason}`);
  return extractMetadata(parsed.record, tables);
}

/** The usual files of a safetensors language model. */
export const LLM_FILES = ['config.json', 'tokenizer.json', 'model.safetensors'] as const;

export function llm(
  modelType: string,
  architecture: string,
  rest: Readonly<Record<string, unknown>> = {},
): ModelMetadata {
  return modelOf(LLM_FILES, {
    pipeline_tag: 'text-generation',
    config: { model_type: modelType, architectures: [architecture] },
    safetensors: { parameters: { BF16: 1_100_048_384 }, total: 1_100_048_384 },
    ...rest,
  });
}

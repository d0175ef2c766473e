/** Reads the shape of a model's attention from the best source that has it. */
import type { SizedAttention, Tables } from '../data/tables.ts';
import type { ArchitectureFacts } from './architecture.ts';
import { readAttention } from './attention.ts';
import { type Configs, textConfig } from './config.ts';
import { statesShape } from './defaults.ts';
import { readHeaderAttention } from './gguf-header.ts';
import { type Attention, type Fact, factValue, type Variant } from './metadata.ts';
import type { HubRecord } from './record.ts';

/** The facts about a model beside its config. */
export interface AttentionFacts {
  readonly record: Pick<HubRecord, 'ggufHeader'>;
  readonly configs: Configs;
  readonly tables: Pick<Tables, 'configDefaults' | 'attentionBySize'>;
  readonly architecture: Pick<ArchitectureFacts, 'modelType' | 'ggufArchitecture'>;
  readonly variants: readonly Variant[];
  /** The count of weights. */
  readonly total: Fact<number>;
}

/**
 * Returns the shape from config.json, else from the header of a GGUF file, else that of well-known models of
 * the same key and as many weights. Copies may still take that of their base model.
 */
export function readModelAttention(facts: AttentionFacts): Attention | 'unknown' {
  const { configs, tables, record } = facts;
  const own = readAttention(configs, tables);
  if (own !== 'unknown') return own;
  const header = readHeaderAttention(record.ggufHeader);
  if (header !== 'unknown') return header;
  // A config that tells a shape which is not read tells at least that it may be another.
  const isTold = configs.file !== undefined && statesShape(textConfig(configs.file));
  return isTold ? 'unknown' : attentionOfSize(facts);
}

/**
 * The share by which counts may differ: fine-tuned models add few tokens to the vocabulary, less than 1 % of
 * the weights.
 */
const COUNT_TOLERANCE = 0.01;
/** The share by which a count from the size of a file and the average width of its label may differ. */
const SIZE_TOLERANCE = 0.03;

function attentionOfSize({ tables, architecture, variants, total }: AttentionFacts): Attention | 'unknown' {
  const gguf = variants.some(({ format }) => format === 'gguf');
  const key = factValue(gguf ? architecture.ggufArchitecture : architecture.modelType);
  if (key === undefined) return 'unknown';
  const counted = factValue(total);
  const weights = counted ?? (gguf ? weightsByFile(variants) : undefined);
  if (weights === undefined) return 'unknown';
  const tolerance = counted === undefined ? SIZE_TOLERANCE : COUNT_TOLERANCE;
  const like = tables.attentionBySize.filter(
    (row) => row[gguf ? 'gguf' : 'modelTypes'].includes(key) && isNear(row, weights, tolerance),
  );
  const [groups, ...others] = new Set(like.map((row) => JSON.stringify(row.groups)));
  return groups === undefined || others.length > 0
    ? 'unknown'
    : { source: 'same-size', groups: JSON.parse(groups) as Attention['groups'] };
}

function isNear({ parameters }: SizedAttention, weights: number, tolerance: number): boolean {
  return parameters.some((count) => Math.abs(weights - count) <= tolerance * count);
}

/**
 * Returns the weights by the widest variant, which is the most exact: the layers of narrow ones differ more
 * in width.
 */
function weightsByFile(variants: readonly Variant[]): number | undefined {
  let widest = 0;
  let weights: number | undefined;
  for (const { format, sizeBytes, bitsPerWeight: bits } of variants) {
    if (format !== 'gguf' || sizeBytes === 'unknown' || bits === undefined || bits <= widest) continue;
    widest = bits;
    weights = (sizeBytes * 8) / bits;
  }
  return weights;
}

/**
 * Loads and validates architectures.json, quantizations.json and config-defaults.json of data/ as the tables
 * of extraction.
 */
import JSON5 from 'json5';
import * as z from 'zod';
import { loadDataFile } from './load.ts';
import {
  type ArchitectureTable,
  type ConfigDefaultTable,
  compileTables,
  type QuantizationTable,
  type Tables,
} from './tables.ts';
import { KINDS } from './vocabulary.ts';

const source = z.strictObject({ what: z.string(), from: z.string(), date: z.iso.date() });
const names = z.array(z.string().min(1)).exactOptional();
const byKind = z.partialRecord(z.enum(KINDS), z.array(z.string().min(1)));
const bits = z.number().positive().max(64).exactOptional();

const architectureFile = z.strictObject({
  $comment: z.string(),
  sources: z.array(source).min(1),
  families: z.record(z.string(), z.strictObject({ modelTypes: names, gguf: names, pipelines: names })),
  baseModels: z.record(
    z.string(),
    z.strictObject({
      family: z.string(),
      experts: z.number().int().min(2).exactOptional(),
      activeParameters: z.number().int().positive().exactOptional(),
    }),
  ),
  ggufKinds: byKind,
  classKinds: byKind,
  modelTypeKinds: byKind,
});

const quantizationFile = z.strictObject({
  $comment: z.string(),
  sources: z.array(source).min(1),
  gguf: z.strictObject({
    labels: z.record(
      z.string(),
      z.strictObject({ bitsPerWeight: bits, removed: z.boolean().exactOptional() }),
    ),
    mixes: z.record(z.string(), z.strictObject({ near: z.string() })),
    forkOnly: z.record(z.string(), z.strictObject({ bitsPerWeight: bits })),
    aliases: z.record(z.string(), z.string()),
  }),
  precisions: z.record(z.string(), z.number().positive().max(64)),
});

const number = z.number().int().positive().exactOptional();

const layerGroup = z.strictObject({
  layers: z.number().int().positive(),
  cache: z.enum(['full', 'window']),
  elementsPerToken: z.number().int().positive(),
  window: number,
});

const sizedAttention = z.strictObject({
  modelTypes: z.array(z.string().min(1)),
  gguf: z.array(z.string().min(1)),
  parameters: z.array(z.number().int().positive()).min(1),
  groups: z.array(layerGroup).min(1),
  from: z.string().min(1),
});

const configDefaultFile = z.strictObject({
  $comment: z.string(),
  sources: z.array(source).min(1),
  textOf: z.record(z.string(), z.string()),
  models: z.record(
    z.string(),
    z.strictObject({
      context: number,
      layers: number,
      heads: number,
      hidden: number,
      keyValueHeads: number,
      headDim: number,
      window: number,
      windowOff: z.boolean().exactOptional(),
      fullEvery: number,
      otherLayers: z.enum(['window', 'none']).exactOptional(),
      layersDiffer: z.boolean().exactOptional(),
      latent: z.boolean().exactOptional(),
      gatedDecoder: z.boolean().exactOptional(),
      tied: z.boolean().exactOptional(),
    }),
  ),
  attentionBySize: z.array(sizedAttention),
});

/** The contents of the files, validated: plain data, which can be passed to a thread. */
export interface TableFiles {
  readonly architectures: ArchitectureTable;
  readonly quantizations: QuantizationTable;
  readonly configDefaults: ConfigDefaultTable;
}

/** Loads the files. @throws DataError naming the file and the field that is wrong. */
export function loadTableFiles(): TableFiles {
  return {
    architectures: loadDataFile('architectures.json', architectureFile),
    quantizations: loadDataFile('quantizations.json', quantizationFile),
    configDefaults: loadDataFile('config-defaults.json', configDefaultFile),
  };
}

/** Loads the files and builds the tables. @throws DataError naming the file and the field that is wrong. */
export function loadTables(): Tables {
  return compileTableFiles(loadTableFiles());
}

export function compileTableFiles({ architectures, quantizations, configDefaults }: TableFiles): Tables {
  return compileTables(architectures, quantizations, configDefaults, JSON5.parse);
}

/**
 * Turns a HubRecord into ModelMetadata: every fact about a model that a verdict, a page or a report needs.
 * Pure.
 */

import type { Tables } from '../data/tables.ts';
import { COMPANIONS } from '../data/vocabulary.ts';
import { isObject } from '../lib/json.ts';
import { readActiveParameters, readExperts } from './active.ts';
import { type ArchitectureFacts, readArchitecture } from './architecture.ts';
import { readModelAttention } from './attention-source.ts';
import { readBaseModels, readLicense } from './card.ts';
import { type Configs, configField, readConfigs } from './config.ts';
import { readContextLength, readSlidingWindow } from './context.ts';
import type { FileFacts, SizedFile } from './file-facts.ts';
import { readKind } from './kind.ts';
import {
  type Fact,
  type Format,
  factValue,
  type Kind,
  known,
  type ModelMetadata,
  type Variant,
} from './metadata.ts';
import { dataFilesOf } from './onnx.ts';
import { readTotalParameters } from './parameters.ts';
import { type QuantizationFacts, readQuantization } from './quantization.ts';
import type { HubRecord } from './record.ts';
import { readFiles } from './repository-files.ts';
import { readTask } from './task.ts';
import { groupVariants, MAX_VARIANTS, sumSizes } from './variants.ts';

/**
 * Reads a listing record. Works on the listing alone; knows more when the record carries `configJson` and
 * sizes. Never throws: facts that cannot be read are `unknown`, and `notes` say so where a reader would
 * wonder.
 */
export function extractMetadata(record: HubRecord, tables: Tables): ModelMetadata {
  const { files, rootFiles } = readFiles(record);
  const configs = readConfigs(
    { listed: record.config, configJson: record.configJson, problem: record.configProblem },
    tables.parseLenient,
  );
  const ggufIsModel = describesModel(record, files, tables);
  const architecture = readArchitecture(record, configs, tables, ggufIsModel);
  const safetensorsBytes = rootSafetensorsBytes(files);
  const quantization = readQuantization(record, configs, {
    rootFiles,
    bytes: safetensorsBytes === 0 ? rootPickleBytes(files) : safetensorsBytes,
    described: files.some(({ format }) => format === 'safetensors' || format === 'pytorch'),
  });
  const variants = groupVariants(files, {
    tables,
    diffusers: rootFiles.has('model_index.json'),
    transformers: rootFiles.has('config.json'),
    configQuantization: quantization.label,
    storage: quantization.storage,
    dataFiles: dataFilesOf(configs.file),
  });
  return assemble({
    record,
    tables,
    files,
    rootFiles,
    configs,
    architecture,
    quantization,
    variants,
    safetensorsBytes,
    ggufIsModel,
  });
}

function bytesOfFormat(variants: readonly Variant[], format: Format): number | 'unknown' {
  return sumSizes(variants.filter((variant) => variant.format === format)) || 'unknown';
}

function rootPickleBytes(files: readonly SizedFile[]): number | 'unknown' {
  return sumSizes(files.filter(({ format, folder }) => format === 'pytorch' && folder === ''));
}

function rootSafetensorsBytes(files: readonly SizedFile[]): number | 'unknown' {
  return sumSizes(files.filter(isRootSafetensors));
}

function isRootSafetensors({ role, format, folder, base }: SizedFile): boolean {
  return role === 'weights' && format === 'safetensors' && folder === '' && !base.startsWith('consolidated');
}

interface Parts {
  readonly record: HubRecord;
  readonly tables: Tables;
  readonly files: readonly FileFacts[];
  readonly rootFiles: ReadonlySet<string>;
  readonly configs: Configs;
  readonly architecture: ArchitectureFacts;
  readonly quantization: QuantizationFacts;
  readonly variants: readonly Variant[];
  readonly safetensorsBytes: number | 'unknown';
  readonly ggufIsModel: boolean;
}

function assemble(parts: Parts): ModelMetadata {
  const { record, configs, architecture, quantization, variants } = parts;
  const base = parts.tables.baseModelOf(record);
  const ggufOnly =
    variants.some(({ format }) => format === 'gguf') &&
    variants.every(({ format }) => format !== 'safetensors');
  const total = readTotal(parts);
  const kind = architecture.disagree ? 'unknown' : kindOf(parts, total);
  return {
    id: record.id,
    sha: record.sha ?? 'unknown',
    kind,
    task: readTask(record, kind, architecture.architectureClass),
    modelType: architecture.modelType,
    architectureClass: architecture.architectureClass,
    otherClasses: architecture.otherClasses,
    ggufArchitecture: architecture.ggufArchitecture,
    architecture: architecture.architecture,
    variants,
    filesKnown: record.siblings !== undefined,
    companions: COMPANIONS.filter((name) => parts.rootFiles.has(name)),
    quantizationMethod: ggufOnly ? known('gguf', 'file-name') : quantization.method,
    parameters: { total, active: readActiveParameters(total, configs, base) },
    contextLength: readContextLength({
      record,
      configs,
      tables: parts.tables,
      ggufOnly,
      ggufIsModel: parts.ggufIsModel,
    }),
    slidingWindow: readSlidingWindow(configs),
    attention: readModelAttention({ record, configs, tables: parts.tables, architecture, variants, total }),
    // Written out: a spread into an object of this size costs as much as the rest of extraction.
    license: readLicense(record),
    gated: record.gated === undefined ? 'unknown' : record.gated === false ? 'no' : record.gated,
    private: record.private === true,
    disabled: record.disabled === true,
    downloads: record.downloads ?? 'unknown',
    likes: record.likes ?? 'unknown',
    trendingScore: record.trendingScore ?? 'unknown',
    createdAt: readDate(record.createdAt),
    lastModified: readDate(record.lastModified),
    customCode: isObject(configField(configs, 'auto_map')),
    baseModels: readBaseModels(record),
    experts: readExperts(configs, base),
    configRead: configs.file !== undefined,
    configUnreadable: configs.problem !== undefined,
    notes: notesOf(parts),
  };
}

function readTotal(parts: Parts): Fact<number> {
  const { record, configs, quantization, tables, variants } = parts;
  const hasSafetensors = variants.some(({ format }) => format === 'safetensors');
  return readTotalParameters({
    record,
    configs,
    method: quantization.method,
    tables,
    safetensorsBytes: hasSafetensors ? parts.safetensorsBytes : undefined,
    ggufBytes: bytesOfFormat(variants, 'gguf'),
    ggufIsModel: parts.ggufIsModel,
  });
}

function kindOf(
  { record, configs, variants, files, rootFiles, tables, architecture }: Parts,
  total: Fact<number>,
): Fact<Kind> {
  return readKind({
    record,
    configs,
    variants,
    files,
    rootFiles,
    tables,
    architectureClass: factValue(architecture.architectureClass),
    modelType: factValue(architecture.modelType),
    ggufArchitecture: factValue(architecture.ggufArchitecture),
    totalParameters: factValue(total),
  });
}

function notesOf({ record, configs, architecture, variants, ggufIsModel }: Parts): string[] {
  return [
    ...architecture.notes,
    ...configNotes(configs),
    ...variantNotes(variants),
    ...headerNotes(record, ggufIsModel),
  ];
}

/**
 * Returns a date as the Hub writes it: 2023-12-30T06:27:30.000Z, or the day alone; anything else is noise.
 */
function readDate(text: string | undefined): string | 'unknown' {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{1,20}Z)?$/.test(text) ? text : 'unknown';
}

function variantNotes(variants: readonly Variant[]): string[] {
  return variants.length < MAX_VARIANTS
    ? []
    : [
        `This repository has more than ${MAX_VARIANTS} files with weights; only the first ${MAX_VARIANTS} were read.`,
      ];
}

function headerNotes({ gguf }: HubRecord, ggufIsModel: boolean): string[] {
  return ggufIsModel
    ? []
    : [
        `The GGUF header that the Hub lists belongs to a helper file (${gguf?.architecture?.slice(0, 40)}), not of the model.`,
      ];
}

/**
 * Tells whether the listing's `gguf` object is that of the model: the Hub looks into one file, and where the
 * names of all models hold a mark of drafters it is the projector (ornithlab/Ornith-1.5-9B-MTP-GGUF:
 * architecture clip).
 */
function describesModel({ gguf }: HubRecord, files: readonly SizedFile[], tables: Tables): boolean {
  const kind = tables.kindOfGguf.get(gguf?.architecture ?? '');
  if (kind !== 'component' && kind !== 'draft') return true;
  const isGguf = ({ format }: SizedFile) => format === 'gguf';
  const helper = files.some((file) => isGguf(file) && file.role === 'helper');
  return !helper || !files.some((file) => isGguf(file) && file.role === 'weights');
}

function configNotes({ problem }: Configs): string[] {
  return problem === undefined ? [] : [`config.json could not be used: ${problem}.`];
}

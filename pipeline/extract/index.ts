/** HubRecord -> ModelMetadata: every fact about a model that a verdict, a page or a report needs. Pure. */

import type { Tables } from '../data/tables.ts';
import { COMPANIONS } from '../data/vocabulary.ts';
import { field, isObject } from '../lib/json.ts';
import { readActiveParameters, readExperts } from './active.ts';
import { type ArchitectureFacts, readArchitecture } from './architecture.ts';
import { readAttention } from './attention.ts';
import { type Configs, configField, readConfigs } from './config.ts';
import { readContextLength, readSlidingWindow } from './context.ts';
import { type FileFacts, recognizeFile } from './files.ts';
import { readKind } from './kind.ts';
import {
  type BaseModels,
  type Format,
  factValue,
  known,
  type ModelMetadata,
  type Variant,
} from './metadata.ts';
import { dataFilesOf } from './onnx.ts';
import { readTotalParameters } from './parameters.ts';
import { type QuantizationFacts, readQuantization } from './quantization.ts';
import type { HubRecord } from './record.ts';
import { readTask } from './task.ts';
import { groupVariants, MAX_VARIANTS, type SizedFile, sumSizes } from './variants.ts';

/**
 * Reads a listing record. Works on the listing alone; knows more when the record carries `configJson` and sizes.
 * Never throws: what cannot be read is `unknown`, and said in `notes` where a reader would wonder.
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
  let bytes = 0;
  for (const variant of variants) {
    if (variant.format !== format) continue;
    if (variant.sizeBytes === 'unknown') return 'unknown';
    bytes += variant.sizeBytes;
  }
  return bytes === 0 ? 'unknown' : bytes;
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
  const hasSafetensors = variants.some(({ format }) => format === 'safetensors');
  const base = parts.tables.baseModelOf(record);
  const ggufOnly = !hasSafetensors && variants.some(({ format }) => format === 'gguf');
  const total = readTotalParameters({
    record,
    configs,
    method: quantization.method,
    tables: parts.tables,
    safetensorsBytes: hasSafetensors ? parts.safetensorsBytes : undefined,
    ggufBytes: bytesOfFormat(variants, 'gguf'),
    ggufIsModel: parts.ggufIsModel,
  });
  const kind = architecture.disagree
    ? 'unknown'
    : readKind({
        record,
        configs,
        variants,
        files: parts.files,
        rootFiles: parts.rootFiles,
        tables: parts.tables,
        architectureClass: factValue(architecture.architectureClass),
        modelType: factValue(architecture.modelType),
        ggufArchitecture: factValue(architecture.ggufArchitecture),
        totalParameters: factValue(total),
      });
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
    attention: readAttention(configs, parts.tables),
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
    notes: [
      ...architecture.notes,
      ...configNotes(configs),
      ...variantNotes(variants),
      ...headerNotes(record, parts.ggufIsModel),
    ],
  };
}

interface Files {
  /** Those that hold weights, or accompany them. */
  readonly files: readonly SizedFile[];
  readonly rootFiles: ReadonlySet<string>;
}

function readFiles(record: HubRecord): Files {
  const rootFiles = new Set<string>();
  const files = new Map<string, SizedFile>();
  for (const { rfilename, size } of record.siblings ?? []) {
    const file = recognizeFile(rfilename);
    if (file === undefined) continue;
    const { path, folder, base, role, format, part, companion } = file;
    if (folder === '') addRootFile(rootFiles, file);
    if (role !== 'other' && !files.has(path))
      files.set(path, { path, folder, base, role, format, part, companion, sizeBytes: size ?? 'unknown' });
  }
  return { files: withSoleDrafts([...files.values()]), rootFiles };
}

function addRootFile(rootFiles: Set<string>, { base, companion }: FileFacts): void {
  rootFiles.add(base);
  if (companion !== undefined) rootFiles.add(companion);
}

/** Draft heads are helpers beside a model; alone they are what the repository is about (`X-DRAFT-0.5B-Q8_0.gguf`). */
function withSoleDrafts(files: SizedFile[]): SizedFile[] {
  if (files.some(({ role, format }) => role === 'weights' && format === 'gguf')) return files;
  return files.map((file) =>
    file.role === 'helper' && /draft/i.test(file.base) ? { ...file, role: 'weights' } : file,
  );
}

/** As the Hub writes them: 2023-12-30T06:27:30.000Z, or the day alone; anything else is noise. */
function readDate(text: string | undefined): string | 'unknown' {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{1,20}Z)?$/.test(text) ? text : 'unknown';
}

/** The `license:` tag that the Hub derives; else the card's own word, which may be anything. */
function readLicense(record: HubRecord): string | 'unknown' {
  const tag = record.tags?.find((text) => text.startsWith('license:'));
  const card = field(record.cardData, 'license');
  const license = tag === undefined ? card : tag.slice('license:'.length);
  return typeof license === 'string' && license !== '' ? license.slice(0, 80) : 'unknown';
}

const MOST_BASES = 20;

/** From the listing's `baseModels`, else from its `base_model:` tags, which may name a base model and no more. */
function readBaseModels(record: HubRecord): BaseModels {
  const { relation, ids } = listedBases(record) ?? taggedBases(record.tags ?? []);
  if (ids.length === 0) return { relation, ids };
  return { relation, ids: ids.filter((id) => id !== record.id && BASE_ID.test(id)).slice(0, MOST_BASES) };
}

/** People write anything into a card; only what could be a repo id is kept. */
const BASE_ID = /^[\w.-]{1,96}(?:\/[\w.-]{1,96})?$/;
const RELATION = /^(quantized|finetune|adapter|merge):(.+)$/;

function listedBases({ baseModels }: HubRecord): BaseModels | undefined {
  if (baseModels === undefined) return undefined;
  const { relation, models } = baseModels;
  const known = relation !== undefined && RELATION.test(`${relation}:x`);
  return { relation: known ? relation : 'unknown', ids: models.map(({ id }) => id) };
}

const NO_BASES: BaseModels = { relation: 'unknown', ids: [] };

function taggedBases(tags: readonly string[]): BaseModels {
  const bases = tags
    .filter((tag) => tag.startsWith('base_model:'))
    .map((tag) => tag.slice('base_model:'.length));
  if (bases.length === 0) return NO_BASES;
  const related = bases.map((base) => RELATION.exec(base)).filter((match) => match !== null);
  const relation = related[0]?.[1];
  if (relation === undefined) return { relation: 'unknown', ids: bases };
  return { relation, ids: related.filter((match) => match[1] === relation).map((match) => match[2] ?? '') };
}

function variantNotes(variants: readonly Variant[]): string[] {
  return variants.length < MAX_VARIANTS
    ? []
    : [`Only the first ${MAX_VARIANTS} files with weights were looked at.`];
}

function headerNotes({ gguf }: HubRecord, ggufIsModel: boolean): string[] {
  return ggufIsModel
    ? []
    : [
        `The listing's GGUF header is that of a helper file (${gguf?.architecture?.slice(0, 40)}), not of the model.`,
      ];
}

/**
 * Whether the listing's `gguf` object is that of the model: the Hub looks into one file, and where the names of all models
 * hold a mark of drafters it is the projector (ornithlab/Ornith-1.5-9B-MTP-GGUF: architecture clip).
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

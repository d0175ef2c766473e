/**
 * The marketplace's flat objects -> models and workers as the evaluator knows them. A flat model names one architecture and
 * one format; a flat worker lists those it takes. Field names may be in snake_case or camelCase.
 */

import { FORMATS } from '../data/vocabulary.ts';
import { BACKENDS, type Worker } from '../data/worker.ts';
import { type Format, known, type ModelMetadata } from '../extract/metadata.ts';
import { DataError } from '../lib/errors.ts';
import { isObject, type JsonObject } from '../lib/json.ts';

export interface FlatModel {
  readonly id?: string;
  /** Such as `llama`. */
  readonly architecture: string;
  /** Such as `safetensors` or `gguf`. */
  readonly format: string;
  readonly quantization?: string;
  /** In tokens. */
  readonly max_context_length?: number;
  readonly maxContextLength?: number;
}

export interface FlatWorker {
  readonly id?: string;
  readonly name?: string;
  /** The backend: `cpu`, `cuda`, `metal`, ... */
  readonly worker_type?: string;
  readonly workerType?: string;
  readonly supported_architectures?: readonly string[];
  readonly supportedArchitectures?: readonly string[];
  readonly supported_formats?: readonly string[];
  readonly supportedFormats?: readonly string[];
  /** In tokens. */
  readonly max_context_length?: number;
  readonly maxContextLength?: number;
}

/** @throws DataError naming the field that is missing or wrong, what was found and what to give. */
export function toModel(model: ModelMetadata | FlatModel): ModelMetadata {
  if (isMetadata(model)) return model;
  const given = asObject(model, 'model', 'extractMetadata gives one, or { architecture, format }');
  const architecture = text(given, 'model', 'architecture').toLowerCase();
  const format = formatOf(text(given, 'model', 'format'), 'model.format');
  const label = optional(given, 'quantization', 'quantization', isText, 'model');
  const tokens = optional(given, 'max_context_length', 'maxContextLength', isCount, 'model');
  return {
    ...NOTHING_KNOWN,
    id: optional(given, 'id', 'id', isText, 'model') ?? architecture,
    modelType: known(architecture, 'listing'),
    ggufArchitecture: known(architecture, 'listing'),
    architecture: known(architecture, 'listing'),
    contextLength: tokens === undefined ? 'unknown' : known(tokens, 'listing'),
    variants: [
      {
        id: `${format}:${label ?? 'unknown'}`,
        format,
        layout: 'root',
        quantization: label === undefined ? 'unknown' : known(label, 'listing'),
        files: [],
        sizeBytes: 'unknown',
        weightShards: 1,
        missingShards: 0,
      },
    ],
  };
}

/** @throws DataError naming the field that is missing or wrong, what was found and what to give. */
export function toWorker(worker: Worker | FlatWorker): Worker {
  if (isWorker(worker)) return worker;
  const given = asObject(worker, 'worker', 'getWorker gives one, or { worker_type, supported_formats }');
  const backendName = required(given, 'worker_type', 'workerType', isText, 'a backend such as cpu');
  const backend = BACKENDS.find((name) => name === backendName.toLowerCase());
  if (backend === undefined) throw wrong('worker.worker_type', backendName, `one of ${BACKENDS.join(', ')}`);
  const names = required(
    given,
    'supported_architectures',
    'supportedArchitectures',
    isTexts,
    'a list of names',
  );
  const formats = required(given, 'supported_formats', 'supportedFormats', isTexts, 'a list of formats');
  const id = optional(given, 'id', 'id', isText, 'worker') ?? `${backend}-worker`;
  return {
    id,
    program: id,
    name: optional(given, 'name', 'name', isText, 'worker') ?? 'This worker',
    version: 'unknown',
    backend,
    gate: false,
    platforms: [],
    cpuArchitectures: [],
    accepts: formats.map((format) => ({
      format: formatOf(format, 'worker.supported_formats'),
      layouts: ['root'],
      kinds: ['model'],
      tasks: ['any'],
      match: {
        by: format.toLowerCase() === 'gguf' ? 'gguf' : 'model_type',
        names: names.map((name) => name.toLowerCase()),
      },
      quantizations: ['any'],
      exceptQuantizations: [],
      splitWeights: true,
      requiredFiles: [],
    })),
    memory: { overheadBytes: 0 },
    maxContextLength:
      optional(given, 'max_context_length', 'maxContextLength', isCount, 'worker') ?? 'unknown',
    knownIssues: [],
  };
}

const NOTHING_KNOWN: Omit<
  ModelMetadata,
  'id' | 'modelType' | 'ggufArchitecture' | 'architecture' | 'contextLength' | 'variants'
> = {
  sha: 'unknown',
  kind: known('model', 'listing'),
  task: known('text-generation', 'listing'),
  architectureClass: 'unknown',
  filesKnown: false,
  companions: [],
  quantizationMethod: 'unknown',
  parameters: { total: 'unknown', active: 'unknown' },
  slidingWindow: 'unknown',
  attention: 'unknown',
  license: 'unknown',
  gated: 'unknown',
  private: false,
  disabled: false,
  customCode: false,
  baseModels: { relation: 'unknown', ids: [] },
  downloads: 'unknown',
  likes: 'unknown',
  trendingScore: 'unknown',
  createdAt: 'unknown',
  lastModified: 'unknown',
  configUnreadable: false,
  configRead: false,
  experts: 'unknown',
  otherClasses: [],
  notes: [],
};

function isMetadata(model: ModelMetadata | FlatModel): model is ModelMetadata {
  return isObject(model) && 'variants' in model && 'kind' in model;
}

function isWorker(worker: Worker | FlatWorker): worker is Worker {
  return isObject(worker) && 'accepts' in worker;
}

function asObject(value: unknown, name: string, instead: string): JsonObject {
  if (!isObject(value)) throw wrong(name, value, `an object: ${instead}`);
  return value;
}

type Guard<T> = (value: unknown) => value is T;

const isText: Guard<string> = (value): value is string => typeof value === 'string' && value !== '';
const isCount: Guard<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) > 0;
const isTexts: Guard<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);

function text(given: JsonObject, owner: string, field: string): string {
  const value = given[field];
  if (!isText(value)) throw wrong(`${owner}.${field}`, value, 'a text');
  return value;
}

function required<T>(given: JsonObject, snake: string, camel: string, guard: Guard<T>, wanted: string): T {
  const value = given[snake] ?? given[camel];
  if (!guard(value)) throw wrong(`worker.${snake}`, value, wanted);
  return value;
}

function optional<T>(
  given: JsonObject,
  snake: string,
  camel: string,
  guard: Guard<T>,
  owner: string,
): T | undefined {
  const value = given[snake] ?? given[camel];
  if (value === undefined || value === null) return undefined;
  if (!guard(value)) throw wrong(`${owner}.${snake}`, value, 'another value, or none');
  return value;
}

function formatOf(name: string, field: string): Format {
  const format = FORMATS.find((one) => one === name.toLowerCase());
  if (format === undefined) throw wrong(field, name, `one of ${FORMATS.join(', ')}`);
  return format;
}

function wrong(field: string, found: unknown, wanted: string): DataError {
  const shown = JSON.stringify(found)?.slice(0, 80) ?? 'nothing';
  return new DataError(`${field} is ${shown}; give ${wanted}.`);
}

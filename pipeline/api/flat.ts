/**
 * Turns the marketplace's flat objects into models and workers as the evaluator knows them. A flat model
 * names one architecture and one format; a flat worker lists those it takes. Field names may be in snake_case
 * or camelCase. Any field may be missing or null: the fact is then unknown, and so is a verdict that rests on
 * it.
 */

import { FORMATS } from '../data/vocabulary.ts';
import { BACKENDS, type Worker } from '../data/worker.ts';
import type { ReasonCode, Verdict } from '../evaluate/verdict.ts';
import { type Fact, type Format, known, type ModelMetadata, type Variant } from '../extract/metadata.ts';
import { DataError } from '../lib/errors.ts';
import { isObject, type JsonObject } from '../lib/json.ts';

/** A model as the marketplace's contract names it. */
export interface FlatModel {
  readonly id?: string;
  /** The family, such as `llama`. */
  readonly architecture?: string;
  /** The format of the weights, such as `safetensors` or `gguf`. */
  readonly format?: string;
  readonly quantization?: string;
  /** The context length in tokens. */
  readonly max_context_length?: number;
  readonly maxContextLength?: number;
}

/** A worker as the marketplace's contract names it. */
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
  /** The longest context that it takes, in tokens. */
  readonly max_context_length?: number;
  readonly maxContextLength?: number;
}

/**
 * Returns the model of a flat object, or the model itself.
 *
 * @throws DataError naming the field that is wrong, what was found and what to give.
 */
export function toModel(model: ModelMetadata | FlatModel): ModelMetadata {
  if (isMetadata(model)) return model;
  const given = asObject(model, 'model', 'extractMetadata gives one, or { architecture, format }');
  const architecture = optional(given, 'architecture', 'architecture', isText, 'model')?.toLowerCase();
  const format = optional(given, 'format', 'format', isText, 'model');
  const label = optional(given, 'quantization', 'quantization', isText, 'model');
  const tokens = optional(given, 'max_context_length', 'maxContextLength', isCount, 'model');
  return {
    ...NOTHING_KNOWN,
    id: optional(given, 'id', 'id', isText, 'model') ?? architecture ?? 'model',
    modelType: knownOr(architecture),
    ggufArchitecture: knownOr(architecture),
    architecture: knownOr(architecture),
    contextLength: tokens === undefined ? 'unknown' : known(tokens, 'listing'),
    variants: format === undefined ? [] : [variantOf(formatOf(format, 'model.format'), label)],
  };
}

function variantOf(format: Format, label: string | undefined): Variant {
  return {
    id: `${format}:${label ?? 'unknown'}`,
    format,
    layout: 'root',
    quantization: knownOr(label),
    files: [],
    sizeBytes: 'unknown',
    weightShards: 1,
    missingShards: 0,
  };
}

function knownOr(text: string | undefined): Fact<string> {
  return text === undefined ? 'unknown' : known(text, 'listing');
}

/**
 * Returns the worker of a flat object, or the worker itself.
 *
 * @throws DataError naming the field that is wrong, what was found and what to give.
 */
export function toWorker(worker: Worker | FlatWorker): Worker {
  if (isWorker(worker)) return worker;
  const given = asObject(
    worker,
    'worker',
    'getWorker gives one, or { supported_architectures, supported_formats }',
  );
  const type = optional(given, 'worker_type', 'workerType', isText, 'worker');
  const names = optional(given, ...ARCHITECTURES, isTexts, 'worker');
  const formats = optional(given, ...SUPPORTED_FORMATS, isTexts, 'worker') ?? FORMATS;
  const id = optional(given, 'id', 'id', isText, 'worker') ?? `${type?.toLowerCase() ?? 'flat'}-worker`;
  return {
    id,
    program: id,
    name: optional(given, 'name', 'name', isText, 'worker') ?? 'This worker',
    version: 'unknown',
    // Nothing of a flat worker depends on it.
    backend: type === undefined ? 'cpu' : backendOf(type),
    gate: false,
    platforms: [],
    cpuArchitectures: [],
    accepts: formats.map((format) => ({
      format: formatOf(format, 'worker.supported_formats'),
      layouts: ['root'],
      kinds: ['model'],
      tasks: ['any'],
      match:
        names === undefined
          ? { by: 'any', names: [] }
          : {
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

const ARCHITECTURES = ['supported_architectures', 'supportedArchitectures'] as const;
const SUPPORTED_FORMATS = ['supported_formats', 'supportedFormats'] as const;

function backendOf(type: string): Worker['backend'] {
  const backend = BACKENDS.find((name) => name === type.toLowerCase());
  if (backend === undefined) throw wrong('worker.worker_type', type, `one of ${BACKENDS.join(', ')}`);
  return backend;
}

/** Returns the verdict, or `unknown` where a flat worker leaves out a fact that the verdict rests on. */
export function withGaps(verdict: Verdict, worker: Worker | FlatWorker): Verdict {
  const gap = verdict.compatible ? gapOf(worker) : undefined;
  if (gap === undefined) return verdict;
  return {
    ...verdict,
    status: 'unknown',
    compatible: false,
    confidence: 'none',
    reasons: [
      `The worker does not say which ${gap === 'files_unknown' ? 'formats' : 'architectures'} it takes.`,
    ],
    reasonCodes: [gap],
    recommendations: [],
    variants: [],
    recommendedVariant: null,
  };
}

function gapOf(worker: Worker | FlatWorker): ReasonCode | undefined {
  if (isWorker(worker)) return undefined;
  const given = asObject(worker, 'worker', 'a worker');
  const lacks = (names: readonly string[]) => names.every((name) => (given[name] ?? null) === null);
  if (lacks(ARCHITECTURES)) return 'architecture_unknown';
  return lacks(SUPPORTED_FORMATS) ? 'files_unknown' : undefined;
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

const WANTED: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [isText, 'a text'],
  [isCount, 'a whole number above 0'],
  [isTexts, 'a list of texts'],
]);

function optional<T>(
  given: JsonObject,
  snake: string,
  camel: string,
  guard: Guard<T>,
  owner: string,
): T | undefined {
  const value = given[snake] ?? given[camel];
  if (value === undefined || value === null) return undefined;
  if (!guard(value))
    throw wrong(`${owner}.${snake}`, value, `${WANTED.get(guard) ?? 'another value'}, or none`);
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

/**
 * What both entries of the package export: pure functions, errors, and the types of all that is given and answered.
 *
 * @module so that the sentence is not taken for the first export's
 */

export type {
  Accept,
  CacheException,
  CacheRule,
  Conversion,
  Evidence,
  ExtraBytes,
  FactsOf,
  KnownIssue,
  Match,
  MemoryRule,
  MethodLimits,
  Worker,
} from '../data/worker.ts';
export {
  type CacheFrom,
  estimateMemory,
  type MemoryEstimate,
  type MemoryFrom,
  type MemoryGrade,
  type MemoryOptions,
  type SizedModel,
  type SizingWorker,
} from '../evaluate/memory.ts';
export type { WeightsFrom } from '../evaluate/memory-weights.ts';
export type { Status, Verdict } from '../evaluate/verdict.ts';
export type {
  Attention,
  BaseModels,
  Fact,
  Known,
  LayerGroup,
  Layout,
  ModelMetadata,
  Source,
  StoredGroup,
  Variant,
} from '../extract/metadata.ts';
export type { MatrixModel } from '../format/decode.ts';
export type { Manifest } from '../format/schema.ts';
export { DataError, UsageError } from '../lib/errors.ts';
export {
  type FitAnswer,
  type FitQuestion,
  type FitWord,
  findBestFile,
} from '../read/best-file.ts';
export type { Header, Matrix, MatrixOptions, RunningRow, WorkerModels } from '../read/index.ts';
export {
  type AnyModel,
  type AnyWorker,
  type CompatibilityMatrix,
  checkCompatibility,
  checkCompatibility as checkModelWorkerCompatibility,
  generateCompatibilityMatrix,
  type MatrixCell,
} from './check.ts';
export type { FlatModel, FlatWorker } from './flat.ts';

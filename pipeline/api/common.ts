/**
 * The exports that both entries of the package share: pure functions, errors, and the types of all arguments
 * and results.
 *
 * @module keeps the sentence from being taken for the first export's
 */

export type {
  Accept,
  Backend,
  CacheException,
  CacheRule,
  Conversion,
  Evidence,
  ExtraBytes,
  FactsOf,
  KnownIssue,
  Match,
  MatchKey,
  MemoryRule,
  MethodLimits,
  StartCommand,
  Strength,
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
export type { Confidence, ReasonCode, Status, Verdict } from '../evaluate/verdict.ts';
export type {
  Attention,
  BaseModels,
  Fact,
  Format,
  Kind,
  Known,
  LayerGroup,
  Layout,
  ModelMetadata,
  Source,
  StoredGroup,
  Variant,
} from '../extract/metadata.ts';
export type { MatrixModel } from '../format/decode.ts';
export type {
  Changes,
  Counts,
  Families,
  Family,
  History,
  Manifest,
  ManifestFile,
  Night,
  NightCounts,
  PublishedWorker,
  Removal,
  Removed,
  Report,
  ReportedCrawl,
  SearchIndex,
  Unlock,
  Unlocks,
  WorkerCounts,
} from '../format/files.ts';
export { DataError, UsageError } from '../lib/errors.ts';
export { hubUrl, pagePath } from '../lib/hub.ts';
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

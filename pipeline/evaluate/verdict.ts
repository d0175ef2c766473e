/** The verdict of `evaluate` for one model on one worker. */

export type Status = 'compatible' | 'incompatible' | 'unknown';
export const CONFIDENCES = ['high', 'medium', 'low', 'none'] as const;
/** The support of the verdict; `none` for everything that is not compatible. */
export type Confidence = (typeof CONFIDENCES)[number];

/** Machine codes, in the order of the rules that give them. They are stable within a schema version. */
export const REASON_CODES = [
  'repo_disabled',
  'repo_private',
  'kind_unsupported',
  'kind_unknown',
  'task_unsupported',
  'task_unknown',
  'format_unsupported',
  'files_unknown',
  'architecture_unsupported',
  'architecture_unknown',
  'architecture_newer',
  'config_gated',
  'config_unreadable',
  'repo_not_listed',
  'experts_unknown',
  'quantization_unsupported',
  'quantization_unknown',
  'split_weights_unsupported',
  'weights_incomplete',
  'file_missing',
  'known_issue',
  'run_verified',
  'run_upstream',
  'run_contradicted',
  'support_declared',
  'fallback_declared',
  'issue_reported',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export interface Verdict {
  readonly status: Status;
  readonly compatible: boolean;
  readonly confidence: Confidence;
  /** The reasons as sentences; the first names what decided. */
  readonly reasons: readonly string[];
  /** The codes of `reasons`, in the same order. */
  readonly reasonCodes: readonly ReasonCode[];
  readonly warnings: readonly string[];
  readonly recommendations: readonly string[];
  /** Ids of the variants that run; empty unless compatible. */
  readonly variants: readonly string[];
  readonly recommendedVariant: string | null;
  /** Capabilities of a worker that refuses, each of which alone would make the model run. See `unlock.ts`. */
  readonly unlockedBy: readonly string[];
}

/** A finding of a rule: wrong (`fail`) or not known (`unknown`). */
export interface Finding {
  readonly outcome: 'fail' | 'unknown';
  readonly code: ReasonCode;
  readonly sentence: string;
  /** The change that would make the model run, where there is one. */
  readonly remedy?: string;
  /** Id of the known issue that refuses. */
  readonly issue?: string;
}

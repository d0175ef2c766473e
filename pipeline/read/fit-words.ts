/** Says whether a model fits a device: one sentence for `explain`, the API and the pages. */
import type { CacheFrom, MemoryFrom, MemoryGrade } from '../evaluate/memory.ts';
import type { Confidence } from '../evaluate/verdict.ts';

/**
 * The answer. `yes`: the device holds all; `perhaps`: it holds the weights, and the memory needed on top is not known;
 * `no`: no file fits, and the smallest is named; `unknown`: no size is known; `not run`: none of the workers runs any
 * copy.
 */
export type FitWord = 'yes' | 'perhaps' | 'no' | 'unknown' | 'not run';

/** The facts about a file, and about its memory on a worker, that the sentence names. */
export interface FitFacts {
  /** Repo id of the copy. */
  readonly model: string;
  /** The file, as `fileName` names it. */
  readonly file: string;
  readonly confidence: Confidence;
  /** NaN where it is unknown. */
  readonly totalBytes: number;
  readonly grade: MemoryGrade;
  /** In tokens. */
  readonly contextLength: number;
  readonly cache: CacheFrom;
  readonly working?: MemoryFrom['working'] | undefined;
  /** Tells whether the worker may leave part of the weights in the memory of the system. */
  readonly mayOffload: boolean;
}

export const NO_COPY = 'no copy of it is known to run.';

/** Returns the answer in words, without the device and the worker. */
export function sayFit(answer: FitWord, deviceGb: number, facts: FitFacts): string {
  const { confidence, mayOffload } = facts;
  if (answer === 'not run') return NO_COPY;
  const what = `${facts.file} from ${facts.model}`;
  if (answer === 'unknown') return `not known, the size of ${what} is not.`;
  const total = (facts.totalBytes / 1e9).toFixed(1);
  const at = facts.cache === 'no cache' ? '' : ` at ${inTokens(facts.contextLength)}`;
  const about = facts.grade === 'exact' ? '' : facts.grade === 'estimate' ? 'about ' : 'at least ';
  const doubt = confidence === 'low' ? ' Confidence that it runs is low.' : '';
  if (answer === 'yes') return `yes, ${what}, ${about}${total} of ${deviceGb} GB${at}.${doubt}`;
  if (answer === 'perhaps')
    return `perhaps, ${what}, at least ${total} of ${deviceGb} GB; ${onTop(facts)} on top.${doubt}`;
  const offload = mayOffload ? ' Part of the weights may stay in system memory.' : '';
  return `no, the smallest file, ${what}, takes ${about}${(facts.totalBytes / 1e9).toFixed(2)} GB${at}.${offload}`;
}

/** Returns the name of a file, the first part of a split GGUF, or the id of another variant. */
export function fileName(variant: string | undefined, [first, ...more]: readonly string[]): string {
  if (first === undefined) return `${variant}`;
  if (more.length === 0) return first;
  return variant?.startsWith('gguf:')
    ? `${first} and ${more.length} more`
    : `${variant} (${more.length + 1} files)`;
}

function onTop({ working, cache, contextLength }: FitFacts): string {
  if (working === 'other parts') return 'the other parts of the pipeline come';
  return `${cache === 'unknown' ? `the cache for ${inTokens(contextLength)}` : 'working memory'} comes`;
}

/** Formats a context length: `8k` for 8,192 tokens. */
function inTokens(tokens: number): string {
  return tokens >= 1024 && tokens % 1024 === 0 ? `${tokens / 1024}k` : `${tokens} tokens`;
}

/**
 * Adds advice about a context that is longer than the worker takes. It follows from two numbers, so it is not
 * stored with verdicts: models that differ in their context alone share them.
 */
import { contextTooLong, keepWithin } from './sentences.ts';
import type { Verdict } from './verdict.ts';

/** Returns the verdict with a warning where the model's context, in tokens, is longer than the worker's maximum. */
export function adviseContext<V extends Pick<Verdict, 'compatible' | 'warnings' | 'recommendations'>>(
  verdict: V,
  tokens: number | undefined,
  maxTokens: number | 'unknown',
): V {
  if (!verdict.compatible || tokens === undefined || maxTokens === 'unknown' || tokens <= maxTokens)
    return verdict;
  return {
    ...verdict,
    warnings: [...verdict.warnings, contextTooLong(tokens, maxTokens)],
    recommendations: [...verdict.recommendations, keepWithin(maxTokens)],
  };
}

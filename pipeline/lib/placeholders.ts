/**
 * Placeholders for a model's own facts, in texts of verdicts that many models share: `{m}` is replaced by its model_type,
 * with the letters of facts in docs/out-format.md. All models whose model_type no worker knows are refused alike, so
 * their refusal is written once. The code that reads it for one model fills in that model's own facts.
 */

/** The letters of facts that may be marks. */
export type MarkedFact = 't' | 'm' | 'c' | 'g' | 'f' | 'q';

/** The text that replaces each mark. */
export type Names = { readonly [letter in MarkedFact]?: string | undefined };

/** Matches a mark. Texts of workers hold none (`data/worker-schema.ts`). */
export const MARK = /\{([tmcgfq])\}/g;

export function markOf(letter: MarkedFact): string {
  return `{${letter}}`;
}

/** Returns the text with its marks replaced by the names. */
export function fillText(text: string, names: Names): string {
  return text.includes('{') ? text.replace(MARK, (mark, letter: MarkedFact) => names[letter] ?? mark) : text;
}

interface Texts {
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly recommendations: readonly string[];
  readonly unlockedBy: readonly string[];
}

/** Returns the verdict with its marks replaced by the names; the verdict itself where it holds no mark. */
export function fillVerdict<V extends Texts>(verdict: V, names: Names): V {
  const { reasons, warnings, recommendations, unlockedBy } = verdict;
  if (![reasons, warnings, recommendations, unlockedBy].some(hasMark)) return verdict;
  const fill = (texts: readonly string[]) => texts.map((text) => fillText(text, names));
  return {
    ...verdict,
    reasons: fill(reasons),
    warnings: fill(warnings),
    recommendations: fill(recommendations),
    unlockedBy: fill(unlockedBy),
  };
}

function hasMark(texts: readonly string[]): boolean {
  return texts.some((text) => text.includes('{'));
}

/**
 * What a verdict says of a model's own facts, in texts that many models share: `{m}` stands for its model_type, by the letter
 * of the fact in docs/out-format.md. A model_type that no worker knows is refused like any other that none knows, so the
 * refusal is written once. Whoever reads it for one model puts the model's own facts there.
 */

/** Letters of the facts that may stand as marks. */
export type MarkedFact = 't' | 'm' | 'c' | 'g' | 'f' | 'q';

/** What stands for the marks. */
export type Names = { readonly [letter in MarkedFact]?: string | undefined };

/** Texts of workers hold none (`data/worker-schema.ts`). */
export const MARK = /\{([tmcgfq])\}/g;

export function markOf(letter: MarkedFact): string {
  return `{${letter}}`;
}

/** The text with the names in the place of their marks. */
export function fillText(text: string, names: Names): string {
  return text.includes('{') ? text.replace(MARK, (mark, letter: MarkedFact) => names[letter] ?? mark) : text;
}

interface Texts {
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly recommendations: readonly string[];
  readonly unlockedBy: readonly string[];
}

/** A verdict about the model of these names; itself where it holds no mark. */
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

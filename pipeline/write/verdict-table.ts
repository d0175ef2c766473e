/** The distinct verdicts of a build, and its rows: what some models share. Thousands, whatever the number of models. */
import type { Verdict } from '../evaluate/verdict.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { compareNames } from '../lib/compare.ts';
import type { EncodedSet, TableVerdict } from '../lib/encoding.ts';
import { shortKey } from '../lib/hash.ts';

/** Verdicts as text, and rows that point to them by number: how a table goes from thread to thread, and to out/. */
export interface SentTable {
  readonly verdicts: readonly string[];
  readonly rows: readonly (readonly [key: string, verdicts: readonly number[], shared: string])[];
}

/** The verdicts of a row without the variants that are each model's own. */
interface Stripped {
  readonly texts: readonly string[];
  readonly sets: readonly EncodedSet[];
  /** Shared facts as JSON -> row key. */
  readonly keys: Map<string, string>;
}

interface Row {
  readonly texts: readonly string[];
  readonly shared: string;
}

export class VerdictTable {
  /** By key, which names the row by its content, on every night the same. */
  readonly #rows = new Map<string, Row>();
  readonly #stripped = new WeakMap<readonly Verdict[], Stripped>();

  /** The key of the row of these verdicts and shared facts, and the sets of variants that its verdicts point to. */
  add(
    verdicts: readonly Verdict[],
    shared: string,
    { variants }: Pick<ModelMetadata, 'variants'>,
  ): { readonly key: string; readonly sets: readonly EncodedSet[] } {
    let stripped = this.#stripped.get(verdicts);
    if (stripped === undefined) {
      stripped = strip(
        verdicts,
        variants.map(({ id }) => id),
      );
      this.#stripped.set(verdicts, stripped);
    }
    let key = stripped.keys.get(shared);
    if (key === undefined) {
      key = this.#claim({ texts: stripped.texts, shared });
      stripped.keys.set(shared, key);
    }
    return { key, sets: stripped.sets };
  }

  /** Takes over the rows of another table. */
  merge({ verdicts, rows }: SentTable): void {
    for (const [, numbers, shared] of rows)
      this.#claim({ texts: numbers.map((number) => verdicts[number] ?? ''), shared });
  }

  send(): SentTable {
    const verdicts = [...new Set([...this.#rows.values()].flatMap(({ texts }) => texts))].sort(compareNames);
    const numbers = new Map(verdicts.map((text, at) => [text, at]));
    const rows = [...this.#rows]
      .sort(([a], [b]) => compareNames(a, b))
      .map(
        ([key, { texts, shared }]) => [key, texts.map((text) => numbers.get(text) ?? -1), shared] as const,
      );
    return { verdicts, rows };
  }

  /** 48 bits and some thousand rows make a clash a one in ten million matter; it must still never be silent. */
  #claim(row: Row): string {
    const key = shortKey(`${row.texts.join('\n')}\n${row.shared}`);
    const held = this.#rows.get(key);
    if (held === undefined) this.#rows.set(key, row);
    else if (held.shared !== row.shared || held.texts.some((text, at) => text !== row.texts[at]))
      throw new Error(`Two rows of verdicts hash to ${key}; lengthen the key in lib/hash.ts.`);
    return key;
  }
}

/** Verdicts of equal words have equal text, whichever variants of which model they are about. */
function strip(verdicts: readonly Verdict[], ids: readonly string[]): Stripped {
  const sets: EncodedSet[] = [];
  const numbers = new Map<string, number>();
  const texts = verdicts.map(({ variants, recommendedVariant, ...rest }) => {
    if (variants.length === 0) return textOf(rest);
    const running = variants.length === ids.length ? [] : variants.map((id) => ids.indexOf(id));
    const set: EncodedSet = [ids.indexOf(recommendedVariant ?? ''), ...running];
    const name = set.join(',');
    let number = numbers.get(name);
    if (number === undefined) {
      number = sets.length;
      sets.push(set);
      numbers.set(name, number);
    }
    return textOf({ ...rest, set: number });
  });
  return { texts, sets, keys: new Map() };
}

/** Keys in order, written out: thousands of rows of dozens of verdicts pass here. */
function textOf(verdict: TableVerdict): string {
  const { compatible, confidence, reasonCodes, reasons, recommendations, set, status } = verdict;
  const { unlockedBy, warnings } = verdict;
  return JSON.stringify({
    compatible,
    confidence,
    reasonCodes,
    reasons,
    recommendations,
    set,
    status,
    unlockedBy,
    warnings,
  });
}

/** verdicts.json: a verdict a line, then a row a line, so that a reader finds either without parsing the rest. */
export function tableJson({ verdicts, rows }: SentTable, workerIds: readonly string[]): string {
  const lines = rows.map(([key, numbers, shared]) => `"${key}":[[${numbers.join(',')}],${shared}]`);
  return `{"workers":${JSON.stringify(workerIds)},\n"verdicts":[\n${verdicts.join(',\n')}\n],\n"rows":{\n${lines.join(',\n')}\n}}\n`;
}

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

/** What the table keeps of the verdicts of models that fare alike. */
export interface Digest {
  /** The verdicts without the variants, which are each model's own. */
  readonly texts: readonly string[];
  readonly sets: readonly EncodedSet[];
  /** Of each gate worker that runs them the set of variants. */
  readonly gateSets: readonly (EncodedSet | undefined)[];
  /** Whether a gate worker runs them. */
  readonly allowed: boolean;
  /** Shared facts as JSON -> row key. */
  readonly keys: Map<string, string>;
}

interface Row {
  readonly texts: readonly string[];
  readonly shared: string;
}

type Variants = Pick<ModelMetadata, 'variants'>;

export class VerdictTable {
  /** By key, which names the row by its content, on every night the same. */
  readonly #rows = new Map<string, Row>();
  /** Equal texts, and equal lists of texts, are held once. */
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();

  /** `gate`: the places of the gate workers. */
  digest(verdicts: readonly Verdict[], { variants }: Variants, gate: readonly number[]): Digest {
    const ids = variants.map(({ id }) => id);
    const { texts, sets, setOf } = strip(verdicts, ids);
    const name = shortKey(texts.join('\n'));
    let list = this.#lists.get(name);
    if (list === undefined) {
      list = texts.map((text) => this.#intern(text));
      this.#lists.set(name, list);
    }
    return {
      texts: list,
      sets,
      gateSets: gate.map((at) => setOf[at]),
      allowed: gate.some((at) => verdicts[at]?.compatible === true),
      keys: new Map(),
    };
  }

  /** The key of the row of these verdicts and shared facts. */
  keyOf({ texts, keys }: Digest, shared: string): string {
    let key = keys.get(shared);
    if (key === undefined) {
      key = this.#claim({ texts, shared });
      keys.set(shared, key);
    }
    return key;
  }

  #intern(text: string): string {
    const held = this.#texts.get(text);
    if (held !== undefined) return held;
    this.#texts.set(text, text);
    return text;
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
function strip(verdicts: readonly Verdict[], ids: readonly string[]) {
  const sets: EncodedSet[] = [];
  const setOf: (EncodedSet | undefined)[] = [];
  const numbers = new Map<string, number>();
  const texts = verdicts.map(({ variants, recommendedVariant, ...rest }, at) => {
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
    setOf[at] = set;
    return textOf({ ...rest, set: number });
  });
  return { texts, sets, setOf };
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

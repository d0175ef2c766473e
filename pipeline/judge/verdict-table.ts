/**
 * The distinct verdicts of a build, and its rows, each of which some models share. There are thousands of rows, whatever
 * the number of models.
 */
import type { Verdict } from '../evaluate/verdict.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import type { EncodedSet, TableVerdict } from '../format/encoding.ts';
import { compareNames } from '../lib/compare.ts';
import { sha256, shortKey } from '../lib/hash.ts';
import { NumberedTexts } from '../lib/numbered-texts.ts';

/**
 * A table as threads pass it on and as out/ has it: verdicts as text, lists that name them by number, and rows that name
 * a list.
 */
export interface SentTable {
  /** The verdicts, sorted. */
  readonly verdicts: readonly string[];
  /** The lists, each with the number of the verdict on each worker. */
  readonly lists: readonly (readonly number[])[];
  /** The rows, sorted by key. */
  readonly rows: readonly (readonly [key: string, list: number, shared: string])[];
}

/** The data that the table keeps of models with equal verdicts. */
export interface Digest {
  /** The name of the list of their verdicts, without the variants, which are each model's own. */
  readonly list: string;
  readonly sets: readonly EncodedSet[];
  /** True where a gate worker runs them. */
  readonly allowed: boolean;
  /** True where a gate worker runs them or might run them, if more facts were known. */
  readonly candidate: boolean;
  /** Shared facts as JSON -> row key. */
  readonly keys: Map<string, string>;
}

interface Row {
  /** The name of its list. */
  readonly list: string;
  readonly shared: string;
}

type Variants = Pick<ModelMetadata, 'variants'>;

export class VerdictTable {
  /** Row key -> row. The key comes from the content of the row, so it is the same on every night. */
  readonly #rows = new Map<string, Row>();
  /** The distinct texts; equal lists of them are held once, too. */
  readonly #texts = new NumberedTexts();
  readonly #lists = new Map<string, readonly string[]>();
  /**
   * The numbers of the texts of a list -> its name. Joining the numbers of some dozen texts is faster than hashing the
   * texts.
   */
  readonly #names = new Map<string, string>();

  /**
   * Returns the digest of the verdicts of a model, and `setOf`, the number of the set of variants for each worker that runs
   * it. `gate` has the places of the gate workers.
   */
  digest(
    verdicts: readonly Verdict[],
    { variants }: Variants,
    gate: readonly number[],
  ): Digest & { readonly setOf: readonly (number | undefined)[] } {
    const ids = variants.map(({ id }) => id);
    const { texts, sets, setOf } = strip(verdicts, ids);
    return {
      list: this.#keep(texts),
      sets,
      setOf,
      allowed: gate.some((at) => verdicts[at]?.compatible === true),
      candidate: gate.some((at) => verdicts[at] !== undefined && verdicts[at].status !== 'incompatible'),
      keys: new Map(),
    };
  }

  /** Returns the key of the row of these verdicts and shared facts. */
  keyOf({ list, keys }: Pick<Digest, 'list' | 'keys'>, shared: string): string {
    let key = keys.get(shared);
    if (key === undefined) {
      key = rowKey(list, shared);
      this.#claim(key, { list, shared });
      keys.set(shared, key);
    }
    return key;
  }

  /** Adds the rows of another table. */
  merge({ verdicts, lists, rows }: SentTable): void {
    const names = lists.map((numbers) => this.#keep(numbers.map((number) => verdicts[number] ?? '')));
    for (const [key, number, shared] of rows) this.#claim(key, { list: names[number] ?? '', shared });
  }

  /** Adds a row of a list that the table knows. */
  add(list: string, shared: string): void {
    this.#claim(rowKey(list, shared), { list, shared });
  }

  /** Returns the rows and all that they name. `used` has the keys of the rows to send; without it, all are sent. */
  send(used?: ReadonlySet<string>): SentTable {
    const rows = [...this.#rows]
      .filter(([key]) => used === undefined || used.has(key))
      .sort(([a], [b]) => compareNames(a, b));
    const names = [...new Set(rows.map(([, { list }]) => list))].sort(compareNames);
    const texts = names.map((name) => this.#lists.get(name) ?? []);
    const verdicts = [...new Set(texts.flat())].sort(compareNames);
    const numbers = new Map(verdicts.map((text, at) => [text, at]));
    const places = new Map(names.map((name, at) => [name, at]));
    return {
      verdicts,
      lists: texts.map((list) => list.map((text) => numbers.get(text) ?? -1)),
      rows: rows.map(([key, { list, shared }]) => [key, places.get(list) ?? -1, shared] as const),
    };
  }

  /** Keeps a list of texts, and returns its name. */
  #keep(texts: readonly string[]): string {
    const numbers = texts.map((text) => this.#texts.numberOf(text));
    const key = numbers.join();
    let name = this.#names.get(key);
    if (name === undefined) {
      const list = numbers.map((number) => this.#texts.texts[number] ?? '');
      name = nameOf(list);
      this.#names.set(key, name);
      this.#lists.set(name, list);
    }
    return name;
  }

  /**
   * Adds a row under its key. With 48 bits and some thousand rows, the chance that two rows share a key is one in ten
   * million; it is an error when they do.
   */
  #claim(key: string, row: Row): void {
    const held = this.#rows.get(key);
    if (held === undefined) this.#rows.set(key, row);
    else if (held.shared !== row.shared || held.list !== row.list)
      throw new Error(`Two rows of verdicts hash to ${key}; lengthen the key in lib/hash.ts.`);
  }
}

/** Returns the name of a row, made from its content: a list of verdicts, and the facts that its models share. */
export function rowKey(list: string, shared: string): string {
  return shortKey(`${list}\n${shared}`);
}

/** Returns the name of a list of texts, made from its content, and long enough that no two lists share one. */
function nameOf(texts: readonly string[]): string {
  return sha256(texts.join('\n'));
}

interface Stripped {
  readonly text: string;
  readonly set: number | undefined;
}

/** Removes the variants from verdicts, so that equal verdicts have equal text, whichever model they are about. */
function strip(verdicts: readonly Verdict[], ids: readonly string[]) {
  const sets = new Map<string, EncodedSet>();
  // Workers with equal rules share one verdict object.
  const done = new Map<Verdict, Stripped>();
  const stripped = verdicts.map((verdict) => {
    const known = done.get(verdict) ?? stripOne(verdict, ids, sets);
    done.set(verdict, known);
    return known;
  });
  return {
    texts: stripped.map(({ text }) => text),
    sets: [...sets.values()],
    setOf: stripped.map(({ set }) => set),
  };
}

function stripOne(
  { variants, recommendedVariant, ...rest }: Verdict,
  ids: readonly string[],
  sets: Map<string, EncodedSet>,
): Stripped {
  if (variants.length === 0) return { text: textOf(rest), set: undefined };
  const running = variants.length === ids.length ? [] : variants.map((id) => ids.indexOf(id));
  const set: EncodedSet = [ids.indexOf(recommendedVariant ?? ''), ...running];
  const name = set.join(',');
  if (!sets.has(name)) sets.set(name, set);
  const number = [...sets.keys()].indexOf(name);
  return { text: textOf({ ...rest, set: number }), set: number };
}

/**
 * Returns a verdict as JSON with its keys in order. The keys are written out for speed: thousands of rows of dozens of
 * verdicts pass here.
 */
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

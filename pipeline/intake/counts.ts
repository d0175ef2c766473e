/** What an intake counts: records, the fields they have, and what was thrown away, and why. */
import type { HubRecord } from '../crawl/record.ts';
import { compareNames } from '../lib/compare.ts';

export interface IntakeCounts {
  readonly read: number;
  readonly rejected: ReadonlyMap<string, number>;
  readonly rejectedExamples: readonly string[];
  readonly ignoredFields: ReadonlyMap<string, number>;
  /** Field -> records that have it. */
  readonly fields: ReadonlyMap<string, number>;
}

/** What verdicts rest on, and pages show. */
const COUNTED_FIELDS = [
  'baseModels',
  'cardData',
  'config',
  'configJson',
  'createdAt',
  'gated',
  'gguf',
  'lastModified',
  'library_name',
  'pipeline_tag',
  'safetensors',
  'sha',
  'siblings',
  'tags',
] as const;

/** A bit for each that is there and says something: a Hub that answers `[]` everywhere has lost the field. */
export function fieldsOf(record: HubRecord): number {
  let bits = 0;
  for (const [at, name] of COUNTED_FIELDS.entries()) if (!isEmpty(record[name])) bits |= 1 << at;
  return bits;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
}

/** Why a record that is longer than the cap is rejected. */
export const TOO_LONG = 'longer than the cap';

/** Rejections shown by name in the report. */
const MOST_EXAMPLES = 20;

export class Tally {
  #read = 0;
  readonly #rejected = new Map<string, number>();
  readonly #examples: string[] = [];
  readonly #ignored = new Map<string, number>();
  readonly #fields: number[] = COUNTED_FIELDS.map(() => 0);

  addRecord(): void {
    this.#read += 1;
  }

  /** `bits` as `fieldsOf` gives them. */
  addFields(bits: number): void {
    for (let at = 0; at < COUNTED_FIELDS.length; at += 1)
      if ((bits >>> at) & 1) this.#fields[at] = (this.#fields[at] ?? 0) + 1;
  }

  addIgnored(names: readonly string[]): void {
    for (const name of names) increase(this.#ignored, name, 1);
  }

  reject(reason: string, id: string | undefined): void {
    increase(this.#rejected, reason, 1);
    // Sorted and cut at the end, so that the order of the input does not show.
    if (id !== undefined) this.#examples.push(`${reason}: ${JSON.stringify(id.slice(0, 100))}`);
    if (this.#examples.length > MOST_EXAMPLES * 50) this.#trim();
  }

  /** What was counted so far. */
  counts(): IntakeCounts {
    this.#trim();
    const fields = COUNTED_FIELDS.map((name, at) => [name, this.#fields[at] ?? 0] as const);
    return {
      read: this.#read,
      rejected: this.#rejected,
      rejectedExamples: this.#examples,
      ignoredFields: this.#ignored,
      fields: new Map(fields.filter(([, n]) => n > 0)),
    };
  }

  #trim(): void {
    this.#examples.sort();
    this.#examples.length = Math.min(this.#examples.length, MOST_EXAMPLES);
  }
}

/** What is counted of lines that are longer than the cap, and nothing else. */
export function countTooLong(lines: number): IntakeCounts {
  const rejected = new Map(lines === 0 ? [] : [[TOO_LONG, lines]]);
  return { read: lines, rejected, rejectedExamples: [], ignoredFields: new Map(), fields: new Map() };
}

/** The counts of several, as if one had read everything. */
export function mergeCounts(all: readonly IntakeCounts[]): IntakeCounts {
  return {
    read: all.reduce((read, counts) => read + counts.read, 0),
    rejected: sum(all.map((counts) => counts.rejected)),
    rejectedExamples: all
      .flatMap((counts) => counts.rejectedExamples)
      .sort()
      .slice(0, MOST_EXAMPLES),
    ignoredFields: sum(all.map((counts) => counts.ignoredFields)),
    fields: sum(all.map((counts) => counts.fields)),
  };
}

function sum(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const merged = new Map<string, number>();
  for (const counts of maps) for (const [name, n] of counts) increase(merged, name, n);
  return new Map([...merged].sort(([a], [b]) => compareNames(a, b)));
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

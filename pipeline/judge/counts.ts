/** The counts taken while records are judged: how many were read, and how many were rejected or dropped, and why. */
import { fieldsWith } from '../extract/hub-fields.ts';
import type { HubRecord } from '../extract/record.ts';
import { compareNames } from '../lib/compare.ts';

export interface RecordCounts {
  readonly read: number;
  readonly rejected: ReadonlyMap<string, number>;
  readonly rejectedExamples: readonly string[];
  readonly ignoredFields: ReadonlyMap<string, number>;
}

export const COUNTED_FIELDS = fieldsWith('counted') as readonly (keyof HubRecord)[];

/** Returns a bit for each counted field that has a value. A Hub that answers `[]` everywhere has lost the field. */
export function fieldsOf(record: HubRecord): number {
  let bits = 0;
  for (let at = 0; at < COUNTED_FIELDS.length; at += 1)
    if (!isEmpty(record[COUNTED_FIELDS[at] as keyof HubRecord])) bits |= 1 << at;
  return bits;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
}

/** The most rejections that the report shows by name. */
const MOST_EXAMPLES = 20;
const MOST_ID_CHARS = 100;

export class Tally {
  #read = 0;
  readonly #rejected = new Map<string, number>();
  readonly #examples: string[] = [];
  readonly #ignored = new Map<string, number>();

  addRecord(): void {
    this.#read += 1;
  }

  addIgnored(names: readonly string[]): void {
    for (const name of names) increase(this.#ignored, name, 1);
  }

  /** Counts a rejection. `detail` follows the id in the report, where the reason alone does not say what to look for. */
  reject(reason: string, id: string | undefined, detail = ''): void {
    increase(this.#rejected, reason, 1);
    // Sorted and cut at the end, so that the order of the input does not show.
    if (id !== undefined)
      this.#examples.push(`${reason}: ${JSON.stringify(id.slice(0, MOST_ID_CHARS))}${detail}`);
    if (this.#examples.length > MOST_EXAMPLES * 50) this.#trim();
  }

  /** Returns the counts so far. */
  counts(): RecordCounts {
    this.#trim();
    return {
      read: this.#read,
      rejected: this.#rejected,
      rejectedExamples: this.#examples,
      ignoredFields: this.#ignored,
    };
  }

  #trim(): void {
    this.#examples.sort();
    this.#examples.length = Math.min(this.#examples.length, MOST_EXAMPLES);
  }
}

/** Returns the counts of several threads as if one had read everything. */
export function mergeCounts(all: readonly RecordCounts[]): RecordCounts {
  return {
    read: all.reduce((read, counts) => read + counts.read, 0),
    rejected: sumCounts(all.map((counts) => counts.rejected)),
    rejectedExamples: all
      .flatMap((counts) => counts.rejectedExamples)
      .sort()
      .slice(0, MOST_EXAMPLES),
    ignoredFields: sumCounts(all.map((counts) => counts.ignoredFields)),
  };
}

function sumCounts(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const merged = new Map<string, number>();
  for (const counts of maps) for (const [name, n] of counts) increase(merged, name, n);
  return new Map([...merged].sort(([a], [b]) => compareNames(a, b)));
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

/**
 * The totals of all parts: counts per worker, the allowlist, lists, refusals, unlocks. They are counted from rows, not
 * from models.
 */
import type { Confidence } from '../evaluate/verdict.ts';
import { type SharedFacts, SOURCED_FACTS, type TableVerdict } from '../format/encoding.ts';
import type { SentTable } from '../judge/verdict-table.ts';
import { compareNames } from '../lib/compare.ts';
import { fillText } from '../lib/placeholders.ts';
import type { WorkerModels } from '../read/index.ts';
import { MOST_EXAMPLES, mostDownloaded, type Ranked, type RowTotals, type WriteTotals } from './shards.ts';

/** The models and downloads that one capability would add, with the most downloaded of them. */
export interface Unlock {
  readonly models: number;
  readonly downloads: number;
  readonly best: readonly Ranked[];
}

type WorkerCounts = Record<Exclude<Confidence, 'none'> | 'unknown' | 'incompatible', number>;

/** A row with its models counted. */
export interface CountedRow {
  readonly key: string;
  /** The verdicts of the row, with marks where the models have names that no worker knows. */
  readonly verdicts: readonly TableVerdict[];
  readonly shared: SharedFacts;
  readonly allowed: boolean;
  readonly totals: RowTotals;
}

export class Totals {
  readonly doubles: number;
  /** The number of models whose record has each counted field. */
  readonly fields: readonly number[];
  readonly allowlist: readonly string[];
  readonly rows: readonly CountedRow[];
  /** The ids of models that some worker runs, sorted; `#rowOf` has the number of the row of each. */
  readonly #ids: readonly string[];
  readonly #rowOf: Int32Array;

  /** Adds up the results of write jobs. `gate` has the places of the gate workers in a row. */
  constructor(table: SentTable, written: readonly WriteTotals[], gate: readonly number[]) {
    const verdicts = table.verdicts.map((text) => JSON.parse(text) as TableVerdict);
    const lists = table.lists.map((numbers) => numbers.map((number) => verdicts[number] as TableVerdict));
    const counted = mergeRows(written);
    this.doubles = written.reduce((all, { doubles }) => all + doubles, 0);
    this.fields = (written[0]?.fields ?? []).map((_, at) =>
      written.reduce((all, { fields }) => all + (fields[at] ?? 0), 0),
    );
    this.rows = table.rows.flatMap(([key, list, shared]) => {
      const totals = counted.get(key);
      if (totals === undefined) return [];
      const row = lists[list] ?? [];
      const allowed = gate.some((at) => row[at]?.compatible === true);
      return [{ key, verdicts: row, shared: JSON.parse(shared) as SharedFacts, allowed, totals }];
    });
    const numbers = new Map(this.rows.map(({ key }, at) => [key, at]));
    // A tab is smaller than any sign of a repo id: lines sort as ids do.
    const lines = written.flatMap(({ running }) => running).sort();
    this.#rowOf = Int32Array.from(lines, (line) => numbers.get(line.slice(line.indexOf('\t') + 1)) ?? -1);
    this.#ids = lines.map((line) => line.slice(0, line.indexOf('\t')));
    this.allowlist = this.#ids.filter((_, at) => this.rows[this.#rowOf[at] ?? -1]?.allowed === true);
  }

  get models(): number {
    return this.rows.reduce((all, { totals }) => all + totals.models, 0);
  }

  kinds(): Record<string, number> {
    return countBy(this.rows, ({ shared }) => [shared.k ?? 'unknown']);
  }

  /** Returns sourced fact -> the number of models that lack it. */
  unknownFacts(): Record<string, number> {
    const none = Object.fromEntries(SOURCED_FACTS.map(([, name]) => [name, 0]));
    const missing = countBy(this.rows, ({ shared }) =>
      SOURCED_FACTS.filter((_, at) => shared.s[at] === '-').map(([, name]) => name),
    );
    return { ...none, ...missing };
  }

  /** Returns the models that the worker at this place of a row runs. */
  listFor(place: number): WorkerModels {
    const confidences = this.rows.map(({ verdicts }) => verdicts[place]?.confidence);
    const list = (wanted: Confidence) =>
      this.#ids.filter((_, at) => confidences[this.#rowOf[at] ?? -1] === wanted);
    return { high: list('high'), medium: list('medium'), low: list('low') };
  }

  /** Returns a line for each row in which some worker runs the models: the row key, then the ids of its models. */
  runningLines(): string[] {
    const ids: string[][] = this.rows.map(() => []);
    for (const [at, id] of this.#ids.entries()) ids[this.#rowOf[at] ?? -1]?.push(id);
    return ids.flatMap((list, at) =>
      list.length === 0 ? [] : [`["${this.rows[at]?.key}","${list.join('","')}"]\n`],
    );
  }

  countsFor(place: number): WorkerCounts {
    const counts: WorkerCounts = { high: 0, medium: 0, low: 0, unknown: 0, incompatible: 0 };
    for (const { verdicts, totals } of this.rows) {
      const { confidence = 'none', status = 'unknown' } = verdicts[place] ?? {};
      const name = confidence === 'none' && status !== 'compatible' ? status : confidence;
      if (name !== 'none') counts[name] += totals.models;
    }
    return counts;
  }

  /** Counts the models that some of the workers at these places run, and those that none runs and some might. */
  countsForAny(places: readonly number[]): { compatible: number; unknown: number } {
    const counts = { compatible: 0, unknown: 0 };
    for (const { verdicts, totals } of this.rows) {
      const statuses = places.map((at) => verdicts[at]?.status);
      const best = statuses.includes('compatible') ? 'compatible' : 'unknown';
      if (statuses.includes(best)) counts[best] += totals.models;
    }
    return counts;
  }

  /** Returns code of the first reason -> the models and downloads that the worker does not run. */
  refusalsFor(place: number): Map<string, { models: number; downloads: number }> {
    const refusals = new Map<string, { models: number; downloads: number }>();
    for (const { verdicts, totals } of this.rows) {
      const verdict = verdicts[place];
      if (verdict === undefined || verdict.compatible) continue;
      const code = verdict.reasonCodes[0] ?? 'none';
      const { models, downloads } = refusals.get(code) ?? { models: 0, downloads: 0 };
      refusals.set(code, {
        models: models + totals.models,
        downloads: downloads + totals.downloads,
      });
    }
    return refusals;
  }

  /** Returns capability -> the models that it alone would add to the allowlist. */
  unlocksFor(place: number): Map<string, Unlock> {
    const unlocks = new Map<string, Unlock>();
    for (const { verdicts, shared, totals, allowed } of this.rows) {
      if (allowed) continue;
      for (const marked of verdicts[place]?.unlockedBy ?? []) {
        const capability = fillText(marked, shared);
        const { models, downloads, best } = unlocks.get(capability) ?? { models: 0, downloads: 0, best: [] };
        unlocks.set(capability, {
          models: models + totals.models,
          downloads: downloads + totals.downloads,
          best: mostDownloaded([...best, ...totals.best], MOST_EXAMPLES),
        });
      }
    }
    return unlocks;
  }
}

function mergeRows(written: readonly WriteTotals[]): Map<string, RowTotals> {
  const merged = new Map<string, RowTotals>();
  for (const [key, { models, downloads, best }] of written.flatMap(({ rows }) => rows)) {
    const before = merged.get(key);
    merged.set(key, {
      models: models + (before?.models ?? 0),
      downloads: downloads + (before?.downloads ?? 0),
      best: before === undefined ? best : mostDownloaded([...before.best, ...best], MOST_EXAMPLES),
    });
  }
  return merged;
}

function countBy(
  rows: readonly CountedRow[],
  namesOf: (row: CountedRow) => readonly string[],
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const name of namesOf(row)) counts.set(name, (counts.get(name) ?? 0) + row.totals.models);
  return Object.fromEntries([...counts].sort(([a], [b]) => compareNames(a, b)));
}

/** One line of a listing -> parsed, extracted, evaluated, spooled. Counts what it throws away, and says why. */
import type { BaseContexts } from './base-context.ts';
import { parseRecord } from './crawl/record.ts';
import type { VerdictRow } from './evaluate/memo.ts';
import { extractMetadata } from './extract/index.ts';
import { factValue, type ModelMetadata } from './extract/metadata.ts';
import type { Tables } from './extract/tables.ts';
import { parseJson } from './lib/json.ts';
import { encodeFacts } from './write/encode.ts';
import type { Spool } from './write/spool.ts';
import type { VerdictTable } from './write/verdict-table.ts';

export interface IntakeOptions {
  readonly tables: Tables;
  readonly verdictsOf: (model: ModelMetadata) => VerdictRow;
  /** Which places of a row decide the allowlist. */
  readonly gate: readonly number[];
  readonly spool: Spool;
  readonly bases: BaseContexts;
  readonly table: VerdictTable;
}

export interface IntakeCounts {
  read: number;
  readonly rejected: Map<string, number>;
  readonly rejectedExamples: string[];
  readonly ignoredFields: Map<string, number>;
  /** Field -> records that have it. */
  readonly fields: Map<string, number>;
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

/** Rejections shown by name in the report. */
const MOST_EXAMPLES = 20;

export class Intake {
  readonly counts: IntakeCounts = {
    read: 0,
    rejected: new Map(),
    rejectedExamples: [],
    ignoredFields: new Map(),
    fields: new Map(),
  };
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  takeLine(line: Buffer): void {
    this.counts.read += 1;
    const input = parseJson(line.toString('utf8'));
    if (input === undefined) {
      this.#reject('not JSON', undefined);
      return;
    }
    const parsed = parseRecord(input);
    if (parsed.ok) {
      for (const name of parsed.ignored) add(this.counts.ignoredFields, name);
      for (const name of COUNTED_FIELDS) if (parsed.record[name] !== undefined) add(this.counts.fields, name);
      const model = extractMetadata(parsed.record, this.#options.tables);
      if (this.#options.bases.mustWait(model)) this.#options.bases.wait(model);
      else this.#take(model);
    } else {
      this.#reject(parsed.reason, parsed.id);
    }
  }

  takeTooLong(lines: number): void {
    for (let line = 0; line < lines; line += 1) {
      this.counts.read += 1;
      this.#reject('longer than the cap', undefined);
    }
  }

  #reject(reason: string, id: string | undefined): void {
    add(this.counts.rejected, reason);
    // Sorted and cut at the end, so that the order of the input does not show.
    if (id !== undefined) this.counts.rejectedExamples.push(`${reason}: ${JSON.stringify(id.slice(0, 100))}`);
    if (this.counts.rejectedExamples.length > MOST_EXAMPLES * 50) this.#trimExamples();
  }

  #take(model: ModelMetadata): void {
    const { verdictsOf, gate, spool, table } = this.#options;
    const row = verdictsOf(model);
    const allowed = gate.some((at) => row[at]?.compatible === true);
    spool.add({
      id: model.id,
      lastModified: model.lastModified,
      row: table.add(row),
      kind: factValue(model.kind) ?? 'unknown',
      allowed,
      downloads: numberOr(model.downloads),
      bases: allowed && isCopy(model) ? model.baseModels.ids : [],
      volatile: JSON.stringify([
        numberOr(model.downloads),
        numberOr(model.likes),
        numberOr(model.trendingScore),
      ]),
      facts: JSON.stringify(encodeFacts(model, allowed)),
    });
  }

  /** Judges those that waited for their base models; nothing may be taken after it. */
  finish(): IntakeCounts {
    for (const model of this.#options.bases.release()) this.#take(model);
    this.#trimExamples();
    return this.counts;
  }

  #trimExamples(): void {
    this.counts.rejectedExamples.sort();
    this.counts.rejectedExamples.length = Math.min(this.counts.rejectedExamples.length, MOST_EXAMPLES);
  }
}

/** The same model stored otherwise, not trained further. */
function isCopy({ baseModels }: ModelMetadata): boolean {
  return baseModels.relation === 'quantized';
}

function numberOr(value: number | 'unknown'): number {
  return value === 'unknown' ? -1 : value;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

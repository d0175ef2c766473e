/** out/ as a flat table: a row per model and worker, as JSON lines or CSV. */
import { estimateMemory, type SizingWorker } from '../evaluate/memory.ts';
import { type Fact, factValue } from '../extract/metadata.ts';
import type { MatrixModel } from '../format/decode.ts';
import type { Matrix } from '../read/index.ts';

const COLUMNS = [
  'model',
  'worker',
  'status',
  'confidence',
  'reasonCodes',
  'variant',
  'contextLength',
  'parameters',
  'sizeBytes',
  'memoryBytes',
  'memoryGrade',
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | readonly string[] | null>>;

/** Lines without their newlines; the first of CSV is the header. Unknown is null, in CSV an empty cell. */
export async function* exportMatrix(matrix: Matrix, format: 'jsonl' | 'csv'): AsyncGenerator<string> {
  if (format === 'csv') yield COLUMNS.join(',');
  const sizing = {
    workers: new Map((await matrix.workers()).map((worker) => [worker.id, worker])),
    bitsPerWeight: await matrix.bitsPerWeight(),
  };
  for await (const model of matrix.models()) {
    for (const row of rowsOf(model, sizing)) {
      yield format === 'csv' ? COLUMNS.map((name) => csvCell(row[name])).join(',') : JSON.stringify(row);
    }
  }
}

/** What the memory of a model is told by. */
interface Sizing {
  readonly workers: ReadonlyMap<string, SizingWorker>;
  readonly bitsPerWeight: ReadonlyMap<string, number>;
}

function rowsOf({ id, facts, verdicts }: MatrixModel, { workers, bitsPerWeight }: Sizing): Row[] {
  const sizes = new Map(facts.variants.map((variant) => [variant.id, variant.sizeBytes]));
  return [...verdicts].map(([worker, { status, confidence, reasonCodes, recommendedVariant }]) => {
    const size = sizes.get(recommendedVariant ?? '');
    const sizing = workers.get(worker);
    const memory =
      recommendedVariant === null || sizing === undefined
        ? undefined
        : estimateMemory(facts, sizing, { variant: recommendedVariant, bitsPerWeight });
    return {
      model: id,
      worker,
      status,
      confidence,
      reasonCodes,
      variant: recommendedVariant,
      contextLength: numberOf(facts.contextLength),
      parameters: numberOf(facts.parameters.total),
      sizeBytes: typeof size === 'number' ? size : null,
      memoryBytes: typeof memory?.totalBytes === 'number' ? memory.totalBytes : null,
      memoryGrade: memory?.grade ?? null,
    };
  });
}

function numberOf(fact: Fact<number>): number | null {
  return factValue(fact) ?? null;
}

/** Spreadsheets take text that begins like this for a formula (OWASP, CSV injection), also in full-width signs, or behind white space. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/**
 * Quoted as RFC 4180 wants; what would be a formula to a spreadsheet gets a quote mark. An out/ of others may hold any
 * value, which is told as text.
 */
export function csvCell(value: Row[keyof Row]): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = Array.isArray(value) ? value.map(String).join(' ') : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

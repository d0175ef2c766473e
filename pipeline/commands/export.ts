/** out/ as a flat table: a row per model and worker, as JSON lines or CSV. */
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
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | readonly string[] | null>>;

/** Lines without their newlines; the first of CSV is the header. Unknown is null, in CSV an empty cell. */
export async function* exportMatrix(matrix: Matrix, format: 'jsonl' | 'csv'): AsyncGenerator<string> {
  if (format === 'csv') yield COLUMNS.join(',');
  for await (const model of matrix.models()) {
    for (const row of rowsOf(model)) {
      yield format === 'csv' ? COLUMNS.map((name) => csvCell(row[name])).join(',') : JSON.stringify(row);
    }
  }
}

function rowsOf({ id, facts, verdicts }: MatrixModel): Row[] {
  const sizes = new Map(facts.variants.map((variant) => [variant.id, variant.sizeBytes]));
  return [...verdicts].map(([worker, { status, confidence, reasonCodes, recommendedVariant }]) => {
    const size = sizes.get(recommendedVariant ?? '');
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

/** Exports out/ as a flat table: a row per model and worker, as JSON lines or CSV. */
import { estimateMemory, type MemoryEstimate, type SizingWorker } from '../evaluate/memory.ts';
import type { Verdict } from '../evaluate/verdict.ts';
import { type Fact, factValue } from '../extract/metadata.ts';
import type { MatrixModel } from '../format/decode.ts';
import type { PublishedWorker } from '../format/files.ts';
import type { Matrix } from '../read/index.ts';
import type { ExportOptions } from './query-options.ts';

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
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | readonly string[] | null>> & {
  readonly worker: string;
};

/** The rows to write, and their format. */
type Asked = Pick<ExportOptions, 'format' | 'allowed'>;

/**
 * Yields a row per model and worker: lines without their newlines; the first of CSV is the header. Unknown is
 * null, in CSV an empty cell.
 */
export async function* exportPairs(
  matrix: Matrix,
  workers: readonly PublishedWorker[],
  { format, allowed }: Asked,
): AsyncGenerator<string> {
  if (format === 'csv') yield COLUMNS.join(',');
  const ids = new Set(workers.map(({ id }) => id));
  const sizing = {
    workers: new Map(workers.map((worker) => [worker.id, worker])),
    bitsPerWeight: await matrix.bitsPerWeight(),
  };
  for await (const model of modelsOf(matrix, allowed)) {
    for (const row of rowsOf(model, sizing)) {
      if (!ids.has(row.worker)) continue;
      yield format === 'csv' ? COLUMNS.map((name) => csvCell(row[name])).join(',') : JSON.stringify(row);
    }
  }
}

type Cell = string | number | boolean | null;

/** A model, and what its columns need beside its facts. */
interface WideRow {
  readonly model: MatrixModel;
  readonly allowed: boolean;
  readonly memory: MemoryEstimate | undefined;
}

/** The columns before those of the workers, each with its value. A new column needs a line here alone. */
const WIDE_COLUMNS: readonly (readonly [name: string, value: (row: WideRow) => Cell])[] = [
  ['model', ({ model }) => model.id],
  ['allowed', ({ allowed }) => allowed],
  ['family', ({ model }) => factValue(model.facts.architecture) ?? null],
  ['license', ({ model }) => knownOr(model.facts.license)],
  ['parameters', ({ model }) => numberOf(model.facts.parameters.total)],
  ['contextLength', ({ model }) => numberOf(model.facts.contextLength)],
  ['memoryBytes', ({ memory }) => numberOr(memory?.totalBytes)],
  ['memoryGrade', ({ memory }) => memory?.grade ?? null],
  ['downloads', ({ model }) => knownOr(model.facts.downloads)],
];

/**
 * Yields a row per model with a column per worker: the confidence where it runs, else `no` or `unknown`.
 * Otherwise as `exportPairs`.
 */
export async function* exportWide(
  matrix: Matrix,
  workers: readonly PublishedWorker[],
  { format, allowed }: Asked,
): AsyncGenerator<string> {
  const columns = [...WIDE_COLUMNS.map(([name]) => name), ...workers.map(({ id }) => id)];
  if (format === 'csv') yield columns.map(csvCell).join(',');
  const bitsPerWeight = await matrix.bitsPerWeight();
  const running = new Set(await matrix.allowlist());
  for await (const model of modelsOf(matrix, allowed)) {
    const memory = memoryOf(model, workers, bitsPerWeight);
    const row = { model, allowed: running.has(model.id), memory };
    const values: Cell[] = [
      ...WIDE_COLUMNS.map(([, value]) => value(row)),
      ...workers.map((worker) => cellOf(model.verdicts.get(worker.id))),
    ];
    yield format === 'csv'
      ? values.map((value) => csvCell(typeof value === 'boolean' ? String(value) : value)).join(',')
      : JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, values[at]])));
  }
}

function modelsOf(matrix: Matrix, allowed: boolean): AsyncGenerator<MatrixModel> {
  return allowed ? allowedModels(matrix) : matrix.models();
}

async function* allowedModels(matrix: Matrix): AsyncGenerator<MatrixModel> {
  yield* matrix.find(await matrix.allowlist());
}

function cellOf(verdict: Verdict | undefined): string | null {
  if (verdict === undefined) return null;
  if (verdict.compatible) return verdict.confidence;
  return verdict.status === 'unknown' ? 'unknown' : 'no';
}

function knownOr<T extends string | number>(value: T | 'unknown'): T | null {
  return value === 'unknown' ? null : value;
}

/**
 * Returns the memory on the first of the workers that runs it: the marketplace's workers come before engines.
 */
function memoryOf(
  { facts, verdicts }: MatrixModel,
  workers: readonly PublishedWorker[],
  bitsPerWeight: ReadonlyMap<string, number>,
): MemoryEstimate | undefined {
  const own = [...workers].sort((a, b) => Number(b.gate) - Number(a.gate));
  for (const worker of own) {
    const variant = verdicts.get(worker.id)?.recommendedVariant;
    if (typeof variant === 'string') return estimateMemory(facts, worker, { variant, bitsPerWeight });
  }
  return undefined;
}

/** The facts by which the memory of a model is estimated. */
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
      sizeBytes: numberOr(size),
      memoryBytes: numberOr(memory?.totalBytes),
      memoryGrade: memory?.grade ?? null,
    };
  });
}

function numberOr(value: number | 'unknown' | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function numberOf(fact: Fact<number>): number | null {
  return factValue(fact) ?? null;
}

/**
 * Matches text that spreadsheets take for a formula by its beginning (OWASP, CSV injection), also in
 * full-width signs, or behind white space.
 */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/**
 * Quotes a cell as RFC 4180 wants; text that a spreadsheet would take for a formula gets a quote mark. An
 * out/ of others may hold any value, which is written as text.
 */
export function csvCell(value: Row[keyof Row]): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = Array.isArray(value) ? value.map(String).join(' ') : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

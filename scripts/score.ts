/**
 * Scores the pipeline: `npm run score -- CASES` serves cases with known answers from the stand-in Hub, builds from it,
 * and compares; then the same in two readings, live (sizes and config.json known) and by the listing alone. It prints
 * every miss and a line per column, and exits with 1 when there is a miss.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { loadTables } from '../pipeline/data/load-tables.ts';
import { extractMetadata } from '../pipeline/extract/index.ts';
import { factValue, type ModelMetadata } from '../pipeline/extract/metadata.ts';
import { parseRecord } from '../pipeline/extract/record.ts';
import type { Matrix } from '../pipeline/read/index.ts';
import { openMatrix } from '../pipeline/read/node.ts';
import { type Case, readCases, verdictsOf } from './score/case.ts';
import { isDisputed, scoreReadings } from './score/readings.ts';
import { PUBLIC_CASES, startStandInHub } from './stand-in-hub.ts';

/** Column of the cases -> the workers that must all give the expected verdict. vLLM's quantizations are CUDA's. */
const COLUMNS: Readonly<Record<string, RegExp>> = {
  'rbee-llm': /^llm-worker-rbee-/,
  'rbee-sd': /^sd-worker-rbee-/,
  'llama.cpp': /^llama\.cpp-/,
  vllm: /^vllm-(?:cuda|rocm)$/,
};

export interface Score {
  readonly column: string;
  readonly right: number;
  readonly total: number;
  readonly misses: readonly string[];
}

/** The facts that a reader found in each public case, as a second check of kinds, counts, contexts and variants. */
interface KnownFacts {
  readonly kind: string;
  readonly parameters: number | 'unknown';
  readonly context: number | 'unknown';
  /** The ids of the variants in the order of their files, with their number of parts. */
  readonly variants: string;
}

const KNOWN_FACTS = new URL('known-facts.json', import.meta.url);
/** The share of the true count by which a count may differ: unpacking leaves out small index tensors. */
const COUNT_TOLERANCE = 0.002;

const FACT_CHECKS: Readonly<
  Record<string, (found: ModelMetadata, wanted: KnownFacts) => string | undefined>
> = {
  kinds: ({ kind }, wanted) => differing(factValue(kind) ?? 'unknown', wanted.kind),
  contexts: ({ contextLength }, wanted) => differing(factValue(contextLength) ?? 'unknown', wanted.context),
  variants: ({ variants }, wanted) =>
    differing(
      variants.map(({ id, weightShards }) => (weightShards > 1 ? `${id}/${weightShards}` : id)).join(' '),
      wanted.variants,
    ),
  parameters: ({ parameters: { total } }, { parameters: wanted }) => {
    const found = factValue(total) ?? 'unknown';
    if (found === 'unknown' || wanted === 'unknown') return differing(found, wanted);
    return Math.abs(found / wanted - 1) <= COUNT_TOLERANCE ? undefined : differing(found, wanted);
  },
};

function differing(found: string | number, wanted: string | number): string | undefined {
  return found === wanted ? undefined : `expected ${wanted}, found ${found}`;
}

/** Extracts each case as the crawl would provide it, and compares with the known facts. */
async function scoreFacts(cases: readonly Case[]): Promise<Score[]> {
  const known = JSON.parse(readFileSync(KNOWN_FACTS, 'utf8')) as Record<string, KnownFacts>;
  const tables = loadTables();
  const models = cases.flatMap(({ case: name, record }) => {
    const facts = known[name];
    const parsed = parseRecord({ ...record, configJson: record._content?.['config.json'] });
    return facts === undefined || !parsed.ok
      ? []
      : [{ name, facts, model: extractMetadata(parsed.record, tables) }];
  });
  return Object.entries(FACT_CHECKS).map(([column, check]) => {
    const misses = models.flatMap(({ name, facts, model }) => {
      const problem = check(model, facts);
      return problem === undefined ? [] : [`${column}  ${name}: ${problem}`];
    });
    return { column, right: models.length - misses.length, total: models.length, misses };
  });
}

export async function scoreCases(path: string): Promise<Score[]> {
  const cases = readCases(path);
  const dir = mkdtempSync(join(tmpdir(), 'score-'));
  const records = join(dir, 'records.jsonl');
  writeFileSync(records, cases.map(({ record }) => `${JSON.stringify(record)}\n`).join(''));
  const hub = await startStandInHub(records);
  try {
    const out = join(dir, 'out');
    const flags = ['--source', 'hub', '--out', out, '--cache', join(dir, 'cache')];
    await build(buildOptions(flags, { HF_ENDPOINT: hub.endpoint }), () => new Date());
    const matrix = await openMatrix(out);
    const verdicts = await Promise.all(
      Object.entries(COLUMNS).map(([column, pattern]) => scoreColumn(matrix, cases, column, pattern)),
    );
    return [...verdicts, ...(await scoreFacts(cases)), ...scoreReadings(cases)];
  } finally {
    await hub.stop();
    rmSync(dir, { recursive: true });
  }
}

async function scoreColumn(
  matrix: Matrix,
  cases: readonly Case[],
  column: string,
  pattern: RegExp,
): Promise<Score> {
  const misses: string[] = [];
  // The crawl fetches config.json for what a gate worker may run; of the rest it knows the listing, and may not know.
  const gate = column.startsWith('rbee-');
  let total = 0;
  for (const { case: name, record, expect } of cases) {
    const wanted = verdictsOf(expect[column]);
    if (wanted === undefined || isDisputed(name, column)) continue;
    const model = await matrix.model(record.id);
    const workers = [...(model?.verdicts ?? [])].filter(([id]) => pattern.test(id));
    total += 1;
    const wrong = workers.find(
      ([, { status }]) => !wanted.includes(status) && (gate || status !== 'unknown'),
    );
    if (workers.length > 0 && wrong === undefined) continue;
    const found =
      wrong === undefined ? 'not in the matrix' : `${wrong[1].status} [${wrong[1].reasonCodes.join(' ')}]`;
    misses.push(`${column}  ${name}  ${record.id}: expected ${wanted.join(' or ')}, found ${found}`);
  }
  return { column, right: total - misses.length, total, misses };
}

if (process.argv[1] === import.meta.filename) {
  const scores = await scoreCases(process.argv[2] ?? PUBLIC_CASES);
  for (const { misses } of scores) for (const miss of misses) console.log(miss);
  for (const { column, right, total } of scores) {
    console.log(`${column.padEnd(30)} ${right} of ${total} right (${((100 * right) / total).toFixed(1)} %)`);
  }
  process.exitCode = scores.every(({ misses }) => misses.length === 0) ? 0 : 1;
}

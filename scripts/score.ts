/**
 * npm run score -- CASES: serves cases with known verdicts from the stand-in Hub, builds from it, and compares.
 * Prints every miss and a line per column; exits 1 when there is a miss.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/options.ts';
import { type Matrix, openMatrix } from '../pipeline/read/index.ts';
import { PUBLIC_CASES, startStandInHub } from './stand-in-hub.ts';

interface Case {
  readonly case: string;
  readonly record: { readonly id: string };
  readonly expect: Readonly<Record<string, 'compatible' | 'incompatible' | 'unknown' | null>>;
}

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

export async function scoreCases(path: string): Promise<Score[]> {
  const cases = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
  const dir = mkdtempSync(join(tmpdir(), 'score-'));
  const records = join(dir, 'records.jsonl');
  writeFileSync(records, cases.map(({ record }) => `${JSON.stringify(record)}\n`).join(''));
  const hub = await startStandInHub(records);
  try {
    const out = join(dir, 'out');
    const options = buildOptions(['--source', 'hub', '--out', out], { HF_ENDPOINT: hub.endpoint });
    await build(
      options,
      () => new Date(),
      () => {},
    );
    const matrix = await openMatrix(out);
    return await Promise.all(
      Object.entries(COLUMNS).map(([column, pattern]) => scoreColumn(matrix, cases, column, pattern)),
    );
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
  let total = 0;
  for (const { case: name, record, expect } of cases) {
    const wanted = expect[column];
    if (wanted === null || wanted === undefined) continue;
    const model = await matrix.model(record.id);
    const workers = [...(model?.verdicts ?? [])].filter(([id]) => pattern.test(id));
    total += 1;
    const wrong = workers.find(([, { status }]) => status !== wanted);
    if (workers.length > 0 && wrong === undefined) continue;
    const found =
      wrong === undefined ? 'not in the matrix' : `${wrong[1].status} [${wrong[1].reasonCodes.join(' ')}]`;
    misses.push(`${column}  ${name}  ${record.id}: expected ${wanted}, found ${found}`);
  }
  return { column, right: total - misses.length, total, misses };
}

if (process.argv[1] === import.meta.filename) {
  const scores = await scoreCases(process.argv[2] ?? PUBLIC_CASES);
  for (const { misses } of scores) for (const miss of misses) console.log(miss);
  for (const { column, right, total } of scores) {
    console.log(`${column.padEnd(10)} ${right} of ${total} right (${((100 * right) / total).toFixed(1)} %)`);
  }
  process.exitCode = scores.every(({ misses }) => misses.length === 0) ? 0 : 1;
}

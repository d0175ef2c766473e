/** Scores the cases in both readings, with a column for each key of `expect` that some case has. */
import { readFileSync } from 'node:fs';
import { loadTables } from '../../pipeline/data/load-tables.ts';
import { loadWorkers } from '../../pipeline/data/workers.ts';
import { WORKERS_GLOB } from '../../pipeline/lib/paths.ts';
import type { Score } from '../score.ts';
import { type Case, type Reading, readAs } from './case.ts';
import { CHECKS, checkVerdicts, type Found } from './checks.ts';

interface Disputed {
  readonly case: string;
  readonly keys: readonly string[];
}

const DISPUTED = (
  JSON.parse(readFileSync(new URL('disputed.json', import.meta.url), 'utf8')) as {
    readonly disputed: readonly Disputed[];
  }
).disputed;

/** Tells whether facts contradict the expectation, by disputed.json. */
export function isDisputed(name: string, key: string): boolean {
  return DISPUTED.some((one) => one.case === name && one.keys.includes(key));
}

export function scoreReadings(cases: readonly Case[]): Score[] {
  return (['live', 'listing'] as const).flatMap((reading) => scoreReading(reading, cases));
}

function scoreReading(reading: Reading, cases: readonly Case[]): Score[] {
  const tables = loadTables();
  const workers = loadWorkers(WORKERS_GLOB);
  const tallies = new Map<string, { total: number; misses: string[] }>();
  for (const one of cases) {
    const model = readAs(reading, one, tables);
    if (model === undefined) continue;
    for (const key of Object.keys(one.expect)) {
      const problem = problemOf({ model, reading, workers }, one, key);
      const tally = tallies.get(key) ?? { total: 0, misses: [] };
      tally.total += 1;
      if (problem !== undefined) tally.misses.push(`${reading} ${key}  ${one.case}: ${problem}`);
      tallies.set(key, tally);
    }
  }
  return [...tallies].map(([key, { total, misses }]) => ({
    column: `${reading} ${key}`,
    right: total - misses.length,
    total,
    misses,
  }));
}

function problemOf(found: Found, { case: name, expect }: Case, key: string): string | undefined {
  return isDisputed(name, key) ? undefined : (CHECKS[key] ?? checkVerdicts(key))(found, expect);
}

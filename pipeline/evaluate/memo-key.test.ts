import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadTables } from '../data/load-tables.ts';
import { loadWorkers } from '../data/workers.ts';
import { extractMetadata } from '../extract/index.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { parseRecord } from '../extract/record.ts';
import { findMatches } from '../lib/find-files.ts';
import { SNAPSHOT_GLOB, WORKERS_GLOB } from '../lib/paths.ts';
import { judgeRoutes, verdictOf } from './index.ts';
import { rememberVerdicts } from './memo.ts';

const tables = loadTables();
const workers = loadWorkers(WORKERS_GLOB);
const models = findMatches(SNAPSHOT_GLOB)
  .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
  .filter((line) => line !== '')
  .flatMap((line) => {
    const parsed = parseRecord(JSON.parse(line));
    return parsed.ok ? [extractMetadata(parsed.record, tables)] : [];
  });

/** Returns a model that notes which of its fields are read. */
function watched(model: ModelMetadata, read: Set<string>): ModelMetadata {
  return new Proxy(model, {
    get(target, field) {
      read.add(String(field));
      return Reflect.get(target, field);
    },
  });
}

it('has every field that a rule reads in the key of its verdict', () => {
  const verdictsOf = rememberVerdicts(workers, () => true);
  const [judged, keyed] = [new Set<string>(), new Set<string>()];
  for (const model of models) {
    for (const worker of workers) {
      const seen = watched(model, judged);
      verdictOf(seen, worker, judgeRoutes(seen, worker));
    }
    // The second time the verdicts are known: no more than the key is read.
    verdictsOf(model);
    verdictsOf(watched(model, keyed));
  }
  expect(models.length).toBeGreaterThan(100);
  expect([...judged].filter((field) => !keyed.has(field))).toEqual([]);
});

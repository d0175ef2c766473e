import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadTables } from '../data/load-tables.ts';
import { loadWorkers } from '../data/workers.ts';
import { extractMetadata } from '../extract/index.ts';
import type { ModelMetadata } from '../extract/metadata.ts';
import { parseRecord } from '../extract/record.ts';
import { findMatches } from '../lib/find-files.ts';
import { SNAPSHOT_GLOB, WORKERS_GLOB } from '../lib/paths.ts';
import { checkCompatibility } from './index.ts';
import { rememberVerdicts } from './memo.ts';

const workers = loadWorkers(WORKERS_GLOB);
const tables = loadTables();

/** Returns the models of the snapshot. */
function models(): ModelMetadata[] {
  return findMatches(SNAPSHOT_GLOB)
    .flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'))
    .flatMap((line) => {
      const parsed = parseRecord(JSON.parse(line));
      return parsed.ok ? [extractMetadata(parsed.record, tables)] : [];
    });
}

/** Returns the model, which notes in `read` the names of the facts that are read. */
function noting(model: ModelMetadata, read: Set<string>): ModelMetadata {
  return new Proxy(model, {
    get(facts, name) {
      read.add(String(name));
      return Reflect.get(facts, name);
    },
  });
}

it('a fact that a rule reads is in the key by which models share verdicts', () => {
  const byRules = new Set<string>();
  const byKey = new Set<string>();
  const remember = rememberVerdicts(workers, (row) => row);
  for (const model of models()) {
    for (const worker of workers) checkCompatibility(noting(model, byRules), worker);
    remember(model);
    // The second time only the key is computed.
    remember(noting(model, byKey));
  }
  // The warning about a long context is added to the shared verdict afterwards.
  const shared = [...byRules].filter((name) => name !== 'contextLength');
  expect(shared.filter((name) => !byKey.has(name))).toEqual([]);
});

/** Loads workers by a list of ids, programs, or patterns of the files that describe them. */
import { compareNames } from '../lib/compare.ts';
import { UsageError } from '../lib/errors.ts';
import { WORKERS_GLOB } from '../lib/paths.ts';
import { workersNamed } from './named-workers.ts';
import * as say from './sentences.ts';
import type { Worker } from './worker.ts';
import { loadWorkers } from './workers.ts';

/** Matches a part of the list that is no name of a worker: a path, or a pattern of paths. */
const PATTERN = /[/\\*?{[]|\.json$/;

/**
 * Loads workers, sorted by id. `list`: ids, programs and patterns, separated by commas.
 *
 * @throws UsageError naming the part that matches nothing; DataError when a file is wrong.
 */
export function chooseWorkers(list: string): Worker[] {
  if (list === WORKERS_GLOB) return loadWorkers(WORKERS_GLOB);
  const parts = splitList(list);
  const chosen = new Map<string, Worker>();
  for (const part of parts)
    for (const worker of PATTERN.test(part)
      ? loadWorkers(part)
      : workersNamed(part, loadWorkers(WORKERS_GLOB)))
      if (!chosen.has(worker.id)) chosen.set(worker.id, worker);
  if (chosen.size === 0) throw new UsageError(say.NO_WORKERS_NAMED);
  return [...chosen.values()].sort((a, b) => compareNames(a.id, b.id));
}

/** Splits a list at its commas, but not at commas within braces, which belong to a pattern. */
function splitList(list: string): string[] {
  return list
    .split(/,(?![^{]*\})/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** data/workers/** -> Worker[]: reads, checks and spreads each program over its backends. */
import { readFile } from 'node:fs/promises';
import glob from 'fast-glob';
import * as z from 'zod';
import { COMPANIONS } from '../extract/index.ts';
import { compareNames } from '../lib/compare.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { type WorkerFile, workerFile } from './schema.ts';
import type { Accept, MemoryRule, Worker } from './worker.ts';

/**
 * Loads the worker files that match `pattern`, sorted by worker id.
 *
 * @throws UsageError when nothing matches; DataError naming file, field and reason when a file is wrong.
 */
export async function loadWorkers(pattern: string): Promise<Worker[]> {
  const paths = (await glob(pattern)).sort(compareNames);
  if (paths.length === 0) throw new UsageError(`No worker file matches ${pattern}.`);
  const workers: Worker[] = [];
  for (const path of paths) workers.push(...parseWorkerFile(path, await readFile(path, 'utf8')));
  return refuseTwins(workers.sort((a, b) => compareNames(a.id, b.id)));
}

export function parseWorkerFile(path: string, text: string): Worker[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${path} is not JSON: ${String(cause)}`, { cause });
  }
  const parsed = workerFile.safeParse(json);
  if (!parsed.success) throw new DataError(`${path} is not a worker file:\n${z.prettifyError(parsed.error)}`);
  refuseUnknownFiles(path, parsed.data);
  return parsed.data.backends.map((backend) => toWorker(parsed.data, backend));
}

/** Extraction notes only some root files; a rule about another would never find it. */
function refuseUnknownFiles(path: string, file: WorkerFile): void {
  for (const [at, { requiredFiles }] of file.accepts.entries()) {
    const stray = requiredFiles.find((name) => !COMPANIONS.has(name));
    if (stray === undefined) continue;
    throw new DataError(
      `${path}: accepts[${at}].requiredFiles names ${stray}, which extraction does not note. ` +
        'Add it to COMPANIONS in pipeline/extract/index.ts or remove it.',
    );
  }
}

function toWorker(file: WorkerFile, entry: WorkerFile['backends'][number]): Worker {
  const { backend, platforms, cpuArchitectures } = entry;
  return {
    id: `${file.program}-${backend}`,
    program: file.program,
    name: file.name,
    version: file.version,
    backend,
    platforms,
    cpuArchitectures,
    accepts: file.accepts.map((accept) => onBackend(accept, entry.lacksQuantizations)),
    memory: memoryRule(file.memory),
    maxContextLength: file.maxContextLength.tokens,
    ...(file.evidence === undefined ? {} : { evidence: file.evidence.map(({ from: _from, ...run }) => run) }),
    knownIssues: file.knownIssues.map(({ from: _from, ...issue }) => issue),
  };
}

function memoryRule(memory: WorkerFile['memory']): MemoryRule {
  if (memory === undefined) return { overheadBytes: 0 };
  const { from: _from, ...rule } = memory;
  return rule;
}

function onBackend(
  { sources: _sources, ...accept }: WorkerFile['accepts'][number],
  lacks: readonly string[],
): Accept {
  return {
    ...accept,
    quantizations: accept.quantizations.filter((label) => !lacks.includes(label)),
    exceptQuantizations: [...accept.exceptQuantizations, ...lacks],
  };
}

function refuseTwins(workers: Worker[]): Worker[] {
  const twin = workers.find((worker, at) => worker.id === workers[at + 1]?.id);
  if (twin !== undefined) throw new DataError(`Two worker files describe ${twin.id}.`);
  return workers;
}

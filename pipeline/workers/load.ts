/** data/workers, data/evidence and data/known-issues -> Worker[]: reads, checks and spreads each program over its backends. */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { COMPANIONS } from '../extract/index.ts';
import { compareNames } from '../lib/compare.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { findMatches } from '../lib/find-files.ts';
import { DATA_DIR } from '../lib/paths.ts';
import { evidenceFile, knownIssuesFile, type WorkerFile, workerFile } from './schema.ts';
import type { Accept, Evidence, KnownIssue, MemoryRule, Worker } from './worker.ts';

/** What is known of a program beside what it declares. */
interface Experience {
  readonly evidence: readonly Evidence[] | undefined;
  readonly knownIssues: readonly KnownIssue[];
}

/**
 * Loads the worker files that match `pattern`, sorted by worker id, with the evidence and known issues of their programs.
 *
 * @throws UsageError when nothing matches; DataError naming file, field and reason when a file is wrong.
 */
export function loadWorkers(pattern: string): Worker[] {
  const paths = findMatches(pattern);
  if (paths.length === 0) throw new UsageError(`No worker file matches ${pattern}.`);
  const workers: Worker[] = [];
  for (const path of paths) {
    const file = parseWorkerFile(path, readFileSync(path, 'utf8'));
    workers.push(...spread(file, loadExperience(file.program)));
  }
  return refuseTwins(workers.sort((a, b) => compareNames(a.id, b.id)));
}

function loadExperience(program: string): Experience {
  const evidence = readOptional(`evidence/${program}.json`, evidenceFile);
  const issues = readOptional(`known-issues/${program}.json`, knownIssuesFile);
  return {
    evidence: evidence?.runs.map(({ from: _from, ...run }) => run),
    knownIssues: (issues?.issues ?? []).map(({ from: _from, ...issue }) => issue),
  };
}

function readOptional<T>(path: string, schema: z.ZodType<T>): T | undefined {
  const url = new URL(path, DATA_DIR);
  return existsSync(url) ? parse(`data/${path}`, readFileSync(url, 'utf8'), schema) : undefined;
}

/** @throws DataError naming file, field and reason. */
export function parseWorkerFile(path: string, text: string): WorkerFile {
  const file = parse(path, text, workerFile);
  refuseUnknownFiles(path, file);
  return file;
}

function parse<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${path} is not JSON: ${String(cause)}`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new DataError(`${path} is not as it should be:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Extraction notes only some root files; a rule about another would never find it. */
function refuseUnknownFiles(path: string, file: WorkerFile): void {
  for (const [at, { requiredFiles }] of file.accepts.entries()) {
    const stray = requiredFiles.find((name) => !COMPANIONS.includes(name));
    if (stray === undefined) continue;
    throw new DataError(
      `${path}: accepts[${at}].requiredFiles names ${stray}, which extraction does not note. ` +
        'Add it to COMPANIONS in pipeline/extract/index.ts or remove it.',
    );
  }
}

function spread(file: WorkerFile, { evidence, knownIssues }: Experience): Worker[] {
  return file.backends.map(({ backend, platforms, cpuArchitectures, lacksQuantizations }) => ({
    id: `${file.program}-${backend}`,
    program: file.program,
    name: file.name,
    version: file.version,
    backend,
    platforms,
    cpuArchitectures,
    accepts: file.accepts.map((accept) => onBackend(accept, lacksQuantizations)),
    memory: memoryRule(file.memory),
    maxContextLength: file.maxContextLength.tokens,
    ...(evidence === undefined ? {} : { evidence }),
    knownIssues,
  }));
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

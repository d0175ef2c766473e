/** data/workers, data/evidence and data/known-issues -> Worker[]: reads, checks and spreads each program over its backends. */
import { readFileSync } from 'node:fs';
import { compareNames } from '../lib/compare.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { findMatches } from '../lib/find-files.ts';
import { loadOptionalDataFile, parseDataText } from './load.ts';
import { COMPANIONS } from './vocabulary.ts';
import type { Accept, Evidence, KnownIssue, MemoryRule, Worker } from './worker.ts';
import { evidenceFile, knownIssuesFile, type WorkerFile, workerFile } from './worker-schema.ts';

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
  const evidence = loadOptionalDataFile(`evidence/${program}.json`, evidenceFile);
  const issues = loadOptionalDataFile(`known-issues/${program}.json`, knownIssuesFile);
  return {
    evidence: evidence?.runs.map(({ from: _from, ...run }) => run),
    knownIssues: (issues?.issues ?? []).map(({ from: _from, ...issue }) => issue),
  };
}

/** @throws DataError naming file, field and reason. */
export function parseWorkerFile(path: string, text: string): WorkerFile {
  const file = parseDataText(path, text, workerFile);
  refuseUnknownFiles(path, file);
  return file;
}

/** Extraction notes only some root files; a rule about another would never find it. */
function refuseUnknownFiles(path: string, file: WorkerFile): void {
  for (const [at, { requiredFiles, oneOfFiles = [] }] of file.accepts.entries()) {
    const stray = [...requiredFiles, ...oneOfFiles].find((name) => !COMPANIONS.includes(name));
    if (stray === undefined) continue;
    throw new DataError(
      `${path}: accepts[${at}] asks for ${stray}, which extraction does not note. ` +
        'Add it to COMPANIONS in pipeline/data/vocabulary.ts or remove it.',
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
    gate: file.gate,
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
  const { from: _from, cache, ...rule } = memory;
  if (cache === undefined) return rule;
  const { from: _source, ...kept } = cache;
  return {
    ...rule,
    cache: { ...kept, exceptions: kept.exceptions.map(({ from: _why, ...exception }) => exception) },
  };
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

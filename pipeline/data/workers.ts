/**
 * Reads and checks data/workers, data/evidence and data/known-issues, and makes a worker of each program and
 * backend.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { compareNames } from '../lib/compare.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { findMatches } from '../lib/find-files.ts';
import { DATA_DIR, WORKERS_GLOB } from '../lib/paths.ts';
import { readEvidence } from './evidence.ts';
import { byProgram, type Inheritance, newerThan, wholeAccepts } from './inherit.ts';
import { withListedNames } from './listed.ts';
import { loadDataFile, loadOptionalDataFile, parseDataText } from './load.ts';
import * as say from './sentences.ts';
import { COMPANIONS } from './vocabulary.ts';
import type { Accept, Evidence, KnownIssue, MemoryRule, Worker } from './worker.ts';
import {
  type EvidenceFile,
  evidenceFile,
  type FirstSeen,
  firstSeenFile,
  knownIssuesFile,
  type WholeAccept,
  type WorkerFile,
  workerFile,
} from './worker-schema.ts';

/** The evidence and issues that are known beside what a program declares. */
interface Experience extends Inheritance {
  readonly evidence: ReadonlyMap<string, EvidenceFile>;
}

/**
 * Loads the worker files that match `pattern`, sorted by worker id, with the evidence and known issues of their programs.
 *
 * @throws UsageError when nothing matches; DataError naming file, field and reason when a file is wrong.
 */
export function loadWorkers(pattern: string): Worker[] {
  const paths = findMatches(pattern);
  if (paths.length === 0) throw new UsageError(say.noWorkerFile(pattern));
  const files = paths.map(readWorkerFile);
  const bundled = pattern === WORKERS_GLOB ? [] : findMatches(WORKERS_GLOB).map(readWorkerFile);
  const programs = byProgram([...files, ...bundled]);
  const experience = { programs, evidence: loadEvidence(), firstSeen: loadFirstSeen() };
  const workers = files.flatMap((file, at) => spread(paths[at] ?? '', file, experience));
  return withListedNames(
    refuseTwins(workers.sort((a, b) => compareNames(a.id, b.id))),
    [...programs.values()].flat().flatMap(({ accepts }) => accepts.flatMap(statedNames)),
  );
}

function readWorkerFile(path: string): WorkerFile {
  return parseWorkerFile(path, readFileSync(path, 'utf8'));
}

function statedNames({ match, alsoNames = [] }: WorkerFile['accepts'][number]): readonly string[] {
  return [...(match?.names ?? []), ...(match?.fallback?.names ?? []), ...alsoNames];
}

function loadEvidence(): Map<string, EvidenceFile> {
  const files = glob.sync('evidence/*.json', { cwd: fileURLToPath(DATA_DIR) }).sort(compareNames);
  return new Map(
    files.map((path) => {
      const file = loadDataFile(path, evidenceFile);
      return [file.program, file] as const;
    }),
  );
}

function loadFirstSeen(): FirstSeen {
  return loadOptionalDataFile('first-seen.json', firstSeenFile)?.names ?? {};
}

function loadIssues(program: string): KnownIssue[] {
  const issues = loadOptionalDataFile(`known-issues/${program}.json`, knownIssuesFile);
  return (issues?.issues ?? []).map(({ from: _from, ...issue }) => issue);
}

/** Parses and validates a worker file. @throws DataError naming file, field and reason. */
export function parseWorkerFile(path: string, text: string): WorkerFile {
  const file = parseDataText(path, text, workerFile);
  refuseUnknownFiles(path, file);
  return file;
}

/** Refuses rules about root files that extraction does not note: such a rule would never find its file. */
function refuseUnknownFiles(path: string, file: WorkerFile): void {
  for (const [at, { requiredFiles = [], oneOfFiles = [] }] of file.accepts.entries()) {
    const stray = [...requiredFiles, ...oneOfFiles].find((name) => !COMPANIONS.includes(name));
    if (stray === undefined) continue;
    throw new DataError(say.fileNotLookedFor(path, at, stray));
  }
}

function spread(path: string, file: WorkerFile, experience: Experience): Worker[] {
  const accepts = wholeAccepts(path, file, experience);
  const { date, from, pinned } = file.facts;
  const knownIssues = loadIssues(file.program);
  return file.backends.map(({ backend, platforms, cpuArchitectures, lacksQuantizations }) => ({
    id: `${file.program}-${backend}`,
    program: file.program,
    name: file.name,
    version: file.version,
    ...(file.homepage === undefined ? {} : { homepage: file.homepage }),
    ...(file.start === undefined ? {} : { start: file.start }),
    backend,
    gate: file.gate,
    platforms,
    cpuArchitectures,
    accepts: accepts
      .filter(({ onlyOn }) => onlyOn?.includes(backend) !== false)
      .map((accept) =>
        onBackend(
          accept,
          lacksQuantizations,
          pinned ? [] : newerThan(date, accept.match.by, experience.firstSeen),
        ),
      ),
    facts: { date, from, ...(pinned === undefined ? {} : { pinned }) },
    memory: memoryRule(file.memory, backend),
    maxContextLength: file.maxContextLength.tokens,
    evidence: evidenceFor(file, backend, experience),
    knownIssues,
  }));
}

function evidenceFor(
  { program }: WorkerFile,
  backend: Worker['backend'],
  { programs, evidence }: Experience,
): Evidence[] {
  const own = evidence.get(program);
  return own === undefined
    ? []
    : readEvidence(own, backend, { evidence, nameOf: (id) => programs.get(id)?.[0]?.name ?? id });
}

function memoryRule(memory: WorkerFile['memory'], backend: Worker['backend']): MemoryRule {
  if (memory === undefined) return { overheadBytes: 0 };
  const { from: _from, exceptOn, cache, perLayer, pipelines, ...rule } = memory;
  const { backends: _on, ...exception } = exceptOn.find(({ backends }) => backends.includes(backend)) ?? {};
  return {
    ...rule,
    ...withoutSource(exception),
    ...(cache === undefined
      ? {}
      : { cache: { ...withoutSource(cache), exceptions: cache.exceptions.map(withoutSource) } }),
    ...(perLayer === undefined ? {} : { perLayer: perLayer.map(withoutSource) }),
    ...(pipelines === undefined ? {} : { pipelines: pipelines.map(withoutSource) }),
  };
}

function withoutSource<T extends { readonly from?: string }>({ from: _from, ...rest }: T): Omit<T, 'from'> {
  return rest;
}

/**
 * Returns the worker on one backend. `later`: names that appeared after the facts, and that these may lack
 * for that reason.
 */
function onBackend(
  { sources: _sources, onlyOn: _onlyOn, conversions, ...accept }: WholeAccept,
  lacks: readonly string[],
  later: readonly string[],
): Accept {
  const { match } = accept;
  const known = new Set([...match.names, ...(match.fallback?.names ?? [])]);
  const newer = [...(match.newer ?? []), ...later].filter((name) => !known.has(name));
  return {
    ...accept,
    match: { ...match, ...(newer.length === 0 ? {} : { newer }) },
    quantizations: accept.quantizations.filter((label) => !lacks.includes(label)),
    exceptQuantizations: [...accept.exceptQuantizations, ...lacks],
    ...(conversions === undefined
      ? {}
      : { conversions: conversions.map((one) => ({ ...one, names: one.names ?? match.names })) }),
  };
}

function refuseTwins(workers: Worker[]): Worker[] {
  const double = workers.find((worker, at) => worker.id === workers[at + 1]?.id);
  if (double !== undefined) throw new DataError(say.describedTwice(double.id));
  return workers;
}

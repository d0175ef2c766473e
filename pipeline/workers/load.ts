/** data/workers, data/evidence and data/known-issues -> Worker[]: reads, checks and spreads each program over its backends. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import * as z from 'zod';
import { COMPANIONS } from '../extract/index.ts';
import { compareNames } from '../lib/compare.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { DATA_DIR, WORKERS_GLOB } from '../lib/paths.ts';
import { readEvidence } from './evidence.ts';
import { byProgram, type Inheritance, newerThan, wholeAccepts } from './inherit.ts';
import { withListedNames } from './listed.ts';
import {
  type EvidenceFile,
  evidenceFile,
  type FirstSeen,
  firstSeenFile,
  knownIssuesFile,
  type WholeAccept,
  type WorkerFile,
  workerFile,
} from './schema.ts';
import type { Accept, Evidence, KnownIssue, MemoryRule, Worker } from './worker.ts';

/** What is known beside what a program declares. */
interface Experience extends Inheritance {
  readonly evidence: ReadonlyMap<string, EvidenceFile>;
}

/**
 * Loads the worker files that match `pattern`, sorted by worker id, with the evidence and known issues of their programs.
 *
 * @throws UsageError when nothing matches; DataError naming file, field and reason when a file is wrong.
 */
export function loadWorkers(pattern: string): Worker[] {
  const paths = glob.sync(pattern).sort(compareNames);
  if (paths.length === 0) throw new UsageError(`No worker file matches ${pattern}.`);
  const files = paths.map(readWorkerFile);
  const bundled =
    pattern === WORKERS_GLOB ? [] : glob.sync(WORKERS_GLOB).sort(compareNames).map(readWorkerFile);
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
      const file = parse(`data/${path}`, readFileSync(new URL(path, DATA_DIR), 'utf8'), evidenceFile);
      return [file.program, file] as const;
    }),
  );
}

function loadFirstSeen(): FirstSeen {
  return readOptional('first-seen.json', firstSeenFile)?.names ?? {};
}

function loadIssues(program: string): KnownIssue[] {
  const issues = readOptional(`known-issues/${program}.json`, knownIssuesFile);
  return (issues?.issues ?? []).map(({ from: _from, ...issue }) => issue);
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
  for (const [at, { requiredFiles = [] }] of file.accepts.entries()) {
    const stray = requiredFiles.find((name) => !COMPANIONS.includes(name));
    if (stray === undefined) continue;
    throw new DataError(
      `${path}: accepts[${at}].requiredFiles names ${stray}, which extraction does not note. ` +
        'Add it to COMPANIONS in pipeline/extract/index.ts or remove it.',
    );
  }
}

function spread(path: string, file: WorkerFile, experience: Experience): Worker[] {
  const accepts = wholeAccepts(path, file, experience);
  const { date, pinned } = file.facts;
  const knownIssues = loadIssues(file.program);
  return file.backends.map(({ backend, platforms, cpuArchitectures, lacksQuantizations }) => ({
    id: `${file.program}-${backend}`,
    program: file.program,
    name: file.name,
    version: file.version,
    backend,
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
    facts: { date, ...(pinned === undefined ? {} : { pinned }) },
    memory: memoryRule(file.memory),
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

function memoryRule(memory: WorkerFile['memory']): MemoryRule {
  if (memory === undefined) return { overheadBytes: 0 };
  const { from: _from, ...rule } = memory;
  return rule;
}

/** `later`: names that appeared after the facts, and that these may lack for that reason. */
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
  const twin = workers.find((worker, at) => worker.id === workers[at + 1]?.id);
  if (twin !== undefined) throw new DataError(`Two worker files describe ${twin.id}.`);
  return workers;
}

/**
 * Loads the data that the rules check: every data file about workers, parsed, with its path, and the tables. A file that
 * cannot be read is a problem, and the others are checked all the same.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { byProgram, wholeAccepts } from '../../pipeline/data/inherit.ts';
import { loadTables } from '../../pipeline/data/load-tables.ts';
import type { Tables } from '../../pipeline/data/tables.ts';
import type { Worker } from '../../pipeline/data/worker.ts';
import {
  type EvidenceFile,
  evidenceFile,
  firstSeenFile,
  type KnownIssuesFile,
  knownIssuesFile,
  type WholeAccept,
  type WorkerFile,
  workerFile,
} from '../../pipeline/data/worker-schema.ts';
import { loadWorkers } from '../../pipeline/data/workers.ts';
import { DataError } from '../../pipeline/lib/errors.ts';
import { findMatches } from '../../pipeline/lib/find-files.ts';
import { field, isObject, parseJson } from '../../pipeline/lib/json.ts';
import { DATA_DIR, SNAPSHOT_GLOB } from '../../pipeline/lib/paths.ts';
import { listNames } from '../../pipeline/lib/sentences.ts';
import { namesFile } from './names-file.ts';

/** A file with its path below the project. */
interface At<T> {
  readonly path: string;
  readonly file: T;
}

export interface Program extends At<WorkerFile> {
  /** Its accepts, with the fields that they inherit. */
  readonly accepts: readonly WholeAccept[];
}

export interface Data {
  /** The problems of files that could not be read. */
  readonly unreadable: readonly Problem[];
  readonly programs: readonly Program[];
  readonly evidence: readonly At<EvidenceFile>[];
  readonly issues: readonly At<KnownIssuesFile>[];
  readonly workers: readonly Worker[];
  readonly tables: Tables;
  readonly architectures: {
    readonly classKinds: Record<string, string[]>;
    readonly modelTypeKinds: Record<string, string[]>;
    readonly families: Record<string, { readonly modelTypes?: string[]; readonly gguf?: string[] }>;
  };
  readonly quantizations: {
    readonly gguf: {
      readonly labels: Record<string, object>;
      readonly mixes: Record<string, { readonly near: string }>;
      readonly forkOnly: Record<string, object>;
      readonly aliases: Record<string, string>;
    };
  };
  /** The names that one program alone states, from data/names.json; `firstSeen` is from data/first-seen.json. */
  readonly names: z.infer<typeof namesFile>;
  readonly firstSeen: z.infer<typeof firstSeenFile>['names'];
  /** Repo id -> record of the bundled snapshot. */
  readonly snapshot: ReadonlyMap<string, unknown>;
  /** Program -> the number of models of the snapshot that it ran at the last recorded count. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A finding: the file, the field, what was found and what to do. */
export interface Problem {
  readonly path: string;
  readonly field: string;
  readonly found: string;
  readonly fix: string;
}

export type Rule = (data: Data) => Problem[];

const folder = fileURLToPath(DATA_DIR);
export const COUNTS_PATH = `${folder}snapshot/counts.json`;
const short = (path: string) => `data/${path.slice(folder.length)}`;
const text = (path: string) => readFileSync(path, 'utf8');
const json = (name: string) => JSON.parse(text(`${folder}${name}`));

export async function loadData(): Promise<Data> {
  const unreadable: Problem[] = [];
  const read = <T>(pattern: string, schema: z.ZodType<T>): At<T>[] =>
    findMatches(`${folder}${pattern}`).flatMap((path) => {
      const found = readFile(short(path), text(path), schema);
      if ('problems' in found) unreadable.push(...found.problems);
      return 'problems' in found ? [] : [{ path: short(path), file: found.file }];
    });
  const files = read('workers/**/*.json', workerFile);
  const evidence = read('evidence/*.json', evidenceFile);
  const issues = read('known-issues/*.json', knownIssuesFile);
  const firstSeen = read('first-seen.json', firstSeenFile)[0]?.file.names ?? {};
  const programs = inheritAll(files, firstSeen, unreadable);
  return {
    unreadable,
    programs,
    evidence,
    issues,
    // One that a broken file is part of would only say again what was said.
    workers:
      unreadable.length > 0 ? [] : orProblem(() => loadWorkers(`${folder}workers/**/*.json`), [], unreadable),
    tables: loadTables(),
    architectures: json('architectures.json'),
    quantizations: json('quantizations.json'),
    names: read('names.json', namesFile)[0]?.file ?? { $comment: '', names: {}, labels: {} },
    firstSeen,
    snapshot: readSnapshot(),
    counts: json('snapshot/counts.json'),
  };
}

function inheritAll(
  files: readonly At<WorkerFile>[],
  firstSeen: Data['firstSeen'],
  unreadable: Problem[],
): Program[] {
  const programs = byProgram(files.map(({ file }) => file));
  return files.flatMap(({ path, file }) => {
    const accepts = orProblem(() => wholeAccepts(path, file, { programs, firstSeen }), undefined, unreadable);
    return accepts === undefined ? [] : [{ path, file, accepts }];
  });
}

/** Returns the result of a function; where a data file stops it, returns `instead` and adds a problem. */
function orProblem<T, D>(make: () => T, instead: D, problems: Problem[]): T | D {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const [, path = 'data', where = 'the file', said = error.message] =
      /^(.*?\.json): (.*?): (.*)$/s.exec(error.message) ?? [];
    const [found = said, fix = 'correct it'] = said
      .replace(/^found /, '')
      .replace(/\.$/, '')
      .split('; ');
    problems.push({ path, field: where, found, fix });
    return instead;
  }
}

type Read<T> = { readonly file: T } | { readonly problems: readonly Problem[] };

function readFile<T>(path: string, content: string, schema: z.ZodType<T>): Read<T> {
  const value = parseJson(content);
  if (value === undefined) {
    return {
      problems: [
        { path, field: 'the file', found: `invalid JSON (${jsonError(content)})`, fix: 'correct the syntax' },
      ],
    };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { file: parsed.data };
  return {
    problems: parsed.error.issues.map((issue) => ({
      path,
      field: fieldName(issue.path),
      ...(issue.code === 'unrecognized_keys'
        ? { found: `the unknown ${listNames(issue.keys, 'and')}`, fix: 'correct the name, or remove it' }
        : {
            found: JSON.stringify(valueAt(value, issue.path))?.slice(0, 80) ?? 'nothing',
            fix: issue.message,
          }),
    })),
  };
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name.replace(/^\./, '') || 'the file';
}

function jsonError(content: string): string {
  try {
    JSON.parse(content);
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (Array.isArray(inner)) return inner[Number(part)];
    return isObject(inner) ? field(inner, String(part)) : undefined;
  }, value);
}

function readSnapshot(): Map<string, unknown> {
  const lines = findMatches(SNAPSHOT_GLOB).flatMap((path) => text(path).trim().split('\n'));
  return new Map(lines.map((line) => JSON.parse(line)).map((record) => [record.id, record] as const));
}

/** What the rules look at: every data file about workers, parsed, with its path, and the tables. */
import { readFileSync } from 'node:fs';
import glob from 'fast-glob';
import { loadTables } from '../../pipeline/data/load-tables.ts';
import type { Tables } from '../../pipeline/data/tables.ts';
import type { Worker } from '../../pipeline/data/worker.ts';
import { evidenceFile, knownIssuesFile, type WorkerFile } from '../../pipeline/data/worker-schema.ts';
import { loadWorkers, parseWorkerFile } from '../../pipeline/data/workers.ts';
import { DATA_DIR } from '../../pipeline/lib/paths.ts';

export interface Data {
  readonly programs: readonly { readonly path: string; readonly file: WorkerFile }[];
  readonly evidence: readonly {
    readonly path: string;
    readonly file: ReturnType<typeof evidenceFile.parse>;
  }[];
  readonly issues: readonly {
    readonly path: string;
    readonly file: ReturnType<typeof knownIssuesFile.parse>;
  }[];
  readonly workers: readonly Worker[];
  readonly tables: Tables;
  readonly architectures: {
    readonly classKinds: Record<string, string[]>;
    readonly families: Record<string, unknown>;
  };
  readonly quantizations: {
    readonly gguf: {
      readonly labels: Record<string, object>;
      readonly mixes: Record<string, { readonly near: string }>;
      readonly forkOnly: Record<string, object>;
      readonly aliases: Record<string, string>;
    };
  };
  /** Repo id -> record of the bundled snapshot. */
  readonly snapshot: ReadonlyMap<string, unknown>;
}

/** A finding names the file, the field, what was found and what to do. */
export interface Problem {
  readonly path: string;
  readonly field: string;
  readonly found: string;
  readonly fix: string;
}

export type Rule = (data: Data) => Problem[];

const folder = DATA_DIR.pathname;
const short = (path: string) => `data/${path.slice(folder.length)}`;
const text = (path: string) => readFileSync(path, 'utf8');
const json = (name: string) => JSON.parse(text(`${folder}${name}`));

export async function loadData(): Promise<Data> {
  const files = async (pattern: string) => (await glob(`${folder}${pattern}`)).sort();
  const read = async <T>(pattern: string, parse: (path: string) => T) =>
    (await files(pattern)).map((path) => ({ path: short(path), file: parse(path) }));
  return {
    programs: await read('workers/**/*.json', (path) => parseWorkerFile(short(path), text(path))),
    evidence: await read('evidence/*.json', (path) => evidenceFile.parse(JSON.parse(text(path)))),
    issues: await read('known-issues/*.json', (path) => knownIssuesFile.parse(JSON.parse(text(path)))),
    workers: loadWorkers(`${folder}workers/**/*.json`),
    tables: loadTables(),
    architectures: json('architectures.json'),
    quantizations: json('quantizations.json'),
    snapshot: new Map(
      (await files('snapshot/*.jsonl')).flatMap((path) =>
        text(path)
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
          .map((record) => [record.id, record] as const),
      ),
    ),
  };
}

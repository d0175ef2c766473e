/** Builds in a folder of the benchmark, and measures the files that result. */
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import glob from 'fast-glob';
import { run, type Sample } from './run.ts';

/**
 * The worker files by how many workers they describe: those of the marketplace; those and llama.cpp on all its backends;
 * all.
 */
export const WORKERS = {
  8: 'data/workers/rbee/*.json',
  15: 'data/workers/{rbee/*,engines/llama.cpp}.json',
  81: 'data/workers/**/*.json',
} as const;

export interface BuildTask {
  readonly source: string;
  readonly out: string;
  readonly workers: string;
  readonly threads: number;
}

/** Builds into an empty folder. */
export function buildCold(task: BuildTask): Sample {
  for (const path of [task.out, `${task.out}-cache`]) rmSync(path, { recursive: true, force: true });
  return buildAgain(task);
}

/** Builds into the folder of the last build. */
export function buildAgain({ source, out, workers, threads }: BuildTask): Sample {
  const places = ['--source', source, '--out', out, '--cache', `${out}-cache`];
  return run('pipeline/cli.ts', ['build', ...places, '--workers', workers, '--threads', String(threads)]);
}

/** Returns the i-node of each file below a folder by its path: a file that is linked from the last out/ keeps its own. */
export async function inodesOf(out: string): Promise<ReadonlyMap<string, number>> {
  const paths = await glob('**/*', { cwd: out, dot: true });
  return new Map(paths.map((path) => [path, statSync(join(out, path)).ino]));
}

/** Returns the files that differ from those before. The manifest is left out: its date changes every night. */
export async function rewrittenSince(before: ReadonlyMap<string, number>, out: string): Promise<string[]> {
  const after = await inodesOf(out);
  return [...after.keys()].filter((path) => path !== 'manifest.json' && after.get(path) !== before.get(path));
}

export function outSize(out: string): { bytes: number; models: number; allowed: number } {
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
    models: number;
    allowed: number;
    files: { bytes: number }[];
  };
  const bytes = manifest.files.reduce((all, file) => all + file.bytes, 0);
  return { bytes, models: manifest.models, allowed: manifest.allowed };
}

/** Returns the number of models that both allowlists have, divided by the number that at least one of them has. */
export function agreementOf(one: string, other: string): number {
  const [ours, theirs] = [one, other].map(
    (out) => new Set(JSON.parse(readFileSync(join(out, 'allowlist.json'), 'utf8')) as string[]),
  ) as [Set<string>, Set<string>];
  const both = [...ours].filter((id) => theirs.has(id)).length;
  return both / (ours.size + theirs.size - both);
}

export function firstId(source: string): string {
  const file = openSync(source, 'r');
  const head = Buffer.alloc(256 * 1024);
  readSync(file, head);
  closeSync(file);
  return (JSON.parse(head.toString('utf8').split('\n')[0] ?? '') as { id: string }).id;
}

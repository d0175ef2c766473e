/** A place of the drill: an out/ and a cache, builds into them, and a check of which night the out/ holds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from '../../pipeline/build.ts';
import { buildOptions } from '../../pipeline/commands/options.ts';
import { lastOut } from '../../pipeline/format/out-folder.ts';
import { manifestFile } from '../../pipeline/format/schema.ts';
import { sha256 } from '../../pipeline/lib/hash.ts';
import type { Strike } from './hook.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOOK = pathToFileURL(join(import.meta.dirname, 'hook.ts'));

export const work = mkdtempSync(join(tmpdir(), 'drill-nightly-'));

/** The source of a build. */
export interface Source {
  /** The flags that name the source. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A first night, which is published, and a second one that is disturbed. They list different numbers of models. */
export interface Scene {
  readonly before: string;
  readonly source: Source;
  /** The folder in a place whose file calls get the fault. */
  readonly struck: string;
  readonly models: { readonly first: number; readonly second: number };
}

/** The fault, its outcome, and whether that is right. */
export type Row = readonly [fault: string, outcome: string, right: boolean];

export function freshPlace(from?: string): string {
  const place = mkdtempSync(join(work, 'place-'));
  if (from !== undefined) cpSync(from, place, { recursive: true });
  return place;
}

function flagsFor(place: string, { flags }: Source): string[] {
  return [
    ...['--out', join(place, 'out'), '--cache', join(place, 'cache'), '--threads', '1'],
    ...['--workers', 'data/workers/rbee/*.json'],
    ...flags,
  ];
}

/** Builds in this process, twenty times as fast as in a separate one. */
export async function buildHere(place: string, source: Source, now = new Date()): Promise<void> {
  await build(buildOptions(flagsFor(place, source), source.env), () => now);
}

export interface Run {
  readonly status: number | null;
  readonly stderr: string;
}

/** Builds in a separate process, as `npm run build:matrix` does; `wrap` is a command that runs it. */
export async function buildApart(
  place: string,
  source: Source,
  { strike, wrap = [] }: { readonly strike?: Strike; readonly wrap?: readonly string[] } = {},
): Promise<Run> {
  const url = new URL(HOOK);
  for (const [name, value] of Object.entries(strike ?? {})) url.searchParams.set(name, String(value));
  const hook = strike === undefined ? [] : ['--import', url.href];
  const cli = ['--import', 'tsx', ...hook, 'pipeline/cli.ts', 'build', ...flagsFor(place, source)];
  const [command = '', ...args] = [...wrap, process.execPath, ...cli];
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...source.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stderr };
}

/**
 * Returns `1` or `2`, the night that is published, whole by its manifest; `MIXED` where a file is not what the manifest
 * says.
 */
export function whoseNight(place: string, { models }: Pick<Scene, 'models'>): string {
  const out = lastOut(join(place, 'out'));
  if (!existsSync(join(out, 'manifest.json'))) return 'MIXED: no manifest';
  const manifest = manifestFile.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
  for (const { path, sha256: hash } of manifest.files)
    if (!existsSync(join(out, path)) || sha256(readFileSync(join(out, path))) !== hash)
      return `MIXED: ${path}`;
  const known = new Set([...manifest.files.map(({ path }) => path), 'manifest.json']);
  const stray = filesUnder(out).find((path) => !known.has(path));
  if (stray !== undefined) return `MIXED: ${stray} is not in the manifest`;
  if (manifest.models === models.first) return '1';
  return manifest.models === models.second ? '2' : 'MIXED: other counts';
}

export function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}

export function countModels(place: string): number {
  return (JSON.parse(readFileSync(join(place, 'out', 'report.json'), 'utf8')) as { models: number }).models;
}

/** Returns in short why a build stopped. */
export function lastWord({ status, stderr }: Run): string {
  const line = stderr.split('\n').find((text) => text.startsWith('Stopped: '));
  return status === 0 ? '' : `: ${(line ?? stderr).replaceAll(work, '').slice(0, 90)}`;
}

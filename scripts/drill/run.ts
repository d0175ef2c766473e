/** Runs one build from a Hub, in a folder of its own, as a process that can be killed, and reads the results. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault, LoggedRequest, StandInHub } from '../stand-in-hub.ts';

const SUMMARY = 'summary.md';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly stderr: string;
}

/** Creates a folder below `work` for out/ and the cache. */
export function freshPlace(work: string, name: string): string {
  return mkdtempSync(join(work, `${name.replaceAll(/\W/g, '-')}-`));
}

interface StartOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a build. It writes the summary of the night to the file that `summariesOf` reads. */
export function start(endpoint: string, place: string, { flags = [], env = {} }: StartOptions = {}) {
  const args = [
    '--import',
    'tsx',
    'pipeline/cli.ts',
    'build',
    '--source',
    'hub',
    '--timeout',
    '1',
    '--budget',
    '1000000',
  ];
  const where = [
    '--out',
    join(place, 'out'),
    '--cache',
    join(place, 'cache'),
    '--workers',
    'data/workers/rbee/*.json',
  ];
  return spawn(process.execPath, [...args, ...where, ...flags], {
    cwd: ROOT,
    env: { ...process.env, HF_ENDPOINT: endpoint, GITHUB_STEP_SUMMARY: join(place, SUMMARY), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

export async function build(endpoint: string, place: string, options: StartOptions = {}): Promise<Run> {
  const child = start(endpoint, place, options);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

export async function observe(hub: StandInHub, faults: readonly Fault[], place: string) {
  await hub.reset(faults);
  const started = Date.now();
  const run = await build(hub.endpoint, place);
  return { run, place, requests: (await hub.log()).length, seconds: (Date.now() - started) / 1000 };
}

/** Returns the values of the row of this name in the summaries of all nights in a place, the last night last. */
export function summariesOf(place: string, name: string): string[] {
  const text = readFileSync(join(place, SUMMARY), 'utf8');
  return [...text.matchAll(new RegExp(`^\\| ${name} \\| (.*) \\|$`, 'gm'))].map(([, said = '']) => said);
}

/** Returns every published byte, except the manifest and changes.json. */
export function contents(place: string): string {
  const out = join(place, 'out');
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.jsonl?$/.test(name),
  );
  return names
    .filter((name) => name !== 'manifest.json' && name !== 'changes.json')
    .sort()
    .map((name) => `${name}\n${readFileSync(join(out, name), 'utf8')}`)
    .join('\n');
}

/** Counts the requests for a repository's file or sizes at a commit that had been answered before. */
export function countTwice(log: readonly LoggedRequest[]): number {
  const seen = new Set<string>();
  let twice = 0;
  for (const { target, status } of log) {
    if (status !== 200 || !/resolve-cache|\/revision\//.test(target)) continue;
    if (seen.has(target)) twice += 1;
    seen.add(target);
  }
  return twice;
}

/** Disturbs the publish: `npm run drill:nightly`. After each fault out/ must be last night's, or tonight's, whole. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import glob from 'fast-glob';
import { sha256 } from '../pipeline/lib/hash.ts';
import { SNAPSHOT_GLOB } from '../pipeline/lib/paths.ts';
import { manifestFile } from '../pipeline/write/schema.ts';
import { lastOut } from '../pipeline/write/staging.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOOK = pathToFileURL(join(import.meta.dirname, 'drill-nightly', 'hook.mjs'));
/** Of the calls before the last ones only some are struck: each takes a build. */
const SAMPLES = 14;
/** The publish itself: from the last files to the release of the lock. */
const LAST_CALLS = 14;

const work = mkdtempSync(join(tmpdir(), 'drill-nightly-'));
const night1 = join(work, 'night-1.jsonl');
const night2 = join(work, 'night-2.jsonl');

/** All of the snapshot, then without every seventh model. */
async function writeNights(): Promise<void> {
  const texts = (await glob(SNAPSHOT_GLOB)).sort().map((path) => readFileSync(path, 'utf8').trim());
  const lines = texts.join('\n').split('\n');
  writeFileSync(night1, `${lines.join('\n')}\n`);
  writeFileSync(night2, `${lines.filter((_, at) => at % 7 !== 0).join('\n')}\n`);
}

type Hook = Readonly<Record<string, string | number>>;

function command(place: string, source: string, hook?: Hook): string[] {
  const url = new URL(HOOK);
  for (const [name, value] of Object.entries({ under: place, ...hook }))
    url.searchParams.set(name, String(value));
  return [
    ...['--import', 'tsx', ...(hook === undefined ? [] : ['--import', url.href])],
    ...[
      'pipeline/cli.ts',
      'build',
      '--source',
      source,
      '--threads',
      '1',
      '--workers',
      'data/workers/rbee/*.json',
    ],
    ...['--out', join(place, 'out'), '--cache', join(place, 'cache')],
  ];
}

interface Run {
  readonly status: number | null;
  readonly stderr: string;
}

function build(place: string, source: string, hook?: Hook): Run {
  return spawnSync(process.execPath, command(place, source, hook), { cwd: ROOT, encoding: 'utf8' });
}

function freshPlace(from?: string): string {
  const place = mkdtempSync(join(work, 'place-'));
  if (from !== undefined) cpSync(from, place, { recursive: true });
  return place;
}

/** `1` or `2`: whose night stands, whole by its manifest; `MIXED` where a file is not what the manifest says. */
function whoseNight(place: string): string {
  const out = lastOut(join(place, 'out'));
  if (!existsSync(join(out, 'manifest.json'))) return 'MIXED: no manifest';
  const manifest = manifestFile.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
  for (const { path, sha256: hash } of manifest.files)
    if (!existsSync(join(out, path)) || sha256(readFileSync(join(out, path))) !== hash)
      return `MIXED: ${path}`;
  const known = new Set([...manifest.files.map(({ path }) => path), 'manifest.json']);
  const found = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const stray = found
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .find((path) => !known.has(path));
  if (stray !== undefined) return `MIXED: ${stray} is not in the manifest`;
  return manifest.models === models.first
    ? '1'
    : manifest.models === models.second
      ? '2'
      : 'MIXED: other counts';
}

const models = { first: 0, second: 0 };

type Row = readonly [fault: string, outcome: string, right: boolean];

/** A fault at each of many calls; then an undisturbed build must give tonight. */
function strikeOften(fault: 'kill' | 'full', before: string, calls: number): Row {
  const tally = new Map<string, number>();
  const points = new Set([
    ...Array.from({ length: SAMPLES }, (_, at) => 1 + Math.floor((at * (calls - LAST_CALLS)) / SAMPLES)),
    ...Array.from({ length: LAST_CALLS }, (_, at) => calls - at),
  ]);
  for (const at of points) {
    const place = freshPlace(before);
    build(place, night2, { fault, at });
    const after = whoseNight(place);
    const again = build(place, night2).status === 0 ? whoseNight(place) : 'MIXED: no second build';
    const outcome =
      after.startsWith('MIXED') || again !== '2'
        ? `WRONG at ${at}: ${after}, then ${again}`
        : `night ${after}`;
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    rmSync(place, { recursive: true });
  }
  const told = [...tally]
    .map(([outcome, n]) => `${n}x ${outcome}`)
    .sort()
    .join(', ');
  const name =
    fault === 'kill'
      ? `kill -9 before ${points.size} of ${calls} file calls`
      : `ENOSPC at ${points.size} of ${calls} file calls`;
  return [name, `${told}; the next build publishes`, !told.includes('WRONG')];
}

/** Of the 300 to 450 KiB that the night takes: room that ends while records are put by, and while files are written. */
const FREE_KIB = [32, 128, 256] as const;

/** A real disk that is full: a small tmpfs where we may mount one, else a limit of the file size. */
function fullDisk(before: string, freeKib: number): Row {
  const place = freshPlace();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', place]).status === 0;
  try {
    cpSync(before, place, { recursive: true });
    const args = [process.execPath, ...command(place, night2)];
    if (mounted) writeFileSync(join(place, 'ballast'), Buffer.alloc(freeBytes(place) - freeKib * 1024));
    const limited = mounted ? args : ['prlimit', `--fsize=${freeKib * 128}`, ...args];
    const run = spawnSync(limited[0] ?? '', limited.slice(1), { cwd: ROOT, encoding: 'utf8' });
    const after = whoseNight(place);
    const fault = mounted ? `a tmpfs with ${freeKib} KiB left` : `a limit of ${freeKib / 8} KiB a file`;
    const outcome = `exit ${run.status}, night ${after}: ${firstLine(run.stderr)}`;
    return [fault, outcome, run.status !== 0 && after === '1'];
  } finally {
    if (mounted) spawnSync('umount', [place]);
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll(work, '').slice(0, 90);
}

/** Root writes what it likes: a read-only mount stands in for a folder without the right to write. */
function readOnly(before: string): Row {
  const place = freshPlace();
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', place]);
  cpSync(before, place, { recursive: true });
  const sealed = spawnSync('mount', ['-o', 'remount,ro', place]).status === 0;
  if (!sealed) spawnSync('chmod', ['-R', 'a-w', place]);
  const run = build(place, night2);
  const after = whoseNight(place);
  if (sealed) spawnSync('umount', [place]);
  return [
    'a read-only out/',
    `exit ${run.status}, night ${after}: ${firstLine(run.stderr)}`,
    run.status === 1 && after === '1',
  ];
}

/** Damaged files of last night, and of what the last build remembers: tonight is whole all the same. */
function damaged(before: string, name: string, paths: readonly string[]): Row {
  const place = freshPlace(before);
  for (const path of paths) {
    mkdirSync(join(place, path, '..'), { recursive: true });
    writeFileSync(join(place, path), '{"cut');
  }
  const run = build(place, night2);
  const after = whoseNight(place);
  return [name, `exit ${run.status}, night ${after}`, run.status === 0 && after === '2'];
}

/** A manifest of the future: the clock has jumped back since. */
function clockBack(before: string): Row {
  const place = freshPlace(before);
  const path = join(place, 'out', 'manifest.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"date": "\d{4}/, '"date": "2126'));
  const run = build(place, night2);
  const after = whoseNight(place);
  return [
    'a clock that jumps back a century',
    `exit ${run.status}, night ${after}`,
    run.status === 0 && after === '2',
  ];
}

async function twoAtOnce(before: string): Promise<Row> {
  const place = freshPlace(before);
  const runs = [0, 1].map(() =>
    spawn(process.execPath, command(place, night2), { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] }),
  );
  let stderr = '';
  for (const run of runs)
    run.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
  const codes = (await Promise.all(runs.map((run) => once(run, 'close')))).map(([code]) => code as number);
  const after = whoseNight(place);
  // One may also end before the other begins.
  const clear =
    codes.every((code) => code === 0) || /Another build \(process \d+\) is writing here/.test(stderr);
  return [
    'two builds at once',
    `exits ${codes.sort().join(' and ')}, night ${after}: ${firstLine(stderr)}`,
    clear && codes.includes(0) && after === '2',
  ];
}

function staleLock(before: string): Row {
  const place = freshPlace(before);
  writeFileSync(join(place, 'out.lock'), '999999999');
  const run = build(place, night2);
  const after = whoseNight(place);
  return [
    'a lock whose build is gone',
    `exit ${run.status}, night ${after}`,
    run.status === 0 && after === '2',
  ];
}

function countModels(place: string): number {
  return (JSON.parse(readFileSync(join(place, 'out', 'report.json'), 'utf8')) as { models: number }).models;
}

function countCalls(before: string): number {
  const [place, tell] = [freshPlace(before), join(work, 'calls')];
  build(place, night2, { tell });
  models.second = countModels(place);
  return Number(readFileSync(tell, 'utf8'));
}

async function main(): Promise<boolean> {
  await writeNights();
  const before = freshPlace();
  build(before, night1);
  models.first = countModels(before);
  const calls = countCalls(before);
  const steps: (() => Row | Promise<Row>)[] = [
    () => strikeOften('kill', before, calls),
    () => strikeOften('full', before, calls),
    ...FREE_KIB.map((free) => () => fullDisk(before, free)),
    () => readOnly(before),
    () =>
      damaged(before, 'damaged lists of last night', [
        'out/running.jsonl',
        'out/allowlist.json',
        'out/copies/0.json',
      ]),
    () => damaged(before, 'a damaged manifest of last night', ['out/manifest.json']),
    () => damaged(before, 'a damaged memory of verdicts', ['cache/judged/judged.json', 'cache/judged/0.tsv']),
    () => clockBack(before),
    () => twoAtOnce(before),
    () => staleLock(before),
  ];
  const rows: Row[] = [];
  console.log('| fault | outcome | |\n| :-- | :-- | :-- |');
  for (const step of steps) {
    const row = await step();
    rows.push(row);
    console.log(`| ${row[0]} | ${row[1].replaceAll('|', '/')} | ${row[2] ? 'ok' : 'WRONG'} |`);
  }
  return rows.every(([, , right]) => right);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

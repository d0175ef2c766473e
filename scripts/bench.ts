/** Measures the pipeline: `npm run bench` (100 thousand and 1 million records), `-- --large` (3.1 million, every engine). */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate, type Wanted } from './bench/generate.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HERE = 'scripts/bench';
/** Twelve workers: those of the marketplace and llama.cpp on four backends. */
const TWELVE = 'data/workers/{rbee/*,engines/llama.cpp}.json';
const EVERY = 'data/workers/**/*.json';
const RUNS = 5;
/** All else is measured against it. */
const FLOOR_RUNS = 3;

/** What `bench/usage.mjs` tells of a process. */
interface Usage {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly upSeconds: number;
  /** Some times since the start, and the resident memory then. */
  readonly resident: readonly (readonly [seconds: number, miB: number])[];
}

interface Sample extends Usage {
  readonly seconds: number;
  readonly output: string;
}

interface Row {
  readonly what: string;
  readonly records: number;
  readonly runs: number;
  readonly seconds: number;
  readonly fastest: number;
  readonly slowest: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly notes: string;
}

const { values } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    runs: { type: 'string', default: String(RUNS) },
    dir: { type: 'string', default: join(tmpdir(), 'marketplace-matrix-bench') },
  },
});
const dir = values.dir;
const rows: Row[] = [];

function run(script: string, args: readonly string[]): Sample {
  const loaders = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...loaders, '--import', `./${HERE}/usage.mjs`, script, ...args],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e9 },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${script} answered ${status}: ${stderr.slice(-2_000)}`);
  const usage = JSON.parse(/usage (\{.*\})/.exec(stderr)?.[1] ?? '{}') as Usage;
  return { seconds, ...usage, output: stdout };
}

function measure(
  what: string,
  records: number,
  notes: string,
  sample: () => Sample,
  runs = Number(values.runs),
): Row {
  const samples = Array.from({ length: runs }, sample).sort((a, b) => a.seconds - b.seconds);
  const middle = samples[Math.floor(runs / 2)] as Sample;
  const row = {
    what,
    records,
    runs,
    seconds: middle.seconds,
    fastest: samples[0]?.seconds ?? 0,
    slowest: samples.at(-1)?.seconds ?? 0,
    cpuSeconds: middle.cpuSeconds,
    peakMiB: Math.max(...samples.map(({ peakMiB }) => peakMiB)),
    notes: notes || stagesOf(middle),
  };
  rows.push(row);
  console.log(formatRow(row));
  return row;
}

/** What a build says of its times, and what it held before the seconds that it wrote. */
function stagesOf({ output, upSeconds, resident }: Sample): string {
  const times = /time\s+(.*?([\d.]+) s writing)/.exec(output);
  if (times === null) return '';
  const reading = resident.filter(([seconds]) => seconds < upSeconds - Number(times[2]) - EXIT_SECONDS);
  return `${times[1]}; at most ${Math.max(0, ...reading.map(([, miB]) => miB))} MiB while reading`;
}

/** A build ends this much after its last second of writing, at the most. */
const EXIT_SECONDS = 0.5;

function formatRow({ what, records, seconds, fastest, slowest, cpuSeconds, peakMiB, notes }: Row): string {
  const time = `${seconds.toFixed(2)} s (${fastest.toFixed(2)} to ${slowest.toFixed(2)})`;
  return `| ${what.padEnd(38)} | ${String(records).padStart(8)} | ${time.padEnd(26)} | ${cpuSeconds.toFixed(1).padStart(6)} | ${String(peakMiB).padStart(6)} | ${notes} |`;
}

async function listing(count: number, night: Wanted['night']): Promise<string> {
  const path = join(dir, `hub-${count}-${night}.jsonl`);
  if (!existsSync(path)) await generate({ count, seed: 1, night }, path);
  return path;
}

const place = (name: string) => join(dir, name);

function build(source: string, out: string, workers: string, threads: number, more: string[] = []): Sample {
  const flags = [
    '--source',
    source,
    '--out',
    place(out),
    '--cache',
    place(`${out}-cache`),
    '--workers',
    workers,
  ];
  return run('pipeline/cli.ts', ['build', ...flags, '--threads', String(threads), ...more]);
}

/** A build onto nothing. */
function cold(source: string, workers: string, threads: number, out = 'cold'): Sample {
  for (const path of [place(out), place(`${out}-cache`)]) rmSync(path, { recursive: true, force: true });
  return build(source, out, workers, threads);
}

/** A build onto the night before, which is put there first. */
function nextNight(source: string, workers: string, threads: number, more: string[] = []): Sample {
  for (const path of ['next', 'next-cache']) rmSync(place(path), { recursive: true, force: true });
  cpSync(place('cold'), place('next'), { recursive: true });
  cpSync(place('cold-cache'), place('next-cache'), { recursive: true });
  return build(source, 'next', workers, threads, more);
}

function outSize(out: string): { bytes: number; models: number; allowed: number } {
  const manifest = JSON.parse(readFileSync(join(place(out), 'manifest.json'), 'utf8')) as {
    models: number;
    allowed: number;
    files: { bytes: number }[];
  };
  const bytes = manifest.files.reduce((all, file) => all + file.bytes, 0);
  return { bytes, models: manifest.models, allowed: manifest.allowed };
}

function firstId(source: string): string {
  const file = openSync(source, 'r');
  const head = Buffer.alloc(64 * 1024);
  readSync(file, head);
  closeSync(file);
  return (JSON.parse(head.toString('latin1').split('\n')[0] ?? '') as { id: string }).id;
}

async function measureSize(count: number, workers: string, runs: number) {
  const [tonight, tomorrow] = [await listing(count, 0), await listing(count, 1)];
  const changes = await listing(count, 'changes');
  const floor = measure(
    'floor, 1 thread',
    count,
    'split and JSON.parse',
    () => run(`${HERE}/floor.mjs`, [tonight, '1']),
    Math.max(FLOOR_RUNS, runs),
  );
  measure(
    'floor, 2 threads',
    count,
    'split and JSON.parse',
    () => run(`${HERE}/floor.mjs`, [tonight, '2']),
    Math.max(FLOOR_RUNS, runs),
  );
  const name = workers === TWELVE ? '12 workers' : 'every worker';
  const one = measure(`cold, ${name}, 2 threads`, count, '', () => cold(tonight, workers, 2), runs);
  const next = measure(
    `next night, ${name}, 2 threads`,
    count,
    '',
    () => nextNight(tomorrow, workers, 2),
    runs,
  );
  const fed = measure(
    `next night from a feed, ${name}, 2 threads`,
    count,
    '',
    () => nextNight(changes, workers, 2, ['--since-last']),
    runs,
  );
  const size = outSize('cold');
  const allowance = 110 * size.models + 700 * size.allowed;
  const facts = {
    count,
    timesTheFloor: one.seconds / floor.seconds,
    nextNightShare: next.seconds / one.seconds,
    feedShare: fed.seconds / one.seconds,
    ...size,
    bytesAllowance: allowance,
    lookUp: JSON.parse(run(`${HERE}/look-up.ts`, [place('cold'), firstId(tonight), '15']).output) as unknown,
    layouts: JSON.parse(run(`${HERE}/layouts.ts`, [place('cold'), place('next')]).output) as unknown,
    ...(JSON.parse(run(`${HERE}/stages.ts`, [tonight, place('cold'), workers]).output) as object),
  };
  console.log(JSON.stringify(facts));
  return facts;
}

async function measureOthers(count: number, plain: boolean) {
  const source = await listing(count, 0);
  const list = place('duckdb.json');
  measure('DuckDB, the allowlist alone, 2 threads', count, '', () =>
    run(`${HERE}/duckdb.ts`, [source, list, '2']),
  );
  cold(source, TWELVE, 2);
  const ours = JSON.parse(readFileSync(join(place('cold'), 'allowlist.json'), 'utf8')) as string[];
  const same = JSON.stringify(ours) === JSON.stringify(JSON.parse(readFileSync(list, 'utf8')));
  console.log(`DuckDB's allowlist is ${same ? 'the same' : 'ANOTHER'} (${ours.length} models).`);
  if (plain) {
    const out = place('plain');
    measure('plain implementation, 12 workers', count, 'all in memory, pair by pair', () => {
      rmSync(out, { recursive: true, force: true });
      return run(`${HERE}/plain.ts`, [source, out, TWELVE]);
    });
  }
}

mkdirSync(dir, { recursive: true });
console.log(
  formatRow({
    what: 'what',
    records: 0,
    runs: 0,
    seconds: 0,
    fastest: 0,
    slowest: 0,
    cpuSeconds: 0,
    peakMiB: 0,
    notes: 'columns: median (spread), CPU seconds, peak MiB',
  }),
);
const facts = [];
if (values.large) {
  const small = await listing(300_000, 0);
  measure('cold, every worker, 2 threads', 300_000, '', () => cold(small, EVERY, 2), 1);
  facts.push(await measureSize(3_100_000, EVERY, 1));
} else {
  facts.push(await measureSize(100_000, TWELVE, Number(values.runs)));
  await measureOthers(100_000, true);
  facts.push(await measureSize(1_000_000, TWELVE, Number(values.runs)));
  await measureOthers(1_000_000, false);
}
mkdirSync(join(ROOT, 'bench'), { recursive: true });
const results = join(ROOT, 'bench', values.large ? 'results-large.json' : 'results.json');
writeFileSync(
  results,
  `${JSON.stringify({ node: process.version, cpus: cpus().length, model: cpus()[0]?.model, rows, facts }, null, 1)}\n`,
);

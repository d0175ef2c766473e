/**
 * Measures the pipeline: `npm run bench` on 300 thousand records shaped as the Hub's and on 1 million synthetic ones; `--
 * --large` on 3.1 million synthetic ones and every worker. It writes bench/results.json or bench/results-large.json.
 * `--runs N` sets how often each is run; `--scale 0.01` makes all listings smaller, to try the benchmark itself.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  agreementOf,
  buildAgain,
  buildCold,
  firstId,
  inodesOf,
  outSize,
  rewrittenSince,
  WORKERS,
} from './bench/builds.ts';
import { generate } from './bench/generate.ts';
import {
  formatRow,
  HEADER,
  measure,
  ROOT,
  type Row,
  run,
  type Sample,
  stagesOf,
  writingSeconds,
} from './bench/run.ts';

const HERE = 'scripts/bench';
/** The least runs of the floor, to which all else is compared. A large listing is built once and parsed more often. */
const FLOOR_RUNS = 3;
const LOOK_UPS = '15';

const { values } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    runs: { type: 'string' },
    scale: { type: 'string', default: '1' },
    dir: { type: 'string', default: join(tmpdir(), 'marketplace-matrix-bench') },
  },
});
const runs = Number(values.runs ?? (values.large ? 1 : 5));
const rows: Row[] = [];

interface Listing {
  readonly name: string;
  readonly shape: 'hub' | 'synthetic';
  readonly count: number;
  readonly path: string;
}

/** Generates a listing, or takes the one of an earlier benchmark: delete it when the generator changes. */
async function listingOf(shape: Listing['shape'], wanted: number): Promise<Listing> {
  const count = Math.ceil(wanted * Number(values.scale));
  const path = join(values.dir, `${shape}-${count}.jsonl`);
  if (!existsSync(path)) await generate({ shape, count, seed: 1, night: 0 }, path);
  return { name: shape === 'hub' ? 'real-shaped' : 'synthetic', shape, count, path };
}

const place = (name: string) => join(values.dir, name);

function show(
  { name, count }: Listing,
  what: string,
  sample: () => Sample,
  options: { readonly runs?: number; readonly notesOf?: (sample: Sample) => string } = {},
): Row {
  const task = { listing: name, what, records: count, runs, notesOf: stagesOf, ...options, sample };
  const row = measure(task);
  rows.push(row);
  console.log(formatRow(row));
  return row;
}

/**
 * Measures the time to split and parse the listing.
 *
 * @throws Error where the floor has not parsed every record.
 */
function measureFloor(listing: Listing, threads: 1 | 2): Row {
  const sample = () => {
    const taken = run(`${HERE}/floor.mjs`, [listing.path, String(threads)]);
    if (Number(taken.output) !== listing.count)
      throw new Error(`The floor parsed ${taken.output.trim()} of ${listing.count} records.`);
    return taken;
  };
  const notesOf = () => 'splits into lines and parses each';
  return show(listing, `floor, ${threads} thread${threads > 1 ? 's' : ''}`, sample, {
    runs: Math.max(FLOOR_RUNS, runs),
    notesOf,
  });
}

function measureCold(listing: Listing, workers: keyof typeof WORKERS, out = `out-${listing.shape}`): Row {
  const task = { source: listing.path, out: place(out), workers: WORKERS[workers], threads: 2 };
  return show(listing, `cold, ${workers} workers, 2 threads`, () => buildCold(task));
}

/**
 * Measures builds that change nothing. The first night after a cold one is not measured, since it has changes to report.
 */
async function measureUnchanged(listing: Listing, workers: keyof typeof WORKERS) {
  const out = place(`out-${listing.shape}`);
  const task = { source: listing.path, out, workers: WORKERS[workers], threads: 2 };
  buildAgain(task);
  const before = await inodesOf(out);
  const { seconds } = show(listing, `unchanged night, ${workers} workers, 2 threads`, () => buildAgain(task));
  const rewritten = await rewrittenSince(before, out);
  const kept = `${rewritten.length} of ${before.size} files are rewritten`;
  console.log(`An unchanged night: ${kept}, beside the manifest. ${rewritten.slice(0, 5).join(' ')}`);
  return { seconds, files: before.size, rewritten: rewritten.length };
}

function measureDuckDB(listing: Listing, workers: keyof typeof WORKERS, ours: string) {
  const out = place('duckdb');
  const args = [listing.path, out, WORKERS[workers], '2'];
  const { seconds } = show(
    listing,
    `DuckDB, ${workers} workers, 2 threads`,
    () => run(`${HERE}/duckdb.ts`, args),
    { notesOf: ({ output }) => output.trim().replaceAll('|', '/') },
  );
  const agreement = agreementOf(place(ours), out);
  console.log(
    `DuckDB and the pipeline allow the same models but for ${((1 - agreement) * 100).toFixed(2)} %.`,
  );
  return { workers, seconds, agreement };
}

/** Measures each stage alone in one thread; the last, that of writing, from a build with one thread. */
function measureStages(listing: Listing, workers: keyof typeof WORKERS) {
  const out = place(`out-${listing.shape}`);
  const { output } = run(`${HERE}/stages.ts`, [listing.path, out, WORKERS[workers]]);
  const { microseconds, allowlist } = JSON.parse(output) as {
    readonly microseconds: Readonly<Record<string, number>>;
    readonly allowlist: object;
  };
  const alone = { source: listing.path, out: place('out-alone'), workers: WORKERS[workers], threads: 1 };
  let write = 0;
  const notesOf = (sample: Sample) => {
    write = (writingSeconds(sample) * 1e6) / listing.count;
    return stagesOf(sample);
  };
  show(listing, `cold, ${workers} workers, 1 thread`, () => buildCold(alone), { runs: 1, notesOf });
  return { microseconds: { ...microseconds, write }, allowlist };
}

function factsOf(listing: Listing, workers: keyof typeof WORKERS, floor: Row, cold: Row) {
  const out = place(`out-${listing.shape}`);
  const lookUp = run(`${HERE}/look-up.ts`, [out, firstId(listing.path), LOOK_UPS]);
  const facts = {
    listing: listing.name,
    count: listing.count,
    workers,
    timesTheFloor: { wall: cold.seconds / floor.seconds, cpu: cold.cpuSeconds / floor.cpuSeconds },
    ...outSize(out),
    lookUp: JSON.parse(lookUp.output) as object,
    ...measureStages(listing, workers),
  };
  console.log(JSON.stringify(facts));
  return facts;
}

async function measureShaped() {
  const listing = await listingOf('hub', 300_000);
  measureFloor(listing, 1);
  const floor = measureFloor(listing, 2);
  const cold = measureCold(listing, 8);
  const duckdb = [measureDuckDB(listing, 8, 'out-hub')];
  const unchanged = await measureUnchanged(listing, 8);
  const facts = factsOf(listing, 8, floor, cold);
  measureCold(listing, 81, 'out-every');
  duckdb.push(measureDuckDB(listing, 81, 'out-every'));
  return { ...facts, unchanged, duckdb };
}

async function measureSynthetic(count: number, workers: keyof typeof WORKERS) {
  const listing = await listingOf('synthetic', count);
  measureFloor(listing, 1);
  const floor = measureFloor(listing, 2);
  return factsOf(listing, workers, floor, measureCold(listing, workers));
}

async function main(): Promise<void> {
  mkdirSync(values.dir, { recursive: true });
  console.log(HEADER);
  const facts = values.large
    ? [await measureSynthetic(3_100_000, 81)]
    : [await measureShaped(), await measureSynthetic(1_000_000, 15)];
  mkdirSync(join(ROOT, 'bench'), { recursive: true });
  const results = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, runs, rows, facts };
  const path = join(ROOT, 'bench', values.large ? 'results-large.json' : 'results.json');
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
}

await main();

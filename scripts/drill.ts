/** Runs the crawl against a Hub that misbehaves and kills it: `npm run drill`. Prints what came of it, as a table. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntheticLines } from './bench/synthetic.ts';
import {
  type Fault,
  hasStandInHub,
  type LoggedRequest,
  type StandInHub,
  startStandInHub,
} from './stand-in-hub.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RECORDS = 12_000;
const PAGE = '/api/models\\?.*cursor';
const SIZES = '/api/models/.*blobs';
const CONFIG = 'resolve-cache';
const ALWAYS = 1_000_000;

/** Faults that the Hub recovers from: the outcome must be that of an undisturbed night. */
const PASSING: readonly (readonly [string, readonly Fault[]])[] = [
  [
    '429 with headers',
    [{ path: PAGE, kind: 'status', status: 429, after: 2, headers: { ratelimit: '"api";r=0;t=1' } }],
  ],
  ['429 without headers', [{ path: PAGE, kind: 'bare-429', after: 2, times: 2 }]],
  [
    '429 with Retry-After',
    [{ path: SIZES, kind: 'status', status: 429, times: 3, headers: { 'retry-after': '1' } }],
  ],
  ['503 on pages', [{ path: PAGE, kind: 'status', after: 3, times: 2 }]],
  ['503 on sizes', [{ path: SIZES, kind: 'status', after: 30, times: 12 }]],
  ['HTML for a page', [{ path: PAGE, kind: 'html', after: 1 }]],
  ['HTML for config.json', [{ path: CONFIG, kind: 'html', after: 5, times: 2 }]],
  ['a truncated page', [{ path: PAGE, kind: 'truncate', after: 4 }]],
  ['a truncated config.json', [{ path: CONFIG, kind: 'truncate', after: 9, times: 2 }]],
  ['garbage for a page', [{ path: PAGE, kind: 'garbage', after: 5 }]],
  ['garbage for sizes', [{ path: SIZES, kind: 'garbage', after: 7, times: 2 }]],
  ['a slow page', [{ path: PAGE, kind: 'slow', ms: 700, after: 2 }]],
  ['a page that hangs', [{ path: PAGE, kind: 'hang', after: 2 }]],
  ['a reset connection', [{ path: PAGE, kind: 'reset', after: 6, times: 2 }]],
  ['a link to another host', [{ path: PAGE, kind: 'foreign-link', times: ALWAYS }]],
  ['a link that loops', [{ path: PAGE, kind: 'loop-link', after: 3 }]],
  ['a dropped item', [{ path: PAGE, kind: 'drop-item', after: 2 }]],
  ['a repeated item', [{ path: PAGE, kind: 'dup-item', after: 2 }]],
  ['an oversized page', [{ path: PAGE, kind: 'big', bytes: 200_000_000, after: 2 }]],
];

/** Faults that it does not recover from: a clear failure, and the last out/ as it was. */
const LASTING: readonly (readonly [string, readonly Fault[]])[] = [
  ['503 for ever', [{ path: PAGE, kind: 'status', after: 3, times: ALWAYS }]],
  ['HTML for ever', [{ path: PAGE, kind: 'html', after: 3, times: ALWAYS }]],
  ['a link that loops for ever', [{ path: PAGE, kind: 'loop-link', after: 3, times: ALWAYS }]],
  ['refused for ever', [{ path: PAGE, kind: 'status', status: 403, after: 3, times: ALWAYS }]],
];

interface Run {
  readonly code: number | null;
  readonly stderr: string;
}

const work = mkdtempSync(join(tmpdir(), 'drill-'));

async function main(): Promise<boolean> {
  if (!hasStandInHub()) {
    console.log('The stand-in Hub of ../shared is not here: nothing to drill against.');
    return true;
  }
  const hub = await startStandInHub(writeListing('night-0', 0));
  const rows: Row[] = [];
  const show = (row: Row) => {
    rows.push(row);
    console.log(formatRow(row));
  };
  console.log(formatRow(['fault', 'outcome', 'requests', 'seconds']));
  try {
    const calm = await observe(hub, [], freshPlace('calm'));
    const expected = contents(calm.place);
    show(['none', calm.run.code === 0 ? 'published' : `exit ${calm.run.code}`, calm.requests, calm.seconds]);
    show(['gone and gated repositories', judgeSpecial(calm.place), '', '']);
    for (const [name, faults] of PASSING) {
      const { run, place, requests, seconds } = await observe(hub, faults, freshPlace(name));
      const same = run.code === 0 && contents(place) === expected;
      show([name, same ? 'same as undisturbed' : `DIFFERENT, exit ${run.code}`, requests, seconds]);
    }
    for (const [name, faults] of LASTING) {
      const place = freshPlace(name);
      cpSync(join(calm.place, 'out'), join(place, 'out'), { recursive: true });
      const { run, requests, seconds } = await observe(hub, faults, place);
      const safe = run.code === 1 && contents(place) === expected && /^Stopped: /m.test(run.stderr);
      show([name, safe ? 'exit 1, last out/ intact' : `WRONG, exit ${run.code}`, requests, seconds]);
    }
    show(await killOften(hub, expected));
    show(await staleNight(hub, calm.place));
  } finally {
    await hub.stop();
  }
  show(await spendQuota());
  show(await threeNights());
  rmSync(work, { recursive: true });
  return rows.every(([, outcome]) => !/DIFFERENT|WRONG/.test(String(outcome)));
}

type Row = readonly [fault: string, outcome: string, requests: number | string, seconds: number | string];

function formatRow([fault, outcome, requests, seconds]: Row): string {
  const time = typeof seconds === 'number' ? seconds.toFixed(1) : seconds;
  return `| ${fault.padEnd(34)} | ${outcome.padEnd(62)} | ${String(requests).padStart(8)} | ${time.padStart(7)} |`;
}

/** Records with files and config.json; one is gone when it is asked for, one is gated. */
function writeListing(name: string, night: 0 | 1): string {
  const path = join(work, `${name}.jsonl`);
  const lines = [...syntheticLines({ count: RECORDS, seed: 5, night })].map((line, at) => {
    const record = JSON.parse(line) as {
      siblings: { rfilename: string }[];
      config?: { model_type?: string };
    };
    const _files = Object.fromEntries(record.siblings.map(({ rfilename }, n) => [rfilename, 1_000 + n]));
    const model_type = record.config?.model_type;
    const _content =
      model_type === undefined ? {} : { 'config.json': { model_type, max_position_embeddings: at + 1 } };
    return JSON.stringify({ ...record, _files, _content });
  });
  writeFileSync(path, [...lines, special(1, { _gone: true }), special(2, { gated: 'manual' })].join('\n'));
  return path;
}

/** A model that a worker would run. */
function special(n: number, more: object): string {
  return JSON.stringify({
    _id: `6b000000000000000000000${n}`,
    id: `special/m${n}`,
    sha: String(n).repeat(40),
    pipeline_tag: 'text-generation',
    library_name: 'transformers',
    config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] },
    safetensors: { parameters: { F16: 1e9 }, total: 1e9 },
    siblings: ['config.json', 'model.safetensors', 'tokenizer.json'].map((rfilename) => ({ rfilename })),
    createdAt: '2026-10-05T00:00:00.000Z',
    ...more,
  });
}

function judgeSpecial(place: string): string {
  const found = contents(place);
  const right = !found.includes('special/m1') && found.includes('special/m2');
  return right ? 'the gone one is withheld, the gated one judged by its listing' : 'WRONG';
}

function freshPlace(name: string): string {
  return mkdtempSync(join(work, `${name.replaceAll(/\W/g, '-')}-`));
}

function start(endpoint: string, place: string, flags: readonly string[] = []) {
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
    env: { ...process.env, HF_ENDPOINT: endpoint },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function build(endpoint: string, place: string, flags: readonly string[] = []): Promise<Run> {
  const child = start(endpoint, place, flags);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

async function observe(hub: StandInHub, faults: readonly Fault[], place: string) {
  await hub.reset(faults);
  const started = Date.now();
  const run = await build(hub.endpoint, place);
  return { run, place, requests: (await hub.log()).length, seconds: (Date.now() - started) / 1000 };
}

/** Every byte that was published but the manifest. */
function contents(place: string): string {
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

/** kill -9 at ten random moments, each a little further, then to the end. */
async function killOften(hub: StandInHub, expected: string): Promise<Row> {
  await hub.reset([{ path: 'api/models', kind: 'slow', ms: 40, times: ALWAYS }]);
  const place = freshPlace('kill');
  const started = Date.now();
  for (let kill = 0; kill < 10; kill += 1) {
    const child = start(hub.endpoint, place);
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 2_500));
    child.kill('SIGKILL');
    if (child.exitCode === null) await once(child, 'exit');
  }
  const { code } = await build(hub.endpoint, place);
  const log = await hub.log();
  const same = code === 0 && contents(place) === expected;
  const outcome = same
    ? `same as undisturbed, ${countTwice(log)} files asked for twice`
    : `DIFFERENT, exit ${code}`;
  return ['kill -9 at ten moments', outcome, log.length, (Date.now() - started) / 1000];
}

/** A second night whose walk fails half way: what was not reached is the first night's, and the build says so. */
async function staleNight(hub: StandInHub, calm: string): Promise<Row> {
  const place = freshPlace('stale');
  cpSync(calm, place, { recursive: true });
  const { run, requests, seconds } = await observe(
    hub,
    [{ path: PAGE, kind: 'status', after: 5, times: ALWAYS }],
    place,
  );
  const report = JSON.parse(readFileSync(join(place, 'out', 'report.json'), 'utf8')) as {
    models: number;
    crawl: { listing: string };
  };
  const before = JSON.parse(readFileSync(join(calm, 'out', 'report.json'), 'utf8')) as { models: number };
  const right = run.code === 1 && report.crawl.listing === 'partial' && report.models === before.models;
  return [
    'second night, 503 from page 7 on',
    right ? 'exit 1, published with the rest of last night, said to be stale' : 'WRONG',
    requests,
    seconds,
  ];
}

/** A Hub with a small quota and short windows, counted by its own log. */
async function spendQuota(): Promise<Row> {
  const [quota, windowSeconds] = [120, 4];
  const flags = [
    '--quota-api',
    String(quota),
    '--quota-resolvers',
    String(quota),
    '--window',
    String(windowSeconds),
  ];
  const hub = await startStandInHub(writeListing('quota', 0), flags);
  const started = Date.now();
  const run = await build(hub.endpoint, freshPlace('quota'), ['--budget', '400']);
  const log = await hub.log();
  await hub.stop();
  const most = Math.max(
    ...['api', 'resolvers'].map((bucket) => mostInWindow(log, bucket, windowSeconds * 1000)),
  );
  const right = run.code === 0 && most <= quota / 2 && log.every(({ status }) => status !== 429);
  const outcome = `at most ${most} of ${quota} requests in a window, no 429`;
  return [
    'half of the quota',
    right ? outcome : `WRONG, ${outcome}`,
    log.length,
    (Date.now() - started) / 1000,
  ];
}

function mostInWindow(log: readonly LoggedRequest[], bucket: string, windowMs: number): number {
  let [start, spent, most] = [0, 0, 0];
  for (const { at, target } of log) {
    const isResolver = target.includes('/resolve/') || target.startsWith('/api/resolve-cache/');
    if (isResolver !== (bucket === 'resolvers')) continue;
    if (at - start >= windowMs) [start, spent] = [at, 0];
    spent += 1;
    most = Math.max(most, spent);
  }
  return most;
}

/** The same cache over a first night with a small budget, the rest of it, and a night on which models changed. */
async function threeNights(): Promise<Row> {
  const place = freshPlace('nights');
  const log: LoggedRequest[] = [];
  const started = Date.now();
  const nights: [string, string][] = [
    [writeListing('first', 0), '1500'],
    [writeListing('second', 0), '1000000'],
    [writeListing('third', 1), '1000000'],
  ];
  const port = String(20_000 + Math.floor(Math.random() * 20_000));
  let fine = true;
  for (const [listing, budget] of nights) {
    const hub = await startStandInHub(listing, ['--port', port]);
    fine &&= (await build(hub.endpoint, place, ['--budget', budget])).code === 0;
    log.push(...(await hub.log()));
    await hub.stop();
  }
  const twice = countTwice(log);
  const outcome = `${twice} of ${log.length} requests ask for a file or sizes again`;
  return [
    'three nights',
    fine && twice === 0 ? outcome : `WRONG, ${outcome}`,
    log.length,
    (Date.now() - started) / 1000,
  ];
}

/** Requests for a repository's file or sizes at a commit that was asked for before, and answered. */
function countTwice(log: readonly LoggedRequest[]): number {
  const seen = new Set<string>();
  let twice = 0;
  for (const { target, status } of log) {
    if (status !== 200 || !/resolve-cache|\/revision\//.test(target)) continue;
    if (seen.has(target)) twice += 1;
    seen.add(target);
  }
  return twice;
}

process.exitCode = (await main()) ? 0 : 1;

/** Runs nights with more than one fault: kills, a walk that stops half way, a quota, one cache over three nights. */
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoggedRequest, type StandInHub, startStandInHub } from '../stand-in-hub.ts';
import { ALWAYS, PAGE } from './faults.ts';
import { writeListing } from './listing.ts';
import type { Row } from './row.ts';
import { build, contents, countTwice, freshPlace, observe, start } from './run.ts';

const KILLS = 40;

/** Sends a signal at many random moments of a night that takes so many seconds; then the night runs to its end. */
export async function killOften(
  { hub, work, expected, seconds }: Calm,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<Row> {
  await hub.reset([{ path: 'api/models', kind: 'slow', ms: 20, times: ALWAYS }]);
  const place = freshPlace(work, signal);
  const started = Date.now();
  let ended = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = start(hub.endpoint, place);
    const exit = once(child, 'exit');
    const timer = setTimeout(() => child.kill(signal), 300 + Math.random() * seconds * 1_000);
    await exit;
    clearTimeout(timer);
    if (child.signalCode === null) ended += 1;
  }
  const { code } = await build(hub.endpoint, place);
  const log = await hub.log();
  const same = code === 0 && contents(place) === expected;
  const outcome = same
    ? `same as undisturbed, ${ended} had ended before, ${countTwice(log)} files asked for twice`
    : `DIFFERENT, exit ${code}`;
  return [`${signal} at ${KILLS} moments`, outcome, log.length, (Date.now() - started) / 1000];
}

/** The place and output of an undisturbed night, to compare with. */
export interface Calm {
  readonly hub: StandInHub;
  readonly work: string;
  readonly place: string;
  readonly expected: string;
  readonly seconds: number;
}

/**
 * Runs a second night whose walk fails half way. It must keep the first night's records that it did not reach, and report
 * that.
 */
export async function staleNight({ hub, work, place: calm }: Calm): Promise<Row> {
  const place = freshPlace(work, 'stale');
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
  const right = run.code === 4 && report.crawl.listing === 'partial' && report.models === before.models;
  return [
    'second night, 503 from page 7 on',
    right ? 'exit 4, published with the rest of last night, said to be stale' : 'WRONG',
    requests,
    seconds,
  ];
}

/** Crawls a Hub with a small quota and short windows, counted by its own log. */
export async function spendQuota(work: string): Promise<Row> {
  const [quota, windowSeconds] = [120, 4];
  const flags = [
    '--quota-api',
    String(quota),
    '--quota-resolvers',
    String(quota),
    '--window',
    String(windowSeconds),
  ];
  const hub = await startStandInHub(writeListing(work, 'quota', 0), flags);
  const started = Date.now();
  const run = await build(hub.endpoint, freshPlace(work, 'quota'), { flags: ['--budget', '400'] });
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

/** Runs nights over the same cache: a first one with a small budget, the rest of it, and one on which models changed. */
export async function threeNights(work: string): Promise<Row> {
  const place = freshPlace(work, 'nights');
  const log: LoggedRequest[] = [];
  const started = Date.now();
  const nights: [string, string][] = [
    [writeListing(work, 'first', 0), '1500'],
    [writeListing(work, 'second', 0), '1000000'],
    [writeListing(work, 'third', 1), '1000000'],
  ];
  const port = String(20_000 + Math.floor(Math.random() * 20_000));
  let fine = true;
  for (const [listing, budget] of nights) {
    const hub = await startStandInHub(listing, ['--port', port]);
    fine &&= (await build(hub.endpoint, place, { flags: ['--budget', budget] })).code === 0;
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

/**
 * Runs the crawl against a Hub that misbehaves, and kills it: `npm run drill`, or `npm run drill -- --only 'SIGTERM|bad
 * line'` for the scenes whose name matches. It prints the outcomes as a table.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { badWorld } from './drill/bad-world.ts';
import { LASTING, PASSING } from './drill/faults.ts';
import { writeListing } from './drill/listing.ts';
import { type Calm, killOften, spendQuota, staleNight, threeNights } from './drill/nights.ts';
import { formatRow, type Row } from './drill/row.ts';
import { contents, freshPlace, observe } from './drill/run.ts';
import { type Fault, hasStandInHub, type StandInHub, startStandInHub } from './stand-in-hub.ts';

/** A scene: a name to choose it by, and a function that runs it. */
type Scene = readonly [name: string, run: () => Promise<Row | readonly Row[]>];

async function main(only: RegExp): Promise<boolean> {
  if (!hasStandInHub()) {
    console.log('The stand-in Hub of ../shared is not here: nothing to drill against.');
    return true;
  }
  const work = mkdtempSync(join(tmpdir(), 'drill-'));
  const hub = await startStandInHub(writeListing(work, 'night-0', 0));
  console.log(formatRow(['fault', 'outcome', 'requests', 'seconds']));
  let fine = true;
  try {
    const undisturbed = await observe(hub, [], freshPlace(work, 'calm'));
    const { place, requests, seconds, run } = undisturbed;
    console.log(
      formatRow(['none', run.code === 0 ? 'published' : `WRONG, exit ${run.code}`, requests, seconds]),
    );
    const calm: Calm = { hub, work, place, expected: contents(place), seconds };
    for (const [, show] of scenesOf(calm).filter(([name]) => only.test(name))) {
      for (const row of rowsOf(await show())) {
        console.log(formatRow(row));
        fine &&= !/DIFFERENT|WRONG/.test(String(row[1]));
      }
    }
    return fine && run.code === 0;
  } finally {
    await hub.stop();
    rmSync(work, { recursive: true });
  }
}

function rowsOf(shown: Row | readonly Row[]): readonly Row[] {
  return Array.isArray(shown[0]) ? (shown as readonly Row[]) : [shown as Row];
}

function scenesOf(calm: Calm): Scene[] {
  const { hub, work, place } = calm;
  return [
    ['gone and gated', async () => ['gone and gated repositories', await judgeSpecial(hub, place), '', '']],
    ...PASSING.map(([name, faults]): Scene => [name, () => passingFault(calm, name, faults)]),
    ...LASTING.map(([name, faults]): Scene => [name, () => lastingFault(calm, name, faults)]),
    ['SIGKILL', () => killOften(calm, 'SIGKILL')],
    ['SIGTERM', () => killOften(calm, 'SIGTERM')],
    ['second night', () => staleNight(calm)],
    ['quota', () => spendQuota(work)],
    ['three nights', () => threeNights(work)],
    ['bad line', () => badWorld(work)],
  ];
}

async function passingFault(
  { hub, work, expected }: Calm,
  name: string,
  faults: readonly Fault[],
): Promise<Row> {
  const { run, place, requests, seconds } = await observe(hub, faults, freshPlace(work, name));
  const same = run.code === 0 && contents(place) === expected;
  return [name, same ? 'same as undisturbed' : `DIFFERENT, exit ${run.code}`, requests, seconds];
}

async function lastingFault(calm: Calm, name: string, faults: readonly Fault[]): Promise<Row> {
  const place = freshPlace(calm.work, name);
  cpSync(join(calm.place, 'out'), join(place, 'out'), { recursive: true });
  const { run, requests, seconds } = await observe(calm.hub, faults, place);
  const safe = run.code === 1 && contents(place) === calm.expected && /^Stopped: /m.test(run.stderr);
  return [name, safe ? 'exit 1, last out/ intact' : `WRONG, exit ${run.code}`, requests, seconds];
}

/**
 * Judges the gone and the gated repository on the first night, and on one a day later, which the command line cannot set.
 */
async function judgeSpecial(hub: StandInHub, place: string): Promise<string> {
  const later = freshPlace(join(place, '..'), 'a-day-later');
  cpSync(place, later, { recursive: true });
  const flags = ['--source', 'hub', '--fresh', '--out', join(later, 'out'), '--cache', join(later, 'cache')];
  const options = buildOptions([...flags, '--workers', 'data/workers/rbee/*.json'], {
    HF_ENDPOINT: hub.endpoint,
  });
  await build(options, () => new Date(Date.now() + 86_400_000));
  const [first, second] = [contents(place), contents(later)];
  const doubted = first.includes('special/m1') && first.includes('special/m2');
  const believed = !allowlistOf(second).includes('special/m1') && second.includes('special/m2');
  return doubted && believed ? 'the gone one is withheld on the second night, the gated one judged' : 'WRONG';
}

function allowlistOf(text: string): string {
  return /^allowlist\.json\n([^\]]*)/m.exec(text)?.[1] ?? '';
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
process.exitCode = (await main(new RegExp(values.only))) ? 0 : 1;

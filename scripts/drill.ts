/** Runs the crawl against a Hub that misbehaves and kills it: `npm run drill`. Prints what came of it, as a table. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../pipeline/build.ts';
import { buildOptions } from '../pipeline/commands/options.ts';
import { LASTING, PASSING } from './drill/faults.ts';
import { writeListing } from './drill/listing.ts';
import { killOften, spendQuota, staleNight, threeNights } from './drill/nights.ts';
import { formatRow, type Row } from './drill/row.ts';
import { contents, freshPlace, observe } from './drill/run.ts';
import { hasStandInHub, type StandInHub, startStandInHub } from './stand-in-hub.ts';

async function main(): Promise<boolean> {
  if (!hasStandInHub()) {
    console.log('The stand-in Hub of ../shared is not here: nothing to drill against.');
    return true;
  }
  const work = mkdtempSync(join(tmpdir(), 'drill-'));
  const hub = await startStandInHub(writeListing(work, 'night-0', 0));
  const rows: Row[] = [];
  const show = (row: Row) => {
    rows.push(row);
    console.log(formatRow(row));
  };
  console.log(formatRow(['fault', 'outcome', 'requests', 'seconds']));
  try {
    const calm = await observe(hub, [], freshPlace(work, 'calm'));
    const expected = contents(calm.place);
    show(['none', calm.run.code === 0 ? 'published' : `exit ${calm.run.code}`, calm.requests, calm.seconds]);
    show(['gone and gated repositories', await judgeSpecial(hub, calm.place), '', '']);
    for (const [name, faults] of PASSING) {
      const { run, place, requests, seconds } = await observe(hub, faults, freshPlace(work, name));
      const same = run.code === 0 && contents(place) === expected;
      show([name, same ? 'same as undisturbed' : `DIFFERENT, exit ${run.code}`, requests, seconds]);
    }
    for (const [name, faults] of LASTING) {
      const place = freshPlace(work, name);
      cpSync(join(calm.place, 'out'), join(place, 'out'), { recursive: true });
      const { run, requests, seconds } = await observe(hub, faults, place);
      const safe = run.code === 1 && contents(place) === expected && /^Stopped: /m.test(run.stderr);
      show([name, safe ? 'exit 1, last out/ intact' : `WRONG, exit ${run.code}`, requests, seconds]);
    }
    show(await killOften(hub, work, expected));
    show(await staleNight(hub, work, calm.place));
  } finally {
    await hub.stop();
  }
  show(await spendQuota(work));
  show(await threeNights(work));
  rmSync(work, { recursive: true });
  return rows.every(([, outcome]) => !/DIFFERENT|WRONG/.test(String(outcome)));
}

/** On the first night, and on one a day later, which the command line cannot ask for. */
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

process.exitCode = (await main()) ? 0 : 1;

/**
 * Disturbs a night: `npm run drill:nightly`, or half of it with `-- --only crawl` or `-- --only publish`. After each
 * fault out/ must be last night's or tonight's, whole. A damaged cache of the crawl may cost requests, but may change no
 * byte of out/.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MiniHub } from '../pipeline/testing/mini-hub.ts';
import { cacheStates, crawlScene } from './drill-nightly/crawl.ts';
import { damageEverything } from './drill-nightly/damage.ts';
import { fullDisk, readOnly } from './drill-nightly/disk.ts';
import { type Row, work } from './drill-nightly/place.ts';
import { clockBack, damaged, publishScene, staleLock, twoAtOnce } from './drill-nightly/publish.ts';
import { strikeOften } from './drill-nightly/strikes.ts';

/** The number of kills, each of which needs a separate process. */
const KILLS = 40;
const FULL_DISKS = 80;
/**
 * The free KiB, of the 300 to 450 KiB that the night takes: the disk fills up while records are put by, and while files
 * are written.
 */
const FREE_KIB = [32, 128, 256] as const;
/** The free KiB for the cache alone: the disk fills up in the first page, in the second, and among the details. */
const FREE_KIB_OF_CACHE = [8, 28, 48] as const;

async function* disturbPublish(): AsyncGenerator<Row> {
  const scene = await publishScene();
  yield strikeOften('kill', scene, KILLS);
  yield strikeOften('full', scene, FULL_DISKS);
  for (const free of FREE_KIB) yield fullDisk(scene, '.', free);
  yield readOnly(scene);
  const lists = ['out/running.jsonl', 'out/allowlist.json', 'out/copies/0.json'];
  yield damaged(scene, 'damaged lists of last night', lists);
  yield damaged(scene, 'a damaged manifest of last night', ['out/manifest.json']);
  yield clockBack(scene);
  yield twoAtOnce(scene);
  yield staleLock(scene);
}

async function* disturbCrawl(hub: MiniHub): AsyncGenerator<Row> {
  const scene = await crawlScene(hub);
  yield strikeOften('kill', scene, KILLS / 2);
  yield strikeOften('full', scene, FULL_DISKS / 2);
  for (const free of FREE_KIB_OF_CACHE) yield fullDisk(scene, 'cache', free);
  for (const state of await cacheStates(hub, scene)) yield damageEverything(state);
}

async function showAll(title: string, rows: AsyncGenerator<Row>): Promise<boolean> {
  console.log(`\n| ${title} | outcome | |\n| :-- | :-- | :-- |`);
  let fine = true;
  for await (const [fault, outcome, right] of rows) {
    console.log(`| ${fault} | ${outcome.replaceAll('|', '/')} | ${right ? 'ok' : 'WRONG'} |`);
    fine &&= right;
  }
  return fine;
}

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const hub = await MiniHub.start([]);
try {
  const crawl = only === 'publish' || (await showAll('in the crawl', disturbCrawl(hub)));
  const publish = only === 'crawl' || (await showAll('in the publish', disturbPublish()));
  process.exitCode = crawl && publish ? 0 : 1;
} finally {
  hub.stop();
  rmSync(work, { recursive: true, force: true });
}

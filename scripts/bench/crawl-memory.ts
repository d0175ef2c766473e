/** Crawls a stand-in Hub of generated records, and prints the peak memory: `npx tsx scripts/bench/crawl-memory.ts 100000`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crawlHub } from '../../pipeline/crawl/index.ts';
import { detailKey, WantedList } from '../../pipeline/judge/wanted.ts';
import { eachLine, type LineChunk } from '../../pipeline/lib/lines.ts';
import { hasStandInHub, startStandInHub } from '../stand-in-hub.ts';
import { generate } from './generate.ts';

const BUDGET = 2_000;

/** Crawls in a separate process, so that its memory is measured alone. */
async function crawl(endpoint: string, cache: string): Promise<void> {
  const started = Date.now();
  const crawled = await crawlHub({
    endpoint,
    token: undefined,
    cache,
    fresh: false,
    maxAgeHours: 24,
    budget: BUDGET,
    limit: undefined,
    now: () => new Date(),
    onProgress: () => {},
  });
  let records = 0;
  const wanted = new WantedList(BUDGET);
  for (const part of crawled.parts()) {
    const { bytes } = part as LineChunk;
    const line = (text: Buffer) => {
      records += 1;
      const record = JSON.parse(text.toString());
      const key = detailKey(record);
      if (key !== undefined)
        wanted.add({ key, config: false, sizes: true, gate: true, downloads: Number(record.downloads ?? 0) });
    };
    eachLine(bytes, bytes.length, { line, tooLong: () => {} });
  }
  await crawled.fetchDetails(wanted.list());
  await crawled.close();
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  const seconds = (Date.now() - started) / 1000;
  const { pages, details } = crawled.report();
  console.log(JSON.stringify({ records, pages, details, seconds, peakMiB }));
}

async function serveAndCrawl(count: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'crawl-memory-'));
  const data = join(dir, 'hub.jsonl');
  await generate({ shape: 'synthetic', count, seed: 1, night: 0 }, data);
  const hub = await startStandInHub(data);
  const self = fileURLToPath(import.meta.url);
  spawnSync(process.execPath, ['--import', 'tsx', self, '--of', hub.endpoint, dir], { stdio: 'inherit' });
  await hub.stop();
  rmSync(dir, { recursive: true });
}

const [first = '100000', endpoint, dir] = process.argv.slice(2);
if (first === '--of') await crawl(String(endpoint), String(dir));
else if (hasStandInHub()) await serveAndCrawl(Number(first));
else console.log('The stand-in Hub of ../shared is not here.');

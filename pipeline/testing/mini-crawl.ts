/** Crawls a Hub on this machine, for tests: without long waits, and with the records that it yields. */

import type { ListingPart } from '../crawl/files.ts';
import { type Crawl, type CrawlOptions, type CrawlReport, crawlHub } from '../crawl/index.ts';
import { detailKey, type WantedDetail } from '../judge/wanted.ts';
import { eachLine, type LineChunk } from '../lib/lines.ts';
import type { MiniRecord } from './mini-hub.ts';

type Where = Pick<CrawlOptions, 'endpoint' | 'cache'>;
type Wish = Pick<WantedDetail, 'config' | 'sizes' | 'header'>;

interface MiniOptions extends Partial<CrawlOptions> {
  /** The details that are wanted of each record, where they are not known yet. */
  readonly wanted?: Wish;
}

export async function miniCrawl({
  wanted = { config: false, sizes: false },
  ...options
}: Where & MiniOptions): Promise<{ records: MiniRecord[]; report: CrawlReport }> {
  const crawled = await crawlHub({
    token: undefined,
    backoffMs: 1,
    fresh: false,
    maxAgeHours: 24,
    budget: 100,
    limit: undefined,
    now: () => new Date(),
    onProgress: () => {},
    ...options,
  });
  try {
    await fetchWanted(crawled, wanted, options.budget ?? 100);
    return { records: recordsOf(crawled.parts()), report: crawled.report() };
  } finally {
    await crawled.close();
  }
}

async function fetchWanted(crawled: Crawl, wish: Wish, budget: number): Promise<void> {
  const details = recordsOf(crawled.parts()).flatMap((record): WantedDetail[] => {
    const key = detailKey(record);
    const fetched = record.fetched as Readonly<Record<string, boolean>> | undefined;
    const config = wish.config && fetched?.config !== true;
    const sizes = wish.sizes && fetched?.sizes !== true;
    const header = fetched?.header === true ? undefined : wish.header;
    if (key === undefined || !(config || sizes || header !== undefined)) return [];
    const rest = { gate: record.gate !== false, downloads: Number(record.downloads ?? 0) };
    return [{ key, config, sizes, ...(header === undefined ? {} : { header }), ...rest }];
  });
  details.sort((a, b) => b.downloads - a.downloads);
  await crawled.fetchDetails({
    details: details.slice(0, budget),
    left: Math.max(0, details.length - budget),
    leftOthers: 0,
  });
}

function recordsOf(parts: Iterable<ListingPart>): MiniRecord[] {
  const records: MiniRecord[] = [];
  for (const part of parts) {
    const { bytes } = part as LineChunk;
    eachLine(bytes, bytes.length, {
      line: (line) => records.push(JSON.parse(String(line))),
      tooLong: () => {},
    });
  }
  return records;
}

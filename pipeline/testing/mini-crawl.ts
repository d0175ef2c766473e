/** A crawl of the Hub on this machine, for tests: in a hurry, and with the records that it gives. */
import { type CrawlOptions, type CrawlReport, crawlHub } from '../crawl/index.ts';
import { eachLine, type LineChunk } from '../lib/lines.ts';
import type { MiniRecord } from './mini-hub.ts';

const NOTHING = { config: false, sizes: false };

type Where = Pick<CrawlOptions, 'endpoint' | 'cache'>;

export async function miniCrawl(
  options: Where & Partial<CrawlOptions>,
): Promise<{ records: MiniRecord[]; report: CrawlReport }> {
  const crawled = await crawlHub({
    token: undefined,
    backoffMs: 1,
    fresh: false,
    sinceLast: false,
    known: undefined,
    maxAgeHours: 24,
    budget: 100,
    limit: undefined,
    wanted: () => NOTHING,
    now: () => new Date(),
    onProgress: () => {},
    ...options,
  });
  const records: MiniRecord[] = [];
  for (const part of crawled.parts()) {
    const { bytes } = part as LineChunk;
    eachLine(bytes, bytes.length, {
      line: (line) => records.push(JSON.parse(String(line))),
      tooLong: () => {},
    });
  }
  crawled.close();
  return { records, report: crawled.report };
}

/** Describes in words how the requests for details ended. */
import type { CrawlReport } from '../../crawl/index.ts';
import { count } from '../../lib/words.ts';

/** Describes the requests in one line; counts of 0 are left out. */
export function describeDetails({ details, outdatedConfigs }: CrawlReport): string {
  const { fetched, left, leftOthers, failed, paused, doubted, gone, refused } = details;
  const parts: [number, string][] = [
    [left, 'left for other nights'],
    [leftOthers, 'left, of models that only other engines run'],
    [failed, 'failed'],
    [paused, 'not asked, since they failed on earlier nights'],
    [doubted, 'answered as gone or refused for the first time, which is not believed yet'],
    [gone, 'gone'],
    [refused, 'refused'],
    [outdatedConfigs, 'judged by the config.json of an earlier commit'],
  ];
  const said = parts.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
  return [`${count(fetched)} fetched`, ...said].join(', ');
}

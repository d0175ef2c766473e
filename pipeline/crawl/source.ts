/** Opens the source of a night's records: the Hub, the bundled snapshot, or files. */
import { SNAPSHOT_GLOB } from '../lib/paths.ts';
import { fileParts, findFiles, type ListingPart, limitedParts, sizeOf } from './files.ts';
import type { Crawl, CrawlOptions } from './index.ts';

export interface SourceOptions extends CrawlOptions {
  /** `snapshot`, `hub`, or a glob of files. */
  readonly source: string;
}

export interface RecordSource {
  /** `snapshot`, `hub` or `files`. */
  readonly name: string;
  /** The approximate number of bytes to read. */
  readonly bytes: number;
  parts(): AsyncIterable<ListingPart> | Iterable<ListingPart>;
  /** The crawl that fetches details, where they can be fetched. */
  readonly crawl: Crawl | undefined;
}

/** The average bytes of a record; synthetic and real listings are near it. */
const RECORD_BYTES = 1_700;

/** Opens the records. @throws UsageError when no file matches; as `crawlHub`. */
export async function openRecords(options: SourceOptions): Promise<RecordSource> {
  const { source, limit } = options;
  if (source === 'hub') {
    // Loaded here: the client of the Hub takes a tenth of a second, and a build from files does without it.
    const { crawlHub } = await import('./index.ts');
    const crawl = await crawlHub(options);
    return { name: source, bytes: crawl.records * RECORD_BYTES, parts: () => crawl.parts(), crawl };
  }
  const paths = await findFiles(source === 'snapshot' ? SNAPSHOT_GLOB : source);
  return {
    name: source === 'snapshot' ? source : 'files',
    bytes: Math.min(sizeOf(paths), (limit ?? Number.POSITIVE_INFINITY) * RECORD_BYTES),
    parts: () => (limit === undefined ? fileParts(paths) : limitedParts(paths, limit)),
    crawl: undefined,
  };
}

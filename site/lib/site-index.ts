/** The files that the search of the site loads: search.json, and refused.json beside it. */
import type { SearchIndex } from '../../pipeline/format/files.ts';
import type { SiteWorker } from './chosen-workers.ts';

/**
 * Columns beside those of search.json in out/; -1 is unknown. `device` is left out: `needs` has it for each worker.
 */
export interface SiteIndex extends Omit<SearchIndex, 'device'> {
  /** Ids whose page does not lie at the id itself. */
  readonly paths: Readonly<Record<string, string>>;
  readonly names: readonly SiteWorker[];
  /** Quantizations that run, with blanks between them; `set` is the number of each id's. */
  readonly sets: readonly string[];
  readonly set: readonly number[];
  readonly kinds: readonly string[];
  readonly kind: readonly number[];
  /** The parameters of each id in millions, to two digits. */
  readonly millions: readonly number[];
  /** The context of each id in thousands (1,024) of tokens, to three digits. */
  readonly thousands: readonly number[];
  /** The size in GB of the smallest choice of each id that runs, to two digits. */
  readonly smallest: readonly number[];
}

/** Models without a page, the most downloaded first. */
export interface RefusedIndex {
  readonly ids: readonly string[];
  /** The number of each id's sentence in `reasons`; `kind` has that of its kind in `kinds`. */
  readonly reason: readonly number[];
  readonly kind: readonly number[];
  readonly reasons: readonly string[];
  readonly kinds: readonly string[];
}

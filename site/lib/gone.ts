/** Pages that are gone: for hosts to answer 410, and for 404.html to say since when and why. */
import type { Removed } from '../../pipeline/format/files.ts';
import { findOddPaths } from './paths.ts';

export interface Gone {
  readonly on: string;
  readonly reasons: readonly string[];
  /** The path of its page below models/, where that was not at the id itself. */
  readonly path?: string;
}

/** Returns the pages that are gone, by repo id. `removed` may hold ids that are back. */
export function gonePages(removed: Removed, allowlist: readonly string[]): Record<string, Gone> {
  const allowed = new Set(allowlist);
  const gone = removed.filter(({ id }) => !allowed.has(id));
  // An id that differed from another's in case alone had a path of its own because of that other, gone or not.
  const odd = findOddPaths([...allowlist, ...gone.map(({ id }) => id)]);
  return Object.fromEntries(
    gone.map(({ id, on, reasons }) => {
      const path = odd.get(id);
      return [id, { on, reasons, ...(path === undefined ? {} : { path }) }];
    }),
  );
}

/** Repo id -> the path of its page: the one place where a string of the Hub becomes a path. */
import { hash } from 'node:crypto';

/** Names that another file of the site has, or that disks and hosts change. `~` stands in no repo id. */
const TAKEN = /\.json$|^index\.html$|\.$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const SEGMENT = /^[A-Za-z0-9._-]{1,96}$/;

/** Ids whose page does not lie at the id itself, with the path where it lies. */
export type OddPaths = ReadonlyMap<string, string>;

/**
 * A part of a path that is taken, or that differs from an earlier id's only in case, gets eight digits of its sha256:
 * disks of Windows and macOS know one spelling of a name.
 *
 * @param ids sorted, so that the same spelling keeps its path every night.
 * @throws Error for an id that is none: extraction lets none through.
 */
export function findOddPaths(ids: readonly string[]): OddPaths {
  const spellings = new Map<string, string>();
  const odd = new Map<string, string>();
  for (const id of ids) {
    const segments = id.split('/');
    if (segments.length > 2 || !segments.every((segment) => SEGMENT.test(segment) && !/^\.+$/.test(segment)))
      throw new Error(`${JSON.stringify(id)} is no repo id.`);
    let parent = '';
    const path = segments.map((segment) => {
      const own = plainSegment(`${parent}${segment}`, segment, spellings);
      parent = `${parent}${segment}/`.toLowerCase();
      return own;
    });
    if (path.join('/') !== id) odd.set(id, path.join('/'));
  }
  return odd;
}

function plainSegment(key: string, segment: string, spellings: Map<string, string>): string {
  const first = spellings.get(key.toLowerCase()) ?? segment;
  spellings.set(key.toLowerCase(), first);
  if (first === segment && !TAKEN.test(segment)) return segment;
  return `${segment.replace(/\.$/, '')}~${hash('sha256', segment).slice(0, 8)}`;
}

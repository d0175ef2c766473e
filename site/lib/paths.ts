/** Repo id -> the path of its page: the one place where a string of the Hub becomes a path. */
import { hash } from 'node:crypto';

/** Names that another file of the site has, or that disks and hosts change. No repo id holds a `~`. */
const TAKEN = /\.json$|\.png$|^index\.html$|\.$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const SEGMENT = /^[A-Za-z0-9._-]{1,96}$/;

/** Ids whose page does not lie at the id itself, with the path where it lies. */
export type OddPaths = ReadonlyMap<string, string>;

/**
 * A part of a path that is taken, or that differs from another id's only in case, gets eight digits of its sha256: disks of
 * Windows and macOS know one spelling of a name. All spellings get them, so that none answers for another.
 *
 * @throws Error for an id that is none: extraction lets none through.
 */
export function findOddPaths(ids: readonly string[]): OddPaths {
  const spellings = new Map<string, string | undefined>();
  for (const segments of ids.map(segmentsOf)) {
    for (const [at, segment] of segments.entries()) {
      const key = keyOf(segments, at);
      const known = spellings.has(key) ? spellings.get(key) : segment;
      spellings.set(key, known === segment ? segment : undefined);
    }
  }
  const odd = new Map<string, string>();
  for (const id of ids) {
    const segments = segmentsOf(id);
    const path = segments.map((segment, at) => {
      const alone = spellings.get(keyOf(segments, at)) === segment;
      return alone && !TAKEN.test(segment) ? segment : hashed(segment);
    });
    if (path.join('/') !== id) odd.set(id, path.join('/'));
  }
  return odd;
}

function segmentsOf(id: string): string[] {
  const segments = id.split('/');
  if (segments.length > 2 || !segments.every((segment) => SEGMENT.test(segment) && !/^\.+$/.test(segment)))
    throw new Error(`${JSON.stringify(id)} is no repo id.`);
  return segments;
}

/** Returns what a disk that knows one case sees up to this segment. */
const keyOf = (segments: readonly string[], at: number) =>
  segments
    .slice(0, at + 1)
    .join('/')
    .toLowerCase();

const hashed = (segment: string) => `${segment.replace(/\.$/, '')}~${hash('sha256', segment).slice(0, 8)}`;

/** The faults of a Hub, one after the other. */
import type { Fault } from '../stand-in-hub.ts';

/** The address of a page, as a pattern of faults. */
export const PAGE = '/api/models\\?.*cursor';
const SIZES = '/api/models/.*blobs';
const CONFIG = 'resolve-cache';
export const ALWAYS = 1_000_000;

/** Faults that the Hub recovers from. The outcome must be that of an undisturbed night. */
export const PASSING: readonly (readonly [string, readonly Fault[]])[] = [
  [
    '429 with headers',
    [{ path: PAGE, kind: 'status', status: 429, after: 2, headers: { ratelimit: '"api";r=0;t=1' } }],
  ],
  ['429 without headers', [{ path: PAGE, kind: 'bare-429', after: 2, times: 2 }]],
  [
    '429 with Retry-After',
    [{ path: SIZES, kind: 'status', status: 429, times: 3, headers: { 'retry-after': '1' } }],
  ],
  ['503 on pages', [{ path: PAGE, kind: 'status', after: 3, times: 2 }]],
  ['503 on sizes', [{ path: SIZES, kind: 'status', after: 30, times: 12 }]],
  ['HTML for a page', [{ path: PAGE, kind: 'html', after: 1 }]],
  ['HTML for config.json', [{ path: CONFIG, kind: 'html', after: 5, times: 2 }]],
  ['a truncated page', [{ path: PAGE, kind: 'truncate', after: 4 }]],
  ['a truncated config.json', [{ path: CONFIG, kind: 'truncate', after: 9, times: 2 }]],
  ['garbage for a page', [{ path: PAGE, kind: 'garbage', after: 5 }]],
  ['garbage for sizes', [{ path: SIZES, kind: 'garbage', after: 7, times: 2 }]],
  ['a slow page', [{ path: PAGE, kind: 'slow', ms: 700, after: 2 }]],
  ['a page that hangs', [{ path: PAGE, kind: 'hang', after: 2 }]],
  ['a reset connection', [{ path: PAGE, kind: 'reset', after: 6, times: 2 }]],
  ['a link to another host', [{ path: PAGE, kind: 'foreign-link', times: ALWAYS }]],
  ['a link that loops', [{ path: PAGE, kind: 'loop-link', after: 3 }]],
  ['a dropped item', [{ path: PAGE, kind: 'drop-item', after: 2 }]],
  ['a repeated item', [{ path: PAGE, kind: 'dup-item', after: 2 }]],
  ['an oversized page', [{ path: PAGE, kind: 'big', bytes: 200_000_000, after: 2 }]],
];

/** Faults that it does not recover from. The build must fail clearly, and leave the last out/ as it was. */
export const LASTING: readonly (readonly [string, readonly Fault[]])[] = [
  ['503 for ever', [{ path: PAGE, kind: 'status', after: 3, times: ALWAYS }]],
  ['HTML for ever', [{ path: PAGE, kind: 'html', after: 3, times: ALWAYS }]],
  ['a link that loops for ever', [{ path: PAGE, kind: 'loop-link', after: 3, times: ALWAYS }]],
  ['refused for ever', [{ path: PAGE, kind: 'status', status: 403, after: 3, times: ALWAYS }]],
];

/** What a build of the site is told through the environment by `build.ts`. */

/** The folder that the pipeline wrote. */
export const OUT = process.env.SITE_OUT ?? 'out';
/** What the site is called: in titles, the feed and cards. */
export const SITE_NAME = 'rbee models';
/** Where the site will be found. */
export const SITE_URL = process.env.SITE_URL ?? 'http://localhost:4173/';

/** Where reports of wrong verdicts go: a page that takes `title` and `body`, as that of new issues of GitHub does. */
export const REPORT_URL = process.env.SITE_REPORT_URL || undefined;
/** How many models, the most downloaded, get a picture of their own for cards: each takes 30 ms and 5 kB. */
export const MOST_PICTURES = Number(process.env.SITE_PICTURES ?? 200);

/** Which part of the models this run of Next builds, and of how many: `build.ts` says why there are several. */
const [PART = 0, PARTS = 1] = (process.env.SITE_PART ?? '0/1').split('/').map(Number);

/** The part of a list that is this run's. */
export function partOf<T>(all: readonly T[]): T[] {
  return all.slice(Math.floor((all.length * PART) / PARTS), Math.floor((all.length * (PART + 1)) / PARTS));
}

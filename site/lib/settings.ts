/** The settings that `build.ts` tells a build of the site through the environment. */

/** The folder that the pipeline wrote. */
export const OUT = process.env.SITE_OUT ?? 'out';
/** The name of the site: in titles, the feed and cards. */
export const SITE_NAME = 'rbee models';
/** The address where the site will be found. */
export const SITE_URL = process.env.SITE_URL ?? 'http://localhost:4173/';

/** The address where reports of wrong verdicts go: a page that takes `title` and `body`, as that of new issues of GitHub does. */
export const REPORT_URL = process.env.SITE_REPORT_URL || undefined;
/** The number of models, the most downloaded, that get a picture of their own for cards: each takes 30 ms and 5 kB. */
export const MOST_PICTURES = Number(process.env.SITE_PICTURES ?? 200);

/** The part of the models that this run of Next builds, and the number of parts: `build.ts` says why there are several. */
const [PART = 0, PARTS = 1] = (process.env.SITE_PART ?? '0/1').split('/').map(Number);

/** The part of a list that is this run's. */
export function partOf<T>(all: readonly T[]): T[] {
  return all.slice(Math.floor((all.length * PART) / PARTS), Math.floor((all.length * (PART + 1)) / PARTS));
}

/** What a build of the site is told through the environment by `build.ts`. */

/** The folder that the pipeline wrote. */
export const OUT = process.env.SITE_OUT ?? 'out';
/** Where the site will be found. */
export const SITE_URL = process.env.SITE_URL ?? 'http://localhost:4173/';

/** Which part of the models this run of Next builds, and of how many: `build.ts` says why there are several. */
const [PART = 0, PARTS = 1] = (process.env.SITE_PART ?? '0/1').split('/').map(Number);

/** The part of a list that is this run's. */
export function partOf<T>(all: readonly T[]): T[] {
  return all.slice(Math.floor((all.length * PART) / PARTS), Math.floor((all.length * (PART + 1)) / PARTS));
}

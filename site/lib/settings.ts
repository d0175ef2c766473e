/** What a build of the site is told through the environment by `build.ts`. */

/** The folder that the pipeline wrote. */
export const OUT = process.env.SITE_OUT ?? 'out';
/** Where the site will be found. */
export const SITE_URL = process.env.SITE_URL ?? 'http://localhost:4173/';

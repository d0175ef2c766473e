/** Reads from the robots.txt of a built site where it is served. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const robots = (dist: string) => readFileSync(join(dist, 'robots.txt'), 'utf8');

/** Returns the folder of the host that the site lies below: '' at its root, else such as `/models`. */
export function baseOf(dist: string): string {
  return (/^Allow: (.*)$/m.exec(robots(dist))?.[1] ?? '/').replace(/\/$/, '');
}

/** The address of its first page, with host, as sitemap and feed begin theirs. */
export function addressOf(dist: string): string {
  return /^Sitemap: (.*)sitemap\.xml$/m.exec(robots(dist))?.[1] ?? '';
}

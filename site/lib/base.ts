/** Below which folder of a host a built site stands: robots.txt tells it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** '' at the root of a host, else such as `/models`. */
export function baseOf(dist: string): string {
  const robots = readFileSync(join(dist, 'robots.txt'), 'utf8');
  return (/^Allow: (.*)$/m.exec(robots)?.[1] ?? '/').replace(/\/$/, '');
}

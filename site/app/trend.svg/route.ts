import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../../lib/respond.tsx';
import { OUT } from '../../lib/settings.ts';

export const dynamic = 'force-static';

/** The picture of the nights, as the pipeline drew it. */
export function GET() {
  return text(readFileSync(join(OUT, 'trend.svg'), 'utf8'), 'image/svg+xml');
}

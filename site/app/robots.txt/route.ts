import { address, link } from '../../lib/matrix.ts';
import { text } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export function GET() {
  return text(`User-agent: *\nAllow: ${link('/')}\nSitemap: ${address('/sitemap.xml')}\n`);
}

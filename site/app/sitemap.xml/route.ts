import { allPaths } from '../../lib/pages.ts';
import { xml } from '../../lib/respond.tsx';
import { MOST_ADDRESSES, sitemapIndex } from '../../views/feeds.ts';

export const dynamic = 'force-static';

export async function GET() {
  return xml(sitemapIndex(Math.ceil((await allPaths()).length / MOST_ADDRESSES)));
}

import { allPaths } from '../../../lib/pages.ts';
import { xml } from '../../../lib/respond.tsx';
import { MOST_ADDRESSES, sitemap } from '../../../views/feeds.ts';

export const dynamic = 'force-static';
export const dynamicParams = false;

export async function generateStaticParams() {
  const parts = Math.ceil((await allPaths()).length / MOST_ADDRESSES);
  return Array.from({ length: parts }, (_, part) => ({ file: `${part}.xml` }));
}

export async function GET(_: Request, { params }: { params: Promise<{ file: string }> }) {
  const first = Number((await params).file.slice(0, -'.xml'.length)) * MOST_ADDRESSES;
  return xml(sitemap((await allPaths()).slice(first, first + MOST_ADDRESSES)));
}

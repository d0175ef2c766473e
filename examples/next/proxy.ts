import { openMatrix } from '@rbee/marketplace-matrix';
import { type NextRequest, NextResponse } from 'next/server';

const matrix = openMatrix(process.env.MATRIX ?? 'out');

/**
 * Only with Cache Components: these answer with 200 before the page can call notFound(), so that the status of a refused model
 * has to be decided before the page.
 */
export async function proxy({ nextUrl }: NextRequest) {
  const id = nextUrl.pathname.slice('/models/'.length).replace(/\/$/, '');
  if (await (await matrix).has(id)) return NextResponse.next();
  return NextResponse.rewrite(new URL('/not-found', nextUrl), { status: 404 });
}

export const config = { matcher: '/models/:path*' };

import { drawSite } from '../../lib/pictures.ts';
import { png } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return png(await drawSite());
}

import { trendSvg } from '../../../pipeline/nights/trend.ts';
import { matrix } from '../../lib/matrix.ts';
import { text } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return text(trendSvg(await matrix.history()), 'image/svg+xml');
}

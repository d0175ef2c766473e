import { matrix } from '../../lib/matrix.ts';
import { xml } from '../../lib/respond.tsx';
import { feed } from '../../views/feeds.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return xml(feed(await matrix.changes()));
}

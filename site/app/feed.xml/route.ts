import { changeDay } from '../../lib/change-day.ts';
import { matrix } from '../../lib/matrix.ts';
import { xml } from '../../lib/respond.tsx';
import { feed } from '../../views/feeds.ts';

export const dynamic = 'force-static';

export async function GET() {
  const changes = await matrix.changes();
  return xml(feed(changes, changeDay(changes, await matrix.removed(), await matrix.history())));
}

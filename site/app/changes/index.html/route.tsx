import { changeDay } from '../../../lib/change-day.ts';
import { matrix } from '../../../lib/matrix.ts';
import { timeline } from '../../../lib/nights.ts';
import { html } from '../../../lib/respond.tsx';
import { ChangesPage } from '../../../views/changes.tsx';

export const dynamic = 'force-static';

export async function GET() {
  const [changes, removed, history] = [
    await matrix.changes(),
    await matrix.removed(),
    await matrix.history(),
  ];
  const day = changeDay(changes, removed, history);
  return html(<ChangesPage changes={changes} day={day} nights={timeline(history, removed)} />);
}

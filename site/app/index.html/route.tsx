import { listRows } from '../../lib/catalog.ts';
import { changeDay } from '../../lib/change-day.ts';
import { matrix } from '../../lib/matrix.ts';
import { html } from '../../lib/respond.tsx';
import { Home, MOST_ON_HOME } from '../../views/home.tsx';

export const dynamic = 'force-static';

export async function GET() {
  const [changes, search] = [await matrix.changes(), await matrix.search()];
  const added = changes.added.map(({ id }) => id).slice(0, MOST_ON_HOME);
  return html(
    <Home
      report={await matrix.report()}
      families={await matrix.families()}
      popular={await listRows(search.ids.slice(0, MOST_ON_HOME))}
      added={await listRows(added)}
      day={changeDay(changes, await matrix.removed(), await matrix.history())}
    />,
  );
}

import { matrix } from '../../lib/matrix.ts';
import { html } from '../../lib/respond.tsx';
import { Home } from '../../views/home.tsx';

export const dynamic = 'force-static';

export async function GET() {
  const [changes, report, search] = [await matrix.changes(), await matrix.report(), await matrix.search()];
  return html(<Home changes={changes} report={report} search={search} />);
}

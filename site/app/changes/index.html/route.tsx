import { matrix } from '../../../lib/matrix.ts';
import { html } from '../../../lib/respond.tsx';
import { ChangesPage } from '../../../views/lists.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return html(<ChangesPage changes={await matrix.changes()} />);
}

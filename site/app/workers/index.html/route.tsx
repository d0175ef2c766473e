import { matrix } from '../../../lib/matrix.ts';
import { html } from '../../../lib/respond.tsx';
import { WorkersPage } from '../../../views/workers.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return html(<WorkersPage report={await matrix.report()} />);
}

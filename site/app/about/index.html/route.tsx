import { matrix } from '../../../lib/matrix.ts';
import { html } from '../../../lib/respond.tsx';
import { About } from '../../../views/about.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return html(<About report={await matrix.report()} />);
}

import { matrix } from '../../../lib/matrix.ts';
import { html } from '../../../lib/respond.tsx';
import { MatrixPage } from '../../../views/matrix.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return html(<MatrixPage families={await matrix.families()} />);
}

import { matrix } from '../../../lib/matrix.ts';
import { html } from '../../../lib/respond.tsx';
import { WantedPage } from '../../../views/wanted.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return html(<WantedPage unlocks={await matrix.unlocks()} />);
}

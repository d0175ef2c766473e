import { matrix } from '../../../lib/matrix.ts';
import { html } from '../../../lib/respond.tsx';
import { UnlocksPage } from '../../../views/lists.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return html(<UnlocksPage unlocks={await matrix.unlocks()} />);
}

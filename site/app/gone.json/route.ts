import { gonePages } from '../../lib/gone.ts';
import { matrix } from '../../lib/matrix.ts';
import { json } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return json(gonePages(await matrix.removed(), await matrix.allowlist()));
}

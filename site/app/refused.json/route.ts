import { refusedIndex } from '../../lib/catalog.ts';
import { json } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export async function GET() {
  return json(await refusedIndex());
}

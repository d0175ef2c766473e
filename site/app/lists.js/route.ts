import { text } from '../../lib/respond.tsx';
import { bundle } from '../../lib/script.ts';

export const dynamic = 'force-static';

export async function GET() {
  return text(await bundle('lists'), 'text/javascript');
}

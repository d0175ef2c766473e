import { json } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export function GET() {
  return json({});
}

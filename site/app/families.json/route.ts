import { matrix } from '../../lib/matrix.ts';
import { familyRows, programs } from '../../lib/programs.ts';
import { json } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export async function GET() {
  const families = familyRows(await matrix.families()).map(({ workerIds, ...row }) => row);
  return json({ programs: programs.map(({ program }) => program), families });
}

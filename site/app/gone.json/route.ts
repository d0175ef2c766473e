import { hasPage, matrix } from '../../lib/matrix.ts';
import { json } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

/** Pages that are gone, for hosts to answer 410 and for 404.html to say since when and why. */
export async function GET() {
  const gone = (await matrix.removed()).filter(({ id }) => !hasPage(id));
  return json(Object.fromEntries(gone.map(({ id, on, reasons }) => [id, { on, reasons }])));
}

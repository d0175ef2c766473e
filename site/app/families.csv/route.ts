import { csvCell } from '../../../pipeline/commands/export.ts';
import { matrix } from '../../lib/matrix.ts';
import { familyRows, programs } from '../../lib/programs.ts';
import { text } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

export async function GET() {
  const head = ['family', 'models', 'downloads', ...programs.map(({ program }) => program)];
  const rows = familyRows(await matrix.families()).map(({ family, models, downloads, runs }) => [
    family,
    models,
    downloads,
    ...runs,
  ]);
  return text([head, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join(''), 'text/csv');
}

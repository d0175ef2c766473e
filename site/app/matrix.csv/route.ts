import { csvCell } from '../../../pipeline/commands/export.ts';
import { listings } from '../../lib/catalog.ts';
import { workers } from '../../lib/matrix.ts';
import { text } from '../../lib/respond.tsx';

export const dynamic = 'force-static';

/** A row for each model that has a page, a column for each worker: the confidence with which it runs, or nothing. */
export async function GET() {
  const head = ['model', ...workers.map(({ id }) => id)].join(',');
  const rows = [...(await listings()).values()].map(({ id, confidences }) => `${csvCell(id)},${confidences}`);
  return text(`${[head, ...rows].join('\n')}\n`, 'text/csv');
}

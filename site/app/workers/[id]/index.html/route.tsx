import { listRows } from '../../../../lib/catalog.ts';
import { matrix, workerById, workers } from '../../../../lib/matrix.ts';
import { html } from '../../../../lib/respond.tsx';
import { MOST_MODELS, WorkerPage } from '../../../../views/worker.tsx';

export const dynamic = 'force-static';
export const dynamicParams = false;

export function generateStaticParams() {
  return workers.map(({ id }) => ({ id }));
}

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const worker = workerById.get(id);
  if (worker === undefined) throw new Error(`workers.json lacks ${id}.`);
  const [report, families] = [await matrix.report(), await matrix.families()];
  const [ids, unlocks] = [await idsOf(id), await matrix.unlocks()];
  const rows = await listRows(ids.slice(0, MOST_MODELS));
  return html(
    <WorkerPage
      worker={worker}
      report={report}
      families={families}
      running={ids.length}
      rows={rows}
      unlocks={unlocks}
    />,
  );
}

/** The models with a page that a worker runs, the most downloaded first. */
async function idsOf(worker: string): Promise<string[]> {
  const search = await matrix.search();
  const place = search.workers.indexOf(worker);
  const running = search.groups.map(([, , , places]) => places.includes(place));
  return search.ids.filter((_, at) => running[search.group[at] ?? -1]);
}

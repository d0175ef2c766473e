import { matrix, workerById, workers } from '../../../../lib/matrix.ts';
import { html } from '../../../../lib/respond.tsx';
import { WorkerPage } from '../../../../views/worker.tsx';

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
  const [search, unlocks] = [await matrix.search(), await matrix.unlocks()];
  return html(
    <WorkerPage worker={worker} report={report} families={families} search={search} unlocks={unlocks} />,
  );
}

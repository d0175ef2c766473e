/** The page of what each worker of the marketplace would have to learn. */
import type { Unlocks } from '../../pipeline/format/files.ts';
import { workerById } from '../lib/matrix.ts';
import { BACKEND_WORDS } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { WantedTable } from './wanted-table.tsx';

const MOST_WANTED = 50;

/** Backends of a program mostly lack the same capabilities, which are shown once for all of them. */
export function WantedPage({ unlocks }: { readonly unlocks: Unlocks }) {
  const groups = new Map<string, string[]>();
  for (const [worker, rows] of Object.entries(unlocks)) {
    const key = JSON.stringify([workerById.get(worker)?.program, rows]);
    groups.set(key, [...(groups.get(key) ?? []), worker]);
  }
  return (
    <Layout
      title="Wanted: what each missing capability would add"
      description="What each worker of the marketplace would have to learn, by the models and downloads that this alone would add."
      path="/wanted/"
    >
      <h1>Wanted</h1>
      <p className="lead">
        What each missing capability would add: a worker that learned this one thing would run so many more
        models. Those with the most downloads come first.
      </p>
      {[...groups.values()].map((ids) => (
        <section key={ids[0]}>
          <h2>{titleOf(ids)}</h2>
          <WantedTable label={titleOf(ids)} rows={(unlocks[ids[0] ?? ''] ?? []).slice(0, MOST_WANTED)} />
        </section>
      ))}
    </Layout>
  );
}

/** `rbee LLM worker on CPU, CUDA` */
function titleOf(ids: readonly string[]): string {
  const workers = ids.flatMap((id) => workerById.get(id) ?? []);
  return `${workers[0]?.name} on ${workers.map(({ backend }) => BACKEND_WORDS[backend]).join(', ')}`;
}

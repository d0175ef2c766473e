/** The first page: search, what is new, the marketplace's workers. */
import type { Changes, Report, SearchIndex } from '../../pipeline/format/schema.ts';
import { describeSite } from '../lib/json-ld.ts';
import { gateWorkers, hasPage, link, matrix, workerLink } from '../lib/matrix.ts';
import { runsOf } from '../lib/programs.ts';
import { counted, inFull } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { ModelList, SearchBox } from './parts.tsx';

export interface HomeProps {
  readonly changes: Changes;
  readonly report: Report;
  readonly search: SearchIndex;
}

const DESCRIPTION =
  'Every model of the Hugging Face Hub that a local rbee worker runs, with the file to take and the reasons. What does not run is not here.';
const MOST_NEW = 10;
const MOST_POPULAR = 12;

export function Home({ changes, report, search }: HomeProps) {
  const added = changes.added.filter(({ id }) => hasPage(id));
  const programs = new Map(gateWorkers.map((worker) => [worker.program, worker.name]));
  const { models, allowed } = matrix.header;
  return (
    <Layout
      title="rbee models: what your worker runs"
      description={DESCRIPTION}
      path="/"
      jsonLd={describeSite(DESCRIPTION)}
      scripts={['/search.js']}
    >
      <section className="hero">
        <h1>Models that run on your machine</h1>
        <p>
          {inFull(models)} models of the Hugging Face Hub were judged; {inFull(allowed)} run on a worker of
          the marketplace, and each of them has a page. The others do not exist here.
        </p>
        <SearchBox autoFocus />
        <ol id="results" className="results" aria-live="polite" />
        <div id="others" />
      </section>
      <h2>Most downloaded</h2>
      <ModelList ids={search.ids.slice(0, MOST_POPULAR)} />
      {added.length > 0 && (
        <>
          <h2>New</h2>
          <ModelList ids={added.slice(0, MOST_NEW).map(({ id }) => id)} />
          <p>
            <a href={link('/changes/')}>All changes</a>
          </p>
        </>
      )}
      <h2>Workers of the marketplace</h2>
      <ul className="cards">
        {[...programs].map(([program, name]) => (
          <li key={program} className="card">
            <h3>{name}</h3>
            <ul>
              {gateWorkers
                .filter((worker) => worker.program === program)
                .map(({ id, backend }) => (
                  <li key={id}>
                    <a href={workerLink(id)}>{backend}</a> {counted(runsOf(report, id), 'model')}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

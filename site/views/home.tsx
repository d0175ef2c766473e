/** The first page: search, what is new, the marketplace's workers. */
import type { Families, Report } from '../../pipeline/format/files.ts';
import type { ListRow } from '../lib/catalog.ts';
import { describeSite } from '../lib/json-ld.ts';
import { gateWorkers, link, matrix, workerLink } from '../lib/matrix.ts';
import { runsOf } from '../lib/programs.ts';
import { BACKEND_WORDS, counted, inFull } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { MachineBar } from './machine.tsx';
import { Glance } from './matrix.tsx';
import { ModelRows } from './model-rows.tsx';
import { SearchBox } from './parts.tsx';

export interface HomeProps {
  readonly report: Report;
  readonly families: Families;
  readonly popular: readonly ListRow[];
  /** The models that came when something last changed. */
  readonly added: readonly ListRow[];
  /** The day when that was, where it is known. */
  readonly day: string | undefined;
}

const DESCRIPTION =
  'Every model of the Hugging Face Hub that a local rbee worker runs, with the file to take and the reasons. What does not run is not here.';
/** The number of models in a list of the first page. */
export const MOST_ON_HOME = 10;

export function Home({ report, families, popular, added, day }: HomeProps) {
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
          Find out which model of the Hugging Face Hub runs on your hardware, which file to take, and why
          another does not. {inFull(models)} models were judged; {inFull(allowed)} run on a worker of the
          marketplace, and each of them has a page.
        </p>
        <SearchBox autoFocus />
        <MachineBar />
        <ol id="results" className="results" aria-live="polite" />
        <div id="others" />
      </section>
      <h2>Most downloaded</h2>
      <ModelRows label="Most downloaded" rows={popular} />
      {added.length > 0 && (
        <>
          <h2>New{day !== undefined && ` on ${day}`}</h2>
          <ModelRows label="New" rows={added} />
          <p>
            <a href={link('/changes/')}>All changes</a>
          </p>
        </>
      )}
      <h2>Which families run where</h2>
      <Glance families={families} />
      <p>
        <a href={link('/matrix/')}>The whole matrix</a>
      </p>
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
                    <a href={workerLink(id)}>{BACKEND_WORDS[backend]}</a>{' '}
                    {counted(runsOf(report, id), 'model')}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

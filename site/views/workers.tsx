/** The list of all workers. */
import type { Report } from '../../pipeline/format/schema.ts';
import { workerLink, workers } from '../lib/matrix.ts';
import { runsOf } from '../lib/programs.ts';
import { inFull } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { Scroll } from './parts.tsx';

export function WorkersPage({ report }: { readonly report: Report }) {
  const sorted = [...workers].sort((a, b) => Number(b.gate) - Number(a.gate));
  return (
    <Layout
      title="Workers"
      description="Every worker that models are judged against: the marketplace's own, and the engines that people ask about."
      path="/workers/"
    >
      <h1>Workers</h1>
      <p className="lead">
        A worker is a program on a backend. Those of the marketplace decide which models have a page.
      </p>
      <Scroll label="All workers">
        <table>
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col">Version</th>
              <th scope="col">Facts of</th>
              <th scope="col" className="number">
                Runs
              </th>
              <th scope="col" className="number">
                Unknown
              </th>
              <th scope="col">Of the marketplace</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ id, version, gate, facts }) => {
              const { unknown = 0 } = report.workers[id] ?? {};
              return (
                <tr key={id}>
                  <th scope="row">
                    <a href={workerLink(id)}>{id}</a>
                  </th>
                  <td>{version}</td>
                  <td>{facts?.date}</td>
                  <td className="number">{inFull(runsOf(report, id))}</td>
                  <td className="number">{inFull(unknown)}</td>
                  <td>{gate ? 'yes' : ''}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </Layout>
  );
}

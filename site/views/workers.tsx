/** The list of all programs, each with its backends. */
import type { Report } from '../../pipeline/format/files.ts';
import { workerById, workerLink } from '../lib/matrix.ts';
import { type Program, programs, runsOf } from '../lib/programs.ts';
import { BACKEND_WORDS, counted, inFull } from '../lib/words.ts';
import { Layout } from './layout.tsx';

export function WorkersPage({ report }: { readonly report: Report }) {
  const [own, others] = [programs.filter(({ gate }) => gate), programs.filter(({ gate }) => !gate)];
  return (
    <Layout
      title="Workers"
      description="Every program that models are judged against: the marketplace's own, and the engines that people ask about."
      path="/workers/"
      scripts={['/lists.js']}
    >
      <h1>Workers</h1>
      <p className="lead">
        {counted(programs.length, 'program')}, each on the backends that it has. Those of the marketplace
        decide which models have a page; the others are here to compare.
      </p>
      <h2>Of the marketplace</h2>
      <Programs rows={own} report={report} />
      <h2>Other engines</h2>
      <Programs rows={others} report={report} />
    </Layout>
  );
}

function Programs({ rows, report }: { readonly rows: readonly Program[]; readonly report: Report }) {
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">Program</th>
          <th scope="col">Version</th>
          <th scope="col">Facts of</th>
          <th scope="col">Backends</th>
          <th scope="col" className="number">
            Models that run
          </th>
          <th scope="col" className="number">
            Not sure
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <ProgramRow key={row.program} {...row} report={report} />
        ))}
      </tbody>
    </table>
  );
}

/** The counts are those of the backend that runs most. */
function ProgramRow({ name, workerIds, report }: Program & { readonly report: Report }) {
  const first = workerById.get(workerIds[0] ?? '');
  const runs = Math.max(...workerIds.map((id) => runsOf(report, id)));
  const best = workerIds.find((id) => runsOf(report, id) === runs) ?? '';
  return (
    <tr>
      <th scope="row">
        {first?.homepage === undefined ? (
          name
        ) : (
          <a href={first.homepage} rel="noreferrer">
            {name}
          </a>
        )}
      </th>
      <td data-label="Version">{first?.version}</td>
      <td data-label="Facts of">{first?.facts?.date}</td>
      <td data-label="Backends" className="tags">
        {workerIds.map((id) => (
          <a key={id} href={workerLink(id)}>
            {BACKEND_WORDS[workerById.get(id)?.backend ?? 'cpu']}
          </a>
        ))}
      </td>
      <td data-label="Models that run" className="number">
        {inFull(runs)}
      </td>
      <td data-label="Not sure" className="number">
        {inFull(report.workers[best]?.unknown ?? 0)}
      </td>
    </tr>
  );
}

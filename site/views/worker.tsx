/** The page of one worker. */
import { Fragment } from 'react';
import type { Families, Report, Unlocks } from '../../pipeline/format/files.ts';
import type { ListRow } from '../lib/catalog.ts';
import { link, workerLink, workers } from '../lib/matrix.ts';
import { searchLink } from '../lib/programs.ts';
import { BACKEND_WORDS, formatWord, inFull, inShort, refusalWords } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { ModelRows } from './model-rows.tsx';
import { AmountHeads } from './parts.tsx';
import { WantedTable } from './wanted-table.tsx';
import { EvidenceList, type Experience, Issues } from './worker-experience.tsx';

type Worker = (typeof workers)[number] &
  Experience & {
    readonly platforms?: readonly string[];
    readonly maxContextLength?: number | 'unknown';
  };

export interface WorkerProps {
  readonly worker: Worker;
  readonly report: Report;
  readonly families: Families;
  /** The number of models with a page that it runs. */
  readonly running: number;
  /** The most downloaded of them. */
  readonly rows: readonly ListRow[];
  readonly unlocks: Unlocks;
}

const MOST_FAMILIES = 20;
/** The number of models that the page of a worker lists. */
export const MOST_MODELS = 25;
const MOST_UNLOCKS = 10;
const MOST_REFUSALS = 8;

export function WorkerPage(props: WorkerProps) {
  const { worker } = props;
  return (
    <Layout
      title={`${worker.name} on ${BACKEND_WORDS[worker.backend]}: the models it runs`}
      description={`What ${worker.name} on ${BACKEND_WORDS[worker.backend]} runs, by family and by downloads, what was tried, and what goes wrong.`}
      path={`/workers/${worker.id}/`}
      scripts={['/lists.js']}
    >
      <p className="crumb">
        <a href={link('/workers/')}>Workers</a>
      </p>
      <h1>
        {worker.name} on {BACKEND_WORDS[worker.backend]}
      </h1>
      <p className="lead">
        Version {worker.version}
        {worker.facts !== undefined && `, known as of ${worker.facts.date}`}.{' '}
        {worker.gate
          ? 'A worker of the marketplace: what it runs has a page.'
          : 'Another engine, here to compare.'}
      </p>
      <Siblings worker={worker} />
      {worker.facts?.from !== undefined && (
        <p>
          <small>Source of these facts: {worker.facts.from}</small>
        </p>
      )}
      <div className="columns">
        <Counts {...props} />
        <Refusals {...props} />
        <ByFamily {...props} />
      </div>
      <MostDownloaded {...props} />
      <EvidenceList worker={worker} />
      <Issues worker={worker} />
      <Unlocking {...props} />
      <Accepts worker={worker} />
    </Layout>
  );
}

/** Links to the program itself, and to its other backends. */
function Siblings({ worker: { id, name, program, homepage } }: { readonly worker: Worker }) {
  const others = workers.filter((other) => other.program === program && other.id !== id);
  return (
    <p className="more">
      {homepage !== undefined && (
        <a href={homepage} rel="noreferrer">
          Get {name}
        </a>
      )}{' '}
      {others.map((other) => (
        <Fragment key={other.id}>
          <a href={workerLink(other.id)}>on {BACKEND_WORDS[other.backend]}</a>{' '}
        </Fragment>
      ))}
    </p>
  );
}

function Counts({ worker, report }: WorkerProps) {
  const counts = report.workers[worker.id];
  if (counts === undefined) return null;
  const rows = [
    ['runs, high confidence', counts.high],
    ['runs, medium confidence', counts.medium],
    ['runs, low confidence', counts.low],
    ['not sure: a fact is missing', counts.unknown],
    ['does not run', counts.incompatible],
  ] as const;
  return (
    <section>
      <h2>Models</h2>
      <table>
        <tbody>
          {rows.map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{inFull(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Refusals({ worker, report }: WorkerProps) {
  const refusals = report.refusals.filter((refusal) => refusal.worker === worker.id).slice(0, MOST_REFUSALS);
  return (
    <section>
      <h2>Why others do not</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <AmountHeads />
          </tr>
        </thead>
        <tbody>
          {refusals.map(({ code, models, downloads }) => (
            <tr key={code}>
              <th scope="row">{refusalWords(code)}</th>
              <td className="number">{inFull(models)}</td>
              <td className="number">{inShort(downloads)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ByFamily({ worker, families }: WorkerProps) {
  const place = families.workers.indexOf(worker.id);
  const rows = families.families
    .map(({ family, models, allowed, runs }) => ({ family, models, allowed, count: runs[place] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_FAMILIES);
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>By family</h2>
      <table>
        <tbody>
          {rows.map(({ family, models, allowed, count }) => (
            <tr key={family}>
              <th scope="row">
                {allowed > 0 && family !== 'others' ? (
                  <a href={searchLink({ family, workerId: worker.id })}>{family}</a>
                ) : (
                  family
                )}
              </th>
              <td className="number">
                {inFull(count)} of {inFull(models)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function MostDownloaded({ worker, running, rows }: WorkerProps) {
  if (rows.length === 0) return <p>It runs none of the models that have a page.</p>;
  return (
    <>
      <h2>Most downloaded, of the models that have a page</h2>
      <ModelRows label="Most downloaded" rows={rows} />
      <p>
        <a href={searchLink({ workerId: worker.id })}>All {inFull(running)}</a>
      </p>
    </>
  );
}

function Unlocking({ worker, unlocks }: WorkerProps) {
  const rows = unlocks[worker.id] ?? [];
  if (rows.length === 0) return null;
  return (
    <>
      <h2>What it would take to run more</h2>
      <WantedTable label="Capabilities" rows={rows.slice(0, MOST_UNLOCKS)} />
      <p>
        <a href={link('/wanted/')}>All of them</a>
      </p>
    </>
  );
}

/** The words for what a program compares to find its loader. */
const MATCH_WORDS: Readonly<Record<string, string>> = {
  model_type: 'model_type',
  class: 'the class in config.json',
  gguf: 'the architecture in the GGUF header',
  repo: 'repository',
  any: 'nothing',
};

/** The most names that are shown; more are folded. */
const MOST_NAMES_SHOWN = 12;

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] | undefined }) {
  if (names === undefined || names.length === 0) return `${title}: any`;
  if (names.length <= MOST_NAMES_SHOWN) return `${title}: ${names.join(', ')}`;
  return (
    <details>
      <summary>
        {title}: {inFull(names.length)} names
      </summary>
      {names.join(', ')}
    </details>
  );
}

function Accepts({ worker: { accepts, platforms = [], maxContextLength } }: { readonly worker: Worker }) {
  return (
    <>
      <h2>What it accepts</h2>
      <ul>
        {accepts.map(({ format, match }) => {
          const { by, names } = match as { by: string; names?: readonly string[] };
          return (
            <li key={`${format} ${by} ${names?.join()}`}>
              <Names title={`${formatWord(format)}, found by ${MATCH_WORDS[by] ?? by}`} names={names} />
            </li>
          );
        })}
      </ul>
      <p>
        Platforms: {platforms.join(', ')}.
        {typeof maxContextLength === 'number' && ` Contexts up to ${inFull(maxContextLength)} tokens.`}
      </p>
    </>
  );
}

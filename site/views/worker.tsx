/** The page of one worker. */

import type { Evidence, Strength } from '../../pipeline/data/worker.ts';
import type { Families, Report, SearchIndex, Unlocks } from '../../pipeline/format/schema.ts';
import { link, type workers } from '../lib/matrix.ts';
import { formatWord, inFull, inShort } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { AmountHeads, ModelList } from './parts.tsx';
import { UnlockTable } from './unlock-table.tsx';

type EvidenceTold = Pick<Evidence, 'strength' | 'model' | 'key' | 'format' | 'quantization' | 'date' | 'via'>;

type Worker = (typeof workers)[number] & {
  readonly platforms?: readonly string[];
  readonly maxContextLength?: number | 'unknown';
  readonly evidence?: readonly EvidenceTold[];
  readonly knownIssues?: readonly {
    id: string;
    status: string;
    version: string;
    summary: string;
    backends?: readonly string[];
  }[];
};

export interface WorkerProps {
  readonly worker: Worker;
  readonly report: Report;
  readonly families: Families;
  readonly search: SearchIndex;
  readonly unlocks: Unlocks;
}

const MOST_FAMILIES = 20;
const MOST_MODELS = 25;
const MOST_EVIDENCE = 20;
const MOST_UNLOCKS = 10;
const MOST_REFUSALS = 8;

export function WorkerPage(props: WorkerProps) {
  const { worker } = props;
  return (
    <Layout
      title={`${worker.id}: the models it runs`}
      description={`What ${worker.name} on ${worker.backend} runs, by family and by downloads, what was tried, and what goes wrong.`}
      path={`/workers/${worker.id}/`}
    >
      <p className="crumb">
        <a href={link('/workers/')}>Workers</a>
      </p>
      <h1 className="id">{worker.id}</h1>
      <p className="lead">
        {worker.name} {worker.version} on {worker.backend}
        {worker.facts !== undefined && `, as its facts of ${worker.facts.date} have it`}.{' '}
        {worker.gate
          ? 'Its verdicts decide which models have a page.'
          : 'Another engine: it decides no page.'}
      </p>
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

function Counts({ worker, report }: WorkerProps) {
  const counts = report.workers[worker.id];
  if (counts === undefined) return null;
  const rows = [
    ['runs, high confidence', counts.high],
    ['runs, medium confidence', counts.medium],
    ['runs, low confidence', counts.low],
    ['unknown, a fact is missing', counts.unknown],
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
              <th scope="row">{code.replaceAll('_', ' ')}</th>
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
                  <a href={link(`/search/?${new URLSearchParams({ family, worker: worker.id })}`)}>
                    {family}
                  </a>
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

function MostDownloaded({ worker, search }: WorkerProps) {
  const place = search.workers.indexOf(worker.id);
  const running = search.groups.map(([, , , places]) => places.includes(place));
  const ids = search.ids.filter((_, at) => running[search.group[at] ?? -1]);
  if (ids.length === 0) return <p>It runs none of the models that have a page.</p>;
  return (
    <>
      <h2>Most downloaded, of the models that have a page</h2>
      <ModelList ids={ids.slice(0, MOST_MODELS)} />
      <p>
        <a href={link(`/search/?${new URLSearchParams({ worker: worker.id })}`)}>All {inFull(ids.length)}</a>
      </p>
    </>
  );
}

/** Where a model was run. Only runs are published. */
const STRENGTH_WORDS: Readonly<Partial<Record<Strength, string>>> = {
  'ran-by-us': 'run by the marketplace',
  'ran-in-ci': 'run in its own tests',
  'ran-in-suite': 'run in its own test suite',
};

function EvidenceList({ worker: { evidence = [], backend } }: { readonly worker: Worker }) {
  return (
    <>
      <h2>Evidence</h2>
      {evidence.length === 0 && <p>No run of a model on {backend} is on record.</p>}
      <EvidenceItems items={evidence} />
      {evidence.length > MOST_EVIDENCE && <p>And {inFull(evidence.length - MOST_EVIDENCE)} more.</p>}
    </>
  );
}

function EvidenceItems({ items }: { readonly items: readonly EvidenceTold[] }) {
  return (
    <ul>
      {items.slice(0, MOST_EVIDENCE).map(({ model, key, format, quantization, strength, date, via }) => (
        <li key={`${strength} ${model} ${key} ${format} ${quantization} ${via}`}>
          {model ?? key}, {formatWord(format)}
          {quantization !== undefined && `, ${quantization}`}{' '}
          <small>
            {STRENGTH_WORDS[strength]}
            {via !== undefined && ` (${via})`}, {date}
          </small>
        </li>
      ))}
    </ul>
  );
}

function Issues({ worker: { knownIssues = [], backend } }: { readonly worker: Worker }) {
  const here = knownIssues.filter(({ backends }) => backends === undefined || backends.includes(backend));
  if (here.length === 0) return null;
  return (
    <>
      <h2>Known issues</h2>
      <ul>
        {here.map(({ id, status, version, summary }) => (
          <li key={id}>
            {summary.slice(0, 1).toUpperCase()}
            {summary.slice(1)}{' '}
            <small>
              {status}, version {version}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function Unlocking({ worker, unlocks }: WorkerProps) {
  const rows = unlocks[worker.id] ?? [];
  if (rows.length === 0) return null;
  return (
    <>
      <h2>What it would take to run more</h2>
      <UnlockTable label="Capabilities" rows={rows.slice(0, MOST_UNLOCKS)} />
      <p>
        <a href={link('/unlocks/')}>All of them</a>
      </p>
    </>
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
              {formatWord(format)}, {by.replaceAll('_', ' ')}: {names?.join(', ') ?? 'any'}
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

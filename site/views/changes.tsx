/** The page of what came and went, night by night. */
import type { Changes } from '../../pipeline/format/files.ts';
import { hasPage, link } from '../lib/matrix.ts';
import type { NightOfChanges } from '../lib/nights.ts';
import { workersInWords } from '../lib/programs.ts';
import { CONFIDENCE_NAMES, counted, inFull } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { ModelLink } from './parts.tsx';

/** The most rows of a page that people read; changes.json has all of them. */
const MOST_LISTED = 200;
/** The most models that are listed of an earlier night. */
const MOST_OF_NIGHT = 20;

interface Props {
  readonly changes: Changes;
  /** The day of the night that the changes are of; undefined where it is not known. */
  readonly day: string | undefined;
  readonly nights: readonly NightOfChanges[];
}

export function ChangesPage({ changes, day, nights }: Props) {
  return (
    <Layout
      title="Changes"
      description="Which models came and went, night by night, and why."
      path="/changes/"
    >
      <h1>Changes</h1>
      <p className="lead">
        What came and what went, night by night. Follow it as a <a href={link('/feed.xml')}>web feed</a>.
      </p>
      <Latest changes={changes} day={day} />
      <h2>Night by night</h2>
      <ol className="timeline">
        {nights.map((night) => (
          <Night key={night.date} {...night} />
        ))}
      </ol>
      <h2>Trend</h2>
      {/* biome-ignore lint/performance/noImgElement: pages hold nothing of Next. */}
      <img
        className="trend"
        src={link('/trend.svg')}
        alt="Models that run, by worker, over the last nights"
      />
    </Layout>
  );
}

function Latest({ changes, day }: Pick<Props, 'changes' | 'day'>) {
  const { first, added, removed, changed } = changes;
  if (first) return <p>This is the first night: there is nothing to compare with yet.</p>;
  return (
    <>
      <h2>
        Last change
        {day !== undefined && (
          <>
            , <time dateTime={day}>{day}</time>
          </>
        )}
      </h2>
      <p>
        {counted(added.length, 'model')} came, {counted(removed.length, 'model')} went,{' '}
        {counted(changed.length, 'verdict')} moved. <a href={link('/changes.json')}>All as JSON</a>
      </p>
      {added.length > 0 && <h3>Came</h3>}
      <ul>
        {added.slice(0, MOST_LISTED).map(({ id, workers }) => (
          <li key={id}>
            <MaybeLink id={id} /> <small>{workersInWords(workers)}</small>
          </li>
        ))}
      </ul>
      <Rest of={added} most={MOST_LISTED} />
      <Went removed={removed} most={MOST_LISTED} />
      {changed.length > 0 && <h3>Moved</h3>}
      <ul>
        {changed.slice(0, MOST_LISTED).map(({ id, worker, from, to }) => (
          <li key={`${id} ${worker}`}>
            <MaybeLink id={id} /> on {workersInWords([worker])}: {CONFIDENCE_NAMES[from]} before,{' '}
            {CONFIDENCE_NAMES[to]} now
          </li>
        ))}
      </ul>
      <Rest of={changed} most={MOST_LISTED} />
    </>
  );
}

interface WentProps {
  readonly removed: readonly { readonly id: string; readonly reasons: readonly string[] }[];
  readonly most: number;
}

function Went({ removed, most }: WentProps) {
  if (removed.length === 0) return null;
  return (
    <>
      <h3>Went</h3>
      <ul>
        {removed.slice(0, most).map(({ id, reasons }) => (
          <li key={id}>
            <b>{id}</b> {reasons.join(' ')}
          </li>
        ))}
      </ul>
      <Rest of={removed} most={most} />
    </>
  );
}

function Night({ date, allowed, difference, removed }: NightOfChanges) {
  return (
    <li>
      <b>
        <time dateTime={date}>{date}</time>
      </b>{' '}
      {allowed !== undefined && `${counted(allowed, 'model')} with a page`}
      {difference !== undefined &&
        `, ${difference > 0 ? `${inFull(difference)} more` : `${inFull(-difference)} fewer`} than before`}
      {removed.length > 0 && (
        <details>
          <summary>{counted(removed.length, 'model')} went</summary>
          <ul>
            {removed.slice(0, MOST_OF_NIGHT).map(({ id, reasons }) => (
              <li key={id}>
                <b>{id}</b> {reasons.join(' ')}
              </li>
            ))}
          </ul>
          <Rest of={removed} most={MOST_OF_NIGHT} />
        </details>
      )}
    </li>
  );
}

/** Links to a model where it has a page: what came once may be gone again. */
const MaybeLink = ({ id }: { readonly id: string }) => (hasPage(id) ? <ModelLink id={id} /> : <b>{id}</b>);

function Rest({ of, most }: { readonly of: readonly unknown[]; readonly most: number }) {
  return of.length > most ? <p>And {inFull(of.length - most)} more.</p> : null;
}

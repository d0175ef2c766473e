/** Pages that are lists: changes, unlocks. */
import { Fragment } from 'react';
import type { Changes, Unlocks } from '../../pipeline/format/schema.ts';
import { hasPage, link, workerById } from '../lib/matrix.ts';
import { counted, inFull } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { ModelLink } from './parts.tsx';
import { UnlockTable } from './unlock-table.tsx';

/** A page can be read; all of it stands in changes.json. */
const MOST_LISTED = 500;

export function ChangesPage({ changes }: { readonly changes: Changes }) {
  const { first, added, removed, changed } = changes;
  return (
    <Layout
      title="Changes"
      description="Which models came and went when the matrix last changed, and why."
      path="/changes/"
    >
      <h1>Changes</h1>
      <p className="lead">
        {first
          ? 'This is the first build: there is nothing to compare with yet.'
          : `${counted(added.length, 'model')} came, ${counted(removed.length, 'model')} went, ${counted(changed.length, 'verdict')} moved when something last changed.`}{' '}
        <a href={link('/feed.xml')}>Web feed</a>
      </p>
      {added.length > 0 && <h2>Came</h2>}
      <ul>
        {added.slice(0, MOST_LISTED).map(({ id, workers }) => (
          <li key={id}>
            <MaybeLink id={id} /> <small>{workers.join(', ')}</small>
          </li>
        ))}
      </ul>
      <Rest of={added} />
      {removed.length > 0 && <h2>Went</h2>}
      <ul>
        {removed.slice(0, MOST_LISTED).map(({ id, reasons }) => (
          <li key={id}>
            <b>{id}</b> {reasons.join(' ')}
          </li>
        ))}
      </ul>
      <Rest of={removed} />
      {changed.length > 0 && <h2>Moved</h2>}
      <ul>
        {changed.slice(0, MOST_LISTED).map(({ id, worker, from, to }) => (
          <li key={`${id} ${worker}`}>
            <MaybeLink id={id} /> on {worker}: {from} to {to}
          </li>
        ))}
      </ul>
      <Rest of={changed} />
    </Layout>
  );
}

/** What came once may be gone again. */
const MaybeLink = ({ id }: { readonly id: string }) => (hasPage(id) ? <ModelLink id={id} /> : <b>{id}</b>);

function Rest({ of }: { readonly of: readonly unknown[] }) {
  return of.length > MOST_LISTED ? (
    <p>
      And {inFull(of.length - MOST_LISTED)} more: <a href={link('/changes.json')}>all as JSON</a>.
    </p>
  ) : null;
}

const MOST_UNLOCKS = 50;

/** Backends of a program mostly lack the same: it is told once for all of those. */
export function UnlocksPage({ unlocks }: { readonly unlocks: Unlocks }) {
  const groups = new Map<string, string[]>();
  for (const [worker, rows] of Object.entries(unlocks)) {
    const key = JSON.stringify([workerById.get(worker)?.program, rows]);
    groups.set(key, [...(groups.get(key) ?? []), worker]);
  }
  return (
    <Layout
      title="Unlocks"
      description="What each worker of the marketplace would have to learn, by the models and downloads that this alone would add."
      path="/unlocks/"
    >
      <h1>Unlocks</h1>
      <p className="lead">
        What each worker would have to learn, by the downloads of the models that this alone would add.
      </p>
      {[...groups.values()].map((ids) => (
        <Fragment key={ids[0]}>
          <h2>{ids.join(', ')}</h2>
          <UnlockTable label={ids.join(', ')} rows={(unlocks[ids[0] ?? ''] ?? []).slice(0, MOST_UNLOCKS)} />
        </Fragment>
      ))}
    </Layout>
  );
}

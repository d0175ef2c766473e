/** Families x worker programs as a heat map: a table whose cells are links with the number and the share in them. */
import type { ReactNode } from 'react';
import type { Families } from '../../pipeline/format/files.ts';
import { link, workerLink } from '../lib/matrix.ts';
import { type FamilyRow, familyRows, programs, searchLink } from '../lib/programs.ts';
import { inFull, inShort } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { Scroll } from './parts.tsx';

const MOST_ROWS = 40;
/** The number of families that are shown at a glance. */
const FEW_ROWS = 8;

/** Families that the marketplace runs come first; the order by downloads stays within the two. */
const rowsOf = (families: Families) =>
  familyRows(families)
    .filter(({ family, runs }) => family !== 'others' && runs.some((count) => count > 0))
    .sort((a, b) => Number(b.allowed > 0) - Number(a.allowed > 0));

export function MatrixPage({ families }: { readonly families: Families }) {
  const rows = rowsOf(families).slice(0, MOST_ROWS);
  return (
    <Layout
      title="Matrix: families × workers"
      description="How many models of each family each worker program runs, as a heat map and as data."
      path="/matrix/"
    >
      <h1>Families × workers</h1>
      <p className="lead">
        How many models of a family a program runs on its best backend, and what share of the family that is.
        A number leads to the models that have a page.
      </p>
      <p className="heat-legend">
        Share of the family:{' '}
        {['none', 'up to 20 %', '40 %', '60 %', '80 %', '100 %'].map((words, at) => (
          <span key={words} className={`h${at}`}>
            {words}
          </span>
        ))}
      </p>
      <p className="more">
        <a href={link('/matrix.csv')}>All models × workers as CSV</a>{' '}
        <a href={link('/families.csv')}>This table as CSV</a> <a href={link('/families.json')}>as JSON</a>
      </p>
      <Scroll label="Heat map">
        <Heat rows={rows} />
      </Scroll>
    </Layout>
  );
}

/** The families that most people ask for, by all programs. */
export function Glance({ families }: { readonly families: Families }) {
  return (
    <Scroll label="Families by workers, at a glance">
      <Heat rows={rowsOf(families).slice(0, FEW_ROWS)} />
    </Scroll>
  );
}

function Heat({ rows }: { readonly rows: readonly FamilyRow[] }) {
  return (
    <table className="heat">
      <caption className="hidden">Models that run, by family and worker program</caption>
      <thead>
        <tr>
          <th scope="col">Family</th>
          {programs.map(({ program, name, workerIds }) => (
            <th key={program} scope="col">
              <a href={workerLink(workerIds[0] ?? '')}>{name}</a>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <HeatRow key={row.family} {...row} />
        ))}
      </tbody>
    </table>
  );
}

function HeatRow({ family, models, allowed, runs, workerIds }: FamilyRow) {
  const to = (workerId?: string) =>
    allowed === 0 ? undefined : searchLink({ family, ...(workerId === undefined ? {} : { workerId }) });
  return (
    <tr>
      <th scope="row">
        <MaybeLink to={to()}>{family}</MaybeLink> <small>{inFull(models)}</small>
      </th>
      {programs.map(({ program, name }, at) => {
        const count = runs[at] ?? 0;
        const share = count / models;
        const percent = Math.max(1, Math.round(share * 100));
        // It begins with what is seen, so that who speaks to the page can say that.
        const label = `${inShort(count)} ${percent} %: ${family} on ${name}, ${inFull(count)} of ${inFull(models)} models`;
        return (
          <td key={program} className={heat(share)}>
            {count > 0 && (
              <MaybeLink to={to(workerIds[at])} label={label}>
                {inShort(count)} <small>{percent} %</small>
              </MaybeLink>
            )}
          </td>
        );
      })}
    </tr>
  );
}

interface MaybeLinkProps {
  readonly to: string | undefined;
  readonly label?: string;
  readonly children: ReactNode;
}

/** Links to a page where there is one: of a family none of whose models has a page there is nothing to lead to. */
function MaybeLink({ to, label, children }: MaybeLinkProps) {
  if (to === undefined) return <span>{children}</span>;
  return (
    <a href={to} aria-label={label}>
      {children}
    </a>
  );
}

/** Five shades by the share of the family's models that run, and one for none. */
const heat = (share: number) => `h${Math.min(5, Math.ceil(share * 5))}`;

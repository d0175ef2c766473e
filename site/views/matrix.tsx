/** Families x worker programs as a heat map: an SVG whose cells are links with the number in them. */
import type { ReactNode } from 'react';
import type { Families } from '../../pipeline/format/schema.ts';
import { link, workerLink } from '../lib/matrix.ts';
import { type FamilyRow, familyRows, programs } from '../lib/programs.ts';
import { inFull, inShort } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { Scroll } from './parts.tsx';

const MOST_ROWS = 40;
const CELL = { width: 44, height: 26 } as const;
const LEFT = 150;
const TOP = 150;

export function MatrixPage({ families }: { readonly families: Families }) {
  const rows = familyRows(families)
    .filter(({ family, runs }) => family !== 'others' && runs.some((count) => count > 0))
    .slice(0, MOST_ROWS);
  const [width, height] = [LEFT + CELL.width * programs.length + 70, TOP + CELL.height * rows.length + 4];
  return (
    <Layout
      title="Matrix: families × workers"
      description="How many models of each family each worker program runs, as a heat map and as data."
      path="/matrix/"
    >
      <h1>Families × workers</h1>
      <p className="lead">
        How many models of a family the best backend of a program runs; the darker, the larger the share of
        the family. The {rows.length} families with the most downloads that something runs. A number leads to
        the models that have a page.
      </p>
      <p>
        <a href={link('/matrix.csv')}>CSV</a> <a href={link('/matrix.json')}>JSON</a>
      </p>
      <Scroll label="Heat map">
        <svg className="heat" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
          <title>Models that run, by family and worker program</title>
          {programs.map(({ program, name, workerIds }, at) => (
            <a key={program} href={workerLink(workerIds[0] ?? '')}>
              <text transform={`translate(${LEFT + CELL.width * (at + 0.5) + 4} ${TOP - 8}) rotate(-55)`}>
                {name}
              </text>
            </a>
          ))}
          {rows.map((row, at) => (
            <HeatRow key={row.family} row={row} top={TOP + CELL.height * at} />
          ))}
        </svg>
      </Scroll>
    </Layout>
  );
}

interface HeatRowProps {
  readonly row: FamilyRow;
  readonly top: number;
}

function HeatRow({ row, top }: HeatRowProps) {
  const middle = top + CELL.height / 2 + 4;
  return (
    <g>
      <MaybeLink to={row.allowed > 0 ? `/search/?${new URLSearchParams({ family: row.family })}` : undefined}>
        <text x={LEFT - 10} y={middle} textAnchor="end">
          {row.family.slice(0, 20)}
        </text>
      </MaybeLink>
      {row.runs.map((count, at) => {
        const program = programs[at];
        if (program === undefined) return null;
        const x = LEFT + CELL.width * at;
        const rect = (
          <rect
            x={x + 1}
            y={top + 1}
            width={CELL.width - 2}
            height={CELL.height - 2}
            rx="3"
            className={heat(count, row.models)}
          />
        );
        if (count === 0) return <g key={program.program}>{rect}</g>;
        const told = `${row.family} on ${program.name}: ${inFull(count)} of ${inFull(row.models)} models`;
        const worker = row.workerIds[at] ?? '';
        const to =
          row.allowed > 0 ? `/search/?${new URLSearchParams({ family: row.family, worker })}` : undefined;
        return (
          <MaybeLink key={program.program} to={to} label={told}>
            {rect}
            <text
              x={x + CELL.width / 2}
              y={middle}
              textAnchor="middle"
              className={`on-${heat(count, row.models)}`}
            >
              {inShort(count)}
            </text>
          </MaybeLink>
        );
      })}
    </g>
  );
}

interface MaybeLinkProps {
  readonly to: string | undefined;
  readonly label?: string;
  readonly children: ReactNode;
}

/** Of a family none of whose models has a page there is nothing to lead to. */
function MaybeLink({ to, label, children }: MaybeLinkProps) {
  if (to === undefined) return <g>{children}</g>;
  return (
    <a href={link(to)} aria-label={label}>
      {children}
    </a>
  );
}

/** Five shades by the share of the family's models that run. */
function heat(count: number, models: number): string {
  if (count === 0) return 'h0';
  return `h${Math.min(5, Math.ceil((count / models) * 5))}`;
}

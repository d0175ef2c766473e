/** Programs x backends, in the manner of tables of browser compatibility: a mark and a word in each cell. */
import type { Verdict } from '../../pipeline/evaluate/verdict.ts';
import { type StandingWord, standingOf } from '../../pipeline/lib/words.ts';
import type { VerdictGroup } from '../../pipeline/read/groups.ts';
import { BACKEND_WORDS, BACKENDS, type Backend } from '../lib/words.ts';
import { Scroll, STATES } from './parts.tsx';

interface Row {
  readonly name: string;
  readonly program: string;
  readonly cells: ReadonlyMap<string, Verdict>;
}

export function VerdictTable({ groups }: { readonly groups: readonly VerdictGroup[] }) {
  const all = rowsOf(groups);
  const used = BACKENDS.filter((backend) => all.some(({ cells }) => cells.has(backend)));
  const own = new Set(groups.filter(({ gate }) => gate).map(({ program }) => program));
  return (
    <Scroll label="Verdicts by program and backend">
      <table className="verdicts">
        <thead>
          <tr>
            <td />
            {used.map((backend) => (
              <th key={backend} scope="col">
                {BACKEND_WORDS[backend]}
              </th>
            ))}
          </tr>
        </thead>
        <Body
          title="Workers of the marketplace"
          rows={all.filter(({ program }) => own.has(program))}
          used={used}
        />
        <Body title="Other engines" rows={all.filter(({ program }) => !own.has(program))} used={used} />
      </table>
    </Scroll>
  );
}

function rowsOf(groups: readonly VerdictGroup[]): Row[] {
  const rows = new Map<string, { name: string; program: string; cells: Map<string, Verdict> }>();
  for (const { program, name, workers, verdict } of groups) {
    const row = rows.get(program) ?? { name, program, cells: new Map() };
    rows.set(program, row);
    for (const id of workers) row.cells.set(id.slice(program.length + 1), verdict);
  }
  return [...rows.values()];
}

interface BodyProps {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly used: readonly Backend[];
}

function Body({ title, rows, used }: BodyProps) {
  if (rows.length === 0) return null;
  return (
    <tbody>
      <tr className="title">
        <th scope="rowgroup" colSpan={used.length + 1}>
          {title}
        </th>
      </tr>
      {rows.map(({ name, program, cells }) => (
        <tr key={program}>
          <th scope="row">{name}</th>
          {used.map((backend) => (
            <Cell key={backend} verdict={cells.get(backend)} />
          ))}
        </tr>
      ))}
    </tbody>
  );
}

/** What was run, what is declared and what is reported broken look different. */
const CLASSES: Readonly<Record<StandingWord, string>> = {
  'was run': 'yes',
  declared: 'declared',
  'through a fallback': 'declared',
  'reported broken': 'broken',
};

/** An empty cell: there is no such worker. */
function Cell({ verdict }: { readonly verdict: Verdict | undefined }) {
  if (verdict === undefined) return <td />;
  const { mark, word, className } = STATES[verdict.status];
  if (!verdict.compatible)
    return (
      <td className={className}>
        {mark} {word}
      </td>
    );
  const standing = standingOf(verdict);
  return (
    <td className={CLASSES[standing]}>
      {standing === 'reported broken' ? '!' : mark} {verdict.confidence} <small>{standing}</small>
    </td>
  );
}

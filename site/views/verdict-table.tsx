/** Programs x backends, in the manner of tables of browser compatibility: a mark and a word in each cell. */
import type { Verdict } from '../../pipeline/evaluate/verdict.ts';
import type { VerdictGroup } from '../../pipeline/read/groups.ts';
import { MARKS, markOf } from '../lib/marks.ts';
import { workerById, workerLink } from '../lib/matrix.ts';
import { BACKEND_WORDS, BACKENDS, type Backend, COMMON_BACKENDS } from '../lib/words.ts';

interface Row {
  readonly name: string;
  readonly program: string;
  readonly gate: boolean;
  readonly cells: ReadonlyMap<string, Verdict>;
}

/** Programs that refuse the model on all backends are not in it: the page folds them by reason. */
export function VerdictTable({ groups }: { readonly groups: readonly VerdictGroup[] }) {
  const all = rowsOf(groups);
  const others = BACKENDS.filter((backend) => !COMMON_BACKENDS.includes(backend));
  const [common, rare] = [rowsThatMay(all, COMMON_BACKENDS), rowsThatMay(all, others)];
  return (
    <>
      <Programs label="Verdicts by program and backend" rows={common} backends={COMMON_BACKENDS} />
      <Legend />
      {rare.length > 0 && (
        <details>
          <summary>
            On other backends:{' '}
            {usedOf(rare, others)
              .map((backend) => BACKEND_WORDS[backend])
              .join(', ')}
          </summary>
          <Programs label="Verdicts on other backends" rows={rare} backends={usedOf(rare, others)} />
        </details>
      )}
    </>
  );
}

function rowsOf(groups: readonly VerdictGroup[]): Row[] {
  const rows = new Map<string, Row & { cells: Map<string, Verdict> }>();
  for (const { program, name, gate, workers, verdict } of groups) {
    const row = rows.get(program) ?? { name, program, gate, cells: new Map<string, Verdict>() };
    rows.set(program, row);
    for (const id of workers) row.cells.set(id.slice(program.length + 1), verdict);
  }
  return [...rows.values()];
}

/** The rows in which some of these backends runs the model, or may run it. */
const rowsThatMay = (rows: readonly Row[], backends: readonly Backend[]) =>
  rows.filter(({ cells }) =>
    backends.some((backend) => (cells.get(backend)?.status ?? 'incompatible') !== 'incompatible'),
  );

const usedOf = (rows: readonly Row[], backends: readonly Backend[]) =>
  backends.filter((backend) => rows.some(({ cells }) => cells.has(backend)));

interface ProgramsProps {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly backends: readonly Backend[];
}

function Programs({ label, rows, backends }: ProgramsProps) {
  return (
    <table className="verdicts">
      <caption className="hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col">Program</th>
          {backends.map((backend) => (
            <th key={backend} scope="col">
              {BACKEND_WORDS[backend]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.program} className={row.gate ? 'own' : undefined}>
            <th scope="row">
              <ProgramName {...row} />
            </th>
            {backends.map((backend) => (
              <Cell key={backend} backend={backend} verdict={row.cells.get(backend)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The name of a program with the version that the verdicts are of. */
function ProgramName({ name, program, cells }: Row) {
  const id = `${program}-${[...cells.keys()][0] ?? ''}`;
  const version = workerById.get(id)?.version;
  return (
    <>
      <a href={workerLink(id)}>{name}</a> <small>{version}</small>
    </>
  );
}

/** An empty cell: there is no such worker. On a phone the cells of a program are below its name, each with its backend. */
function Cell({ backend, verdict }: { readonly backend: Backend; readonly verdict: Verdict | undefined }) {
  if (verdict === undefined) return <td className="none" />;
  const { sign, word, className } = MARKS[markOf(verdict)];
  return (
    <td className={className} data-label={BACKEND_WORDS[backend]}>
      {sign} {word}
      {verdict.confidence === 'low' && markOf(verdict) === 'declared' && <small> never tried here</small>}
    </td>
  );
}

function Legend() {
  return (
    <ul className="legend">
      {Object.values(MARKS).map(({ sign, word, className, meaning }) => (
        <li key={word}>
          <span className={className}>
            {sign} {word}
          </span>{' '}
          {meaning}
        </li>
      ))}
      <li>empty: the program has no such backend</li>
      <li>the number beside a program: the version that its facts are of; others may differ</li>
    </ul>
  );
}

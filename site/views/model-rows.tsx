/** A list of models with what one compares them by; a card for each on a phone. */
import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import type { ListRow } from '../lib/catalog.ts';
import { modelLink } from '../lib/matrix.ts';
import { formatWord, gigabytes, inShort } from '../lib/words.ts';
import { RepoId } from './parts.tsx';

const HEADS = [
  'Parameters',
  'Context',
  'Format',
  'Smallest file',
  'Fits',
  'Programs',
  'License',
  'Downloads',
  'Changed',
] as const;

export function ModelRows({ label, rows }: { readonly label: string; readonly rows: readonly ListRow[] }) {
  const cells = rows.map(cellsOf);
  // A fact that no model of the list has takes no column.
  const shown = [...HEADS.keys()].filter((at) => cells.some((of) => of[at] !== ''));
  return (
    <table className="rows models-table">
      <caption className="hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          {shown.map((at) => (
            <th key={at} scope="col" className="number">
              {HEADS[at]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          <tr key={row.id}>
            <th scope="row">
              <a href={modelLink(row.id)}>
                <RepoId id={row.id} />
              </a>
            </th>
            {shown.map((at) => (
              <td key={at} data-label={HEADS[at]} className="number">
                {cells[place]?.[at]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Returns the cells of a row in the order of the heads; empty where a fact is missing. */
function cellsOf(row: ListRow): string[] {
  const known = (value: number | 'unknown', words: (n: number) => string) =>
    value === 'unknown' ? '' : words(value);
  return [
    known(row.parameters, inShort),
    known(row.contextLength, (n) => `${Math.round(n / 1024)}k`),
    row.formats.map(formatWord).join(', '),
    known(row.smallestBytes, gigabytes),
    row.device > 0 ? `${row.device} GB` : row.device === 0 ? `over ${DEVICE_GB.at(-1)} GB` : 'not sure',
    String(row.programs),
    row.license === 'unknown' ? '' : row.license,
    inShort(row.downloads),
    row.changed === 'unknown' ? '' : row.changed,
  ];
}

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
  const shown = [...HEADS.keys()].filter((at) => cells.some((of) => of[at]?.text !== ''));
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
              <td key={at} data-label={HEADS[at]} data-value={cells[place]?.[at]?.value} className="number">
                {cells[place]?.[at]?.text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A cell, with the number that it is sorted by where its text is not it. */
interface Cell {
  readonly text: string;
  readonly value?: number;
}

/** Returns the cells of a row in the order of the heads; empty where a fact is missing. */
function cellsOf(row: ListRow): Cell[] {
  const known = (value: number | 'unknown', words: (n: number) => string): Cell =>
    value === 'unknown' ? { text: '' } : { text: words(value), value };
  return [
    known(row.parameters, inShort),
    known(row.contextLength, (n) => `${Math.round(n / 1024)}k`),
    { text: row.formats.map(formatWord).join(', ') },
    known(row.smallestBytes, gigabytes),
    deviceCell(row.device),
    { text: String(row.programs) },
    { text: row.license === 'unknown' ? '' : row.license },
    known(row.downloads, inShort),
    { text: row.changed === 'unknown' ? '' : row.changed },
  ];
}

/** 0: more than usual devices have, below 0: unknown. */
function deviceCell(device: number): Cell {
  if (device < 0) return { text: 'not sure' };
  return device > 0
    ? { text: `${device} GB`, value: device }
    : { text: `over ${DEVICE_GB.at(-1)} GB`, value: Number.MAX_SAFE_INTEGER };
}

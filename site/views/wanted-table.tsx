/** Capabilities that a worker lacks, by what each alone would add. */
import type { Unlocks } from '../../pipeline/format/schema.ts';
import { inFull, inShort } from '../lib/words.ts';
import { AmountHeads, Scroll } from './parts.tsx';

export function UnlockTable({ label, rows }: { readonly label: string; readonly rows: Unlocks[string] }) {
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Capability</th>
            <AmountHeads />
            <th scope="col">Such as</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ capability, models, downloads, examples }) => (
            <tr key={capability}>
              <th scope="row">
                <code>{capability}</code>
              </th>
              <td className="number">{inFull(models)}</td>
              <td className="number">{inShort(downloads)}</td>
              <td>{examples.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

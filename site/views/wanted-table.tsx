/** Capabilities that a worker lacks, by what each alone would add. */
import type { Unlocks } from '../../pipeline/format/files.ts';
import { hasPage, modelLink } from '../lib/matrix.ts';
import { capabilityWords, inFull, inShort } from '../lib/words.ts';
import { AmountHeads, RepoId } from './parts.tsx';

export function WantedTable({ label, rows }: { readonly label: string; readonly rows: Unlocks[string] }) {
  return (
    <table className="rows">
      <caption className="hidden">{label}</caption>
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
            <th scope="row">{capabilityWords(capability)}</th>
            <td data-label="Models" className="number">
              {inFull(models)}
            </td>
            <td data-label="Downloads in 30 days" data-value={downloads} className="number">
              {inShort(downloads)}
            </td>
            <td data-label="Such as" className="tags">
              {examples.map((id) => (
                <a
                  key={id}
                  href={hasPage(id) ? modelLink(id) : `https://huggingface.co/${id}`}
                  rel="noreferrer"
                >
                  <RepoId id={id} />
                </a>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The files of a model and of its copies in one table: bits, size, the devices that hold them, whether rbee runs them. */
import type { CopyFile, Fits } from '../../pipeline/read/copy-files.ts';
import { hasPage, modelLink } from '../lib/matrix.ts';
import { COLUMN_GB } from '../lib/model.ts';
import { counted, gigabytes, refusalWords, variantName } from '../lib/words.ts';
import { RepoId } from './parts.tsx';

/** Some models have hundreds of copies: the JSON has the rest. */
const MOST_FILES = 40;

export function Files({ id, files }: { readonly id: string; readonly files: readonly CopyFile[] }) {
  const more = files.length - MOST_FILES;
  const others = new Set(files.filter(({ model }) => model !== id).map(({ model }) => model)).size;
  return (
    <>
      <p>
        {others === 0 ? 'No copy of these weights is known. ' : ''}
        Memory is counted at 8k tokens of context; 1 GB of each device is left to its system.
      </p>
      <table id="files-table" className="files">
        <caption className="hidden">Files of the same weights</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className="number">
              Bits
            </th>
            <th scope="col" className="number">
              Size
            </th>
            {COLUMN_GB.map((gb) => (
              <th key={gb} scope="col">
                {gb} GB
              </th>
            ))}
            <th scope="col">On rbee</th>
          </tr>
        </thead>
        <tbody>
          {files.slice(0, MOST_FILES).map((row) => (
            <FileRow key={`${row.model} ${row.variant.id}`} {...row} own={row.model === id} />
          ))}
        </tbody>
      </table>
      {more > 0 && <p>And {counted(more, 'more file')}: see this page as JSON.</p>}
    </>
  );
}

function FileRow({ model, variant, bits, fits, refusal, own }: CopyFile & { readonly own: boolean }) {
  const { files, missingShards, sizeBytes } = variant;
  return (
    <tr>
      <th scope="row">
        {variantName(variant)}
        <small>
          {own ? files[0] : <CopyLink id={model} />}
          {own && files.length > 1 && ` and ${files.length - 1} more`}
        </small>
        {typeof missingShards === 'number' && missingShards > 0 && (
          <p className="warn">{counted(missingShards, 'part')} missing</p>
        )}
      </th>
      <td className="number">{bits > 0 && bits.toFixed(1)}</td>
      <td data-value={sizeBytes === 'unknown' ? '' : sizeBytes} className="number">
        {sizeBytes === 'unknown' ? 'not known' : gigabytes(sizeBytes)}
      </td>
      {COLUMN_GB.map((gb, at) => (
        <FitCell key={gb} fits={fits[at]} />
      ))}
      <td className={refusal === undefined ? 'yes' : 'no'}>
        {refusal === undefined ? '✓ runs' : `✗ ${refusalWords(refusal)}`}
      </td>
    </tr>
  );
}

const FIT_WORDS = {
  yes: { className: 'yes', words: '✓ fits' },
  no: { className: 'no', words: '✗ no' },
  maybe: { className: 'maybe', words: '? weights' },
} as const;

/** A cell of a device. On a phone the style sheet says which: the columns are always the same. */
function FitCell({ fits }: { readonly fits: Fits }) {
  if (fits === undefined) return <td />;
  const { className, words } = FIT_WORDS[fits];
  return <td className={className}>{words}</td>;
}

function CopyLink({ id }: { readonly id: string }) {
  if (!hasPage(id)) return <RepoId id={id} />;
  return (
    <a href={modelLink(id)} data-model={id}>
      <RepoId id={id} />
    </a>
  );
}

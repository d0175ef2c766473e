/** The runs of a worker that are on record, and the defects that are known of it. */
import type { Backend, Evidence, Strength } from '../../pipeline/data/worker.ts';
import { formatWord, inFull } from '../lib/words.ts';

type PublishedEvidence = Pick<
  Evidence,
  'strength' | 'model' | 'key' | 'format' | 'quantization' | 'date' | 'via'
>;

/** The evidence and the issues that workers.json has of a worker. */
export interface Experience {
  readonly evidence?: readonly PublishedEvidence[];
  readonly knownIssues?: readonly {
    id: string;
    status: string;
    version: string;
    summary: string;
    backends?: readonly string[];
  }[];
}

interface Props {
  readonly worker: Experience & { readonly backend: Backend };
}

const MOST_EVIDENCE = 20;

/** The words for where a model was run. Only runs are published. */
const STRENGTH_WORDS: Readonly<Partial<Record<Strength, string>>> = {
  'ran-by-us': 'run by the marketplace',
  'ran-in-ci': 'run in its own tests',
  'ran-in-suite': 'run in its own test suite',
};

export function EvidenceList({ worker: { evidence = [], backend } }: Props) {
  return (
    <>
      <h2>Evidence</h2>
      {evidence.length === 0 && <p>No run of a model on {backend} is on record.</p>}
      <EvidenceItems items={evidence} />
      {evidence.length > MOST_EVIDENCE && <p>And {inFull(evidence.length - MOST_EVIDENCE)} more.</p>}
    </>
  );
}

function EvidenceItems({ items }: { readonly items: readonly PublishedEvidence[] }) {
  return (
    <ul>
      {items.slice(0, MOST_EVIDENCE).map(({ model, key, format, quantization, strength, date, via }) => (
        <li key={`${strength} ${model} ${key} ${format} ${quantization} ${via}`}>
          {model ?? key}, {formatWord(format)}
          {quantization !== undefined && `, ${quantization}`}{' '}
          <small>
            {STRENGTH_WORDS[strength]}
            {via !== undefined && ` (${via})`}, {date}
          </small>
        </li>
      ))}
    </ul>
  );
}

export function Issues({ worker: { knownIssues = [], backend } }: Props) {
  const here = knownIssues.filter(({ backends }) => backends === undefined || backends.includes(backend));
  if (here.length === 0) return null;
  return (
    <>
      <h2>Known issues</h2>
      <ul>
        {here.map(({ id, status, version, summary }) => (
          <li key={id}>
            {summary.slice(0, 1).toUpperCase()}
            {summary.slice(1)}{' '}
            <small>
              {status}, version {version}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

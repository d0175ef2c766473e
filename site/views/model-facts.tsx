/** The facts and the files of one model, with where each was read. */
import type { ReactNode } from 'react';
import type { Fact, Variant } from '../../pipeline/extract/metadata.ts';
import { inBillions, SOURCE_WORDS } from '../../pipeline/lib/words.ts';
import type { ModelPageData } from '../lib/model.ts';
import { counted, gigabytes, inFull, variantName } from '../lib/words.ts';
import { Scroll } from './parts.tsx';

export function Facts({ model: { facts } }: ModelPageData) {
  const days = [facts.createdAt, facts.lastModified].map((day) =>
    day === 'unknown' ? 'not known' : day.slice(0, 10),
  );
  return (
    <table className="facts">
      <tbody>
        <FactRow
          name="Kind"
          fact={facts.kind}
          show={(kind) => (kind === 'model' ? 'text generator' : kind)}
        />
        <FactRow name="Task" fact={facts.task} />
        <FactRow name="Family" fact={facts.architecture} />
        <FactRow name="model_type" fact={facts.modelType} />
        <FactRow name="Class" fact={facts.architectureClass} />
        <FactRow name="GGUF architecture" fact={facts.ggufArchitecture} />
        <FactRow name="Quantization" fact={facts.quantizationMethod} />
        <FactRow name="Parameters" fact={facts.parameters.total} show={inBillions} />
        <FactRow name="Active per token" fact={facts.parameters.active} show={inBillions} />
        <FactRow name="Context" fact={facts.contextLength} show={(n) => `${inFull(n)} tokens`} />
        {facts.slidingWindow !== 'unknown' && (
          <FactRow name="Sliding window" fact={facts.slidingWindow} show={(n) => `${inFull(n)} tokens`} />
        )}
        <PlainRow name="License">{inWords(facts.license)}</PlainRow>
        <PlainRow name="Terms to accept first">{GATE_WORDS[facts.gated]}</PlainRow>
        {facts.baseModels.ids.length > 0 && (
          <PlainRow name="Base model">
            {facts.baseModels.ids.join(', ')}
            {facts.baseModels.relation !== 'unknown' && ` (${facts.baseModels.relation})`}
          </PlainRow>
        )}
        <PlainRow name="Downloads in 30 days">{amount(facts.downloads)}</PlainRow>
        <PlainRow name="Likes">{amount(facts.likes)}</PlainRow>
        <PlainRow name="Created, changed">{days.join(', ')}</PlainRow>
        {facts.sha !== 'unknown' && (
          <PlainRow name="Commit">
            <code>{facts.sha.slice(0, 12)}</code>
          </PlainRow>
        )}
        {facts.customCode && (
          <PlainRow name="Custom code">its config points at Python code of its own</PlainRow>
        )}
        {facts.notes.map((note) => (
          <PlainRow key={note} name="Note">
            {note}
          </PlainRow>
        ))}
      </tbody>
    </table>
  );
}

const inWords = (value: string) => (value === 'unknown' ? 'not stated' : value);
const GATE_WORDS = {
  no: 'none',
  auto: 'yes, on the Hub; access is given at once',
  manual: 'yes, on the Hub; the owner grants access by hand',
  unknown: 'not known',
} as const;

const amount = (n: number | 'unknown') => (n === 'unknown' ? 'not known' : inFull(n));

function FactRow<T extends string | number>(props: {
  readonly name: string;
  readonly fact: Fact<T>;
  readonly show?: (value: T) => string;
}) {
  const { name, fact, show = String } = props;
  return (
    <tr>
      <th scope="row">{name}</th>
      {fact === 'unknown' ? (
        <td className="soft">not stated</td>
      ) : (
        <td>
          {show(fact.value)} <small>{SOURCE_WORDS[fact.source]}</small>
        </td>
      )}
    </tr>
  );
}

function PlainRow({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
    </tr>
  );
}

/** Collections hold hundreds of files: the JSON has the rest. */
const MOST_VARIANTS = 40;

/** The files of a model. `groups`: which of the variants workers of the marketplace run. */
export function Files({
  variants,
  groups,
}: { readonly variants: readonly Variant[] } & Pick<ModelPageData, 'groups'>) {
  const running = new Set(groups.flatMap(({ gate, verdict }) => (gate ? verdict.variants : [])));
  const more = variants.length - MOST_VARIANTS;
  return (
    <>
      <Scroll label="Files">
        <table>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col">Runs on rbee</th>
              <th scope="col">Files</th>
            </tr>
          </thead>
          <tbody>
            {variants.slice(0, MOST_VARIANTS).map((variant) => (
              <tr key={variant.id}>
                <th scope="row">{variantName(variant)}</th>
                <td className="number">
                  {variant.sizeBytes === 'unknown' ? 'not known' : gigabytes(variant.sizeBytes)}
                </td>
                <td>{running.has(variant.id) ? 'yes' : 'no'}</td>
                <td>
                  <code>{variant.files[0]}</code>
                  {variant.files.length > 1 && ` and ${variant.files.length - 1} more`}
                  {typeof variant.missingShards === 'number' && variant.missingShards > 0 && (
                    <p className="warn">{counted(variant.missingShards, 'part')} missing</p>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {more > 0 && <p>And {counted(more, 'more variant')}: see this page as JSON.</p>}
    </>
  );
}

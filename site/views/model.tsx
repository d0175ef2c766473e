/** The page of one model: what runs it, which file to take, why, and where each fact was read. */
import { Fragment, type ReactNode } from 'react';
import type { Fact, Variant } from '../../pipeline/extract/metadata.ts';
import { inBillions, SOURCE_WORDS } from '../../pipeline/lib/words.ts';
import { describeDevices, describeMemory } from '../../pipeline/read/advice.ts';
import { describeModel } from '../lib/json-ld.ts';
import { address, hasPage, link, matrix, modelLink, modelPath } from '../lib/matrix.ts';
import type { ModelPageData } from '../lib/model.ts';
import { hasPicture, picturePath } from '../lib/pictures.ts';
import { workersInWords } from '../lib/programs.ts';
import { REPORT_URL } from '../lib/settings.ts';
import { counted, gigabytes, inFull, variantName } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { MachineBar } from './machine.tsx';
import { ModelRows } from './model-rows.tsx';
import { RepoId, Scroll } from './parts.tsx';
import { Reasons, Refusals } from './reasons.tsx';
import { Command, fetchLines, HowToRun } from './run.tsx';
import { VerdictTable } from './verdict-table.tsx';

export function ModelPage(data: ModelPageData) {
  const { model, copyRows, groups, nearest } = data;
  const { id, facts } = model;
  const path = modelPath(id);
  const description = `Which local AI workers run ${id}, on which backend, with which file, how much memory it takes, and why.`;
  return (
    <Layout
      title={`${id}: which workers run it`}
      description={description}
      path={path}
      scripts={['/model.js']}
      jsonLd={describeModel(model, description)}
      picture={hasPicture(id) ? picturePath(id) : undefined}
    >
      <p className="crumb">
        <a href={link('/search/')}>Models</a>
      </p>
      <h1 className="id">
        <RepoId id={id} />
      </h1>
      <p className="lead">{summary(data)}</p>
      <TopLinks {...data} />
      <MachineBar />
      <p id="answer" className="answer-box" role="status" />
      <Take {...data} />
      <HowToRun {...data} />
      <h2 id="verdicts">Where it runs</h2>
      <VerdictTable groups={groups} />
      <Refusals groups={groups} nearest={nearest} />
      <ReportLink id={id} />
      <Fit fit={data.fit} />
      <h2 id="why">Why</h2>
      <Reasons groups={groups} nearest={nearest} />
      <h2 id="facts">Facts</h2>
      <Facts {...data} />
      <h2 id="files">Files</h2>
      <Files variants={facts.variants} groups={groups} />
      {copyRows.length > 0 && (
        <>
          <h2 id="copies">The same weights</h2>
          <ModelRows label="Copies" rows={copyRows} />
        </>
      )}
    </Layout>
  );
}

/** Links to the repository, at the commit that the facts are of, to its base model, and to this page for machines. */
function TopLinks({ model: { id, facts } }: ModelPageData) {
  const hub = `https://huggingface.co/${id}`;
  return (
    <p className="more">
      <a href={hub} rel="noreferrer">
        On the Hugging Face Hub
      </a>{' '}
      {facts.sha !== 'unknown' && (
        <>
          <a href={`${hub}/tree/${facts.sha}`} rel="noreferrer">
            Files at {facts.sha.slice(0, 7)}
          </a>{' '}
        </>
      )}
      {facts.baseModels.ids.slice(0, 1).map((base) => (
        <Fragment key={base}>
          <a
            href={hasPage(base) ? modelLink(base) : `https://huggingface.co/${base}`}
            rel={hasPage(base) ? undefined : 'noreferrer'}
          >
            Base model {base}
          </a>{' '}
        </Fragment>
      ))}
      <a href={link(`${modelPath(id).slice(0, -1)}.json`)}>This page as JSON</a>
    </p>
  );
}

/** Opens a report with what it is about, where the build was told where reports go. */
function ReportLink({ id }: { readonly id: string }) {
  if (REPORT_URL === undefined) return null;
  const to = new URL(REPORT_URL);
  to.searchParams.set('title', `Wrong verdict: ${id}`);
  to.searchParams.set(
    'body',
    [
      `Model: https://huggingface.co/${id}`,
      `Page: ${address(modelPath(id))}, facts of ${matrix.header.date.slice(0, 10)}`,
      'Program, version and backend: ',
      'What happened, with the log: ',
    ].join('\n'),
  );
  return (
    <p>
      <a href={to.href} rel="noreferrer">
        Report a wrong verdict
      </a>
    </p>
  );
}

function summary({ groups }: ModelPageData): string {
  const running = groups.filter(({ verdict }) => verdict.compatible);
  const programs = (own: boolean) => [
    ...new Set(running.filter(({ gate }) => gate === own).map(({ name }) => name)),
  ];
  const engines = programs(false).length;
  const others =
    engines === 0 ? '' : `, and so ${engines === 1 ? 'does' : 'do'} ${counted(engines, 'other engine')}`;
  return `${programs(true).join(' and ')} ${programs(true).length === 1 ? 'runs' : 'run'} it${others}.`;
}

/** The recommended file, its size, the memory that it takes, and how to get it. */
function Take(data: ModelPageData) {
  const { model, best } = data;
  const { facts } = model;
  const variant = facts.variants.find((one) => one.id === best?.verdict.recommendedVariant);
  if (variant === undefined) return null;
  const devices = best?.advice === undefined ? undefined : describeDevices(best.advice);
  return (
    <section className="card" aria-label="The file to take">
      <h2>Take {variantName(variant)}</h2>
      <p>
        {variant.files.length === 1 ? <code>{variant.files[0]}</code> : counted(variant.files.length, 'file')}
        {variant.sizeBytes !== 'unknown' && `, ${gigabytes(variant.sizeBytes)}`}
      </p>
      {best?.advice !== undefined && <p>{sentence(describeMemory(best.advice.memory))}</p>}
      {devices !== undefined && <p>{sentence(devices)}</p>}
      <Command lines={fetchLines(data, variant)} />
      {facts.gated !== 'no' && (
        <p className="warn">
          {facts.gated === 'unknown'
            ? 'It is not known whether its terms must be accepted first.'
            : 'Its terms must be accepted on the Hub first.'}
        </p>
      )}
    </section>
  );
}

/** The best file of all copies, from the smallest usual device that holds one. */
function Fit({ fit }: Pick<ModelPageData, 'fit'>) {
  if (fit.length === 0) return null;
  return (
    <>
      <h2 id="fit">Will it fit?</h2>
      <p>
        The best file of all copies of these weights, by the memory of a device. Of each device 1 GB is left
        to its system.
      </p>
      <Scroll label="Will it fit?">
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col">Device</th>
              <th scope="col">Answer</th>
            </tr>
          </thead>
          {fit.map(({ workers, steps }) => (
            <tbody key={workers[0]} data-workers={workers.join(' ')}>
              {steps.map((step, at) => (
                <tr key={step.deviceGb} data-gb={step.deviceGb}>
                  {at === 0 && (
                    <th scope="rowgroup" rowSpan={steps.length}>
                      {workersInWords(workers)}
                    </th>
                  )}
                  <td className="number">{step.deviceGb} GB</td>
                  <td className="answer">{sentenceCase(step.words)}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </Scroll>
    </>
  );
}

const sentenceCase = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
const sentence = (text: string) => `${sentenceCase(text)}.`;

function Facts({ model: { facts } }: ModelPageData) {
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

/** Collections hold hundreds: the rest stands in the JSON. */
const MOST_VARIANTS = 40;

/** The files of a model. `groups`: which of the variants workers of the marketplace run. */
function Files({
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

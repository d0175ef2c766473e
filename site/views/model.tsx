/** The page of one model: what runs it, which file to take, why, and where each fact was read. */
import { Fragment } from 'react';
import { describeDevices, describeMemory } from '../../pipeline/read/advice.ts';
import { describeModel } from '../lib/json-ld.ts';
import { address, hasPage, link, matrix, modelLink, modelPath } from '../lib/matrix.ts';
import type { ModelPageData } from '../lib/model.ts';
import { hasPicture, picturePath } from '../lib/pictures.ts';
import { workersInWords } from '../lib/programs.ts';
import { REPORT_URL } from '../lib/settings.ts';
import { counted, gigabytes, variantName } from '../lib/words.ts';
import { Layout } from './layout.tsx';
import { MachineBar } from './machine.tsx';
import { Facts, Files } from './model-facts.tsx';
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

/** Opens a report with its subject filled in, where the build knows the address for reports. */
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

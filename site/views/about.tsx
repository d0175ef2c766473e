/** Explains how verdicts come about, how fresh they are, and what is not tracked. */
import type { Report } from '../../pipeline/format/files.ts';
import { CONFIDENCE_WORDS } from '../../pipeline/lib/words.ts';
import { link, matrix } from '../lib/matrix.ts';
import { inFull } from '../lib/words.ts';
import { Layout } from './layout.tsx';

export function About({ report }: { readonly report: Report }) {
  const { date, source, models, allowed, workers } = matrix.header;
  return (
    <Layout
      title="About"
      description="How the compatibility of models and workers is found out, how fresh it is, and what is not tracked."
      path="/about/"
    >
      <h1>About</h1>
      <p className="lead">
        If we do not support it, it does not exist: a model has a page only when a worker of the marketplace
        runs it.
      </p>
      <h2>How it is found out</h2>
      <p>
        Every night the listing of the Hugging Face Hub is read, and each model is judged against each worker
        by facts: its own config, the names of its files, the header of its GGUF files. The name of a
        repository decides nothing. Where a fact is missing the verdict is “unknown”, and unknown does not
        make a page.
      </p>
      <h2>What confidence means</h2>
      <ul>
        {(['high', 'medium', 'low'] as const).map((level) => (
          <li key={level}>
            <b>{level}</b>: {CONFIDENCE_WORDS[level]}.
          </li>
        ))}
      </ul>
      <p>
        The table on the page of a model shows the three with different marks: what was run, what is declared,
        and what is reported broken. A model counts as run only where its real weights were loaded: a test
        that builds the network alone, or a page of documentation that names the model, is no run.
      </p>
      <h2>Facts about engines</h2>
      <p>
        What we know of an engine is of one day, which is beside its name on the page of{' '}
        <a href={link('/workers/')}>workers</a>. What appeared later is “unknown” for it, not “does not run”.
      </p>
      <h2>How fresh it is</h2>
      <p>
        Built {date.slice(0, 16).replace('T', ' ')} UTC, from{' '}
        {source === 'hub' ? 'the Hub' : source === 'snapshot' ? 'a bundled sample of the Hub' : 'files'}:{' '}
        {inFull(models)} models, {inFull(workers)} workers, {inFull(allowed)} models with a page.{' '}
        {crawlWords(report)}
      </p>
      <h2>What is not tracked</h2>
      <ul>
        <li>How well a model answers, and how fast.</li>
        <li>Private repositories, and gated files whose terms we have not accepted.</li>
        <li>Custom code that a repository brings: it is noted, and not read.</li>
        <li>
          You: this site sets no cookie, loads nothing from elsewhere and counts nobody. The machine that you
          choose is remembered by your browser alone.
        </li>
      </ul>
      <h2>The data</h2>
      <p>
        Beside each model’s page is a JSON file of the same name. The <a href={link('/matrix/')}>matrix</a>{' '}
        can be had as CSV, the changes as a <a href={link('/feed.xml')}>web feed</a>.
      </p>
    </Layout>
  );
}

function crawlWords({ crawl }: Report): string {
  if (crawl === undefined) return '';
  const listing = {
    complete: 'The listing was read to its end.',
    partial: `The listing broke off; the rest is as it was on ${crawl.staleSince?.slice(0, 10) ?? 'an earlier night'}.`,
    limited: 'Only the beginning of the listing was read, as was asked for.',
  }[crawl.listing];
  const waiting = `${inFull(crawl.detailsLeft)} models wait for their config or the sizes of their files.`;
  const outdated =
    crawl.outdatedConfigs === undefined
      ? ''
      : ` ${inFull(crawl.outdatedConfigs)} are judged by the config of an earlier commit.`;
  return `${listing} ${waiting}${outdated}`;
}

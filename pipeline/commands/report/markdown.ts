/** A night's summary in Markdown, for the page of the run: the verdict in its first line, then what led to it. */
import type { BuildResult } from '../../build.ts';
import { count } from '../../lib/words.ts';
import type { Trip } from '../../nights/guards/index.ts';
import { plain } from './markup.ts';
import { cameAndWent, effort, missing, refusals, stages, trend } from './sections.ts';

/** The end of a night: its result, or the error that stopped it. */
export type Outcome =
  | { readonly kind: 'published' | 'dry-run'; readonly night: BuildResult }
  | {
      readonly kind: 'guarded';
      readonly night: BuildResult;
      readonly trips: readonly Trip[];
      readonly command: string;
    }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * The most bytes of a summary. GitHub's limit is a megabyte; nobody reads more than this, and mail clients
 * cut sooner.
 */
const MAX_BYTES = 60_000;
const ROWS = [50, 20, 8] as const;

/** Returns the summary. `files`: the address of the run's files, if it is known. */
export function summarizeInMarkdown(outcome: Outcome, files?: string): string {
  const texts = ROWS.map((rows) => render(outcome, files, rows));
  const fitting = texts.find((text) => Buffer.byteLength(text) <= MAX_BYTES);
  return fitting ?? cut(texts.at(-1) ?? '');
}

function render(outcome: Outcome, files: string | undefined, mostRows: number): string {
  const night = outcome.kind === 'failed' ? undefined : outcome.night;
  const parts = [
    `## ${verdict(outcome)}`,
    ...(outcome.kind === 'guarded' ? [guarded(outcome)] : []),
    ...(night === undefined
      ? []
      : [
          stages(night),
          cameAndWent(night, mostRows),
          trend(night),
          refusals(night),
          missing(night),
          effort(night),
        ]),
    where(files),
  ];
  return `${parts.filter((text) => text !== '').join('\n\n')}\n`;
}

/** Returns one line that is enough on most mornings. */
function verdict(outcome: Outcome): string {
  if (outcome.kind === 'failed') return `❌ Not published, the last out/ stays: ${plain(outcome.message)}`;
  const { report, last, crawl, changes } = outcome.night;
  if (outcome.kind === 'guarded') {
    const names = outcome.trips.map(({ guard }) => guard).join(', ');
    const since = last === undefined ? '' : ` of ${last.date.slice(0, 10)}`;
    return `❌ Not published, the last out/${since} stays: ${names} tripped`;
  }
  const moved = changes.first
    ? 'a first night'
    : `+${count(changes.added.length)} −${count(changes.removed.length)}`;
  const counted = `${count(report.allowed)} models on the allowlist (${moved})`;
  if (outcome.kind === 'dry-run') return `✅ Dry run, nothing is published: ${counted}`;
  if (crawl?.listing === 'partial')
    return `⚠️ Published, but the listing is partial since ${plain(crawl.staleSince ?? '?')}: ${counted}. ${plain(crawl.problem ?? '')}`;
  return `✅ Published: ${counted}`;
}

function guarded({ trips, command }: Extract<Outcome, { kind: 'guarded' }>): string {
  const lines = trips.map(({ guard, problem, details }) =>
    [`**${guard}**: ${plain(problem)}`, ...details.map((detail) => `- ${plain(detail)}`)].join('\n'),
  );
  const names = trips.map(({ guard }) => guard).join(' ');
  return [
    ...lines,
    `If this is right, accept it. On GitHub: Actions, nightly, Run workflow, and in the field **accept**: \`${names}\``,
    'Or in a shell:',
    fenced(command),
  ].join('\n\n');
}

/** Returns a code block that no line of its text can end. */
function fenced(text: string): string {
  const ticks = text.match(/`+/g)?.map((run) => run.length) ?? [];
  const fence = '`'.repeat(Math.max(3, 1 + Math.max(0, ...ticks)));
  return `${fence}sh\n${text.replaceAll('\n', ' ')}\n${fence}`;
}

function where(files: string | undefined): string {
  const text =
    'All changes: `changes.json`; the trend as a picture: `trend.svg`; what left in 90 days: `removed.json`';
  return files === undefined ? `${text}, in out/.` : `${text}, in [the files of this run](${files}).`;
}

/** Cuts at the end of a line. It is needed only where some text of the night is of absurd length. */
function cut(text: string): string {
  const bytes = Buffer.from(text)
    .subarray(0, MAX_BYTES - 100)
    .toString('utf8');
  return `${bytes.slice(0, bytes.lastIndexOf('\n'))}\n\nCut at ${MAX_BYTES / 1000} kB.\n`;
}

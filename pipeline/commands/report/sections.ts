/** The parts of a night's summary, each a piece of Markdown; empty where there is nothing to say. */
import type { BuildResult } from '../../build.ts';
import { compareNames } from '../../lib/compare.ts';
import { count, difference } from '../../lib/words.ts';
import { trendSeries } from '../../nights/trend.ts';
import { describeDetails } from './details.ts';
import { modelLink, plain, sparkline, table } from './markup.ts';
import { programsOf } from './programs.ts';

const MOST_REASONS = 8;
const MOST_UNLOCKS = 8;

/** Returns the counts of each stage, against last night. */
export function stages({ report, last, changes }: BuildResult): string {
  const before = last?.report;
  const rejected = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((all, n) => all + n, 0);
  const rows: [string, number, number | undefined][] = [
    ['records read', report.records.read, before?.records.read],
    ['records rejected', rejected(report.records.rejected), before && rejected(before.records.rejected)],
    ['models judged', report.models, before?.models],
    ['**allowlist**', report.allowed, before?.allowed],
  ];
  const changed = changes.first
    ? 'There is nothing to compare with: no earlier night has the same source and gate.'
    : `**${changes.added.length}** added, **${changes.removed.length}** removed, **${changes.changed.length}** changed in confidence.`;
  const lines = rows.map(([name, now, then]) => [
    name,
    count(now),
    then === undefined ? '–' : count(then),
    difference(now, then),
  ]);
  return `${changed}\n\n${table(['', 'tonight', 'last night', ''], 'lrrr', lines)}`;
}

/** Returns the counts of each gate worker and of the engines that run most, with those of recent nights. */
export function trend({ history }: BuildResult): string {
  const rows = trendSeries(history).map(({ name, values }) => [
    plain(name),
    sparkline(values),
    count(values.at(-1) ?? 0),
    difference(values.at(-1) ?? 0, values[0]),
  ]);
  const [first, last] = [history[0]?.date ?? '', history.at(-1)?.date ?? ''];
  const since = history.length > 1 ? `since ${first}` : '';
  return `### Models that run, ${first === last ? last : `${first} to ${last}`}\n\n${table(['', 'trend', 'now', since], 'llrr', rows)}`;
}

export function cameAndWent({ changes, highlights }: BuildResult, mostRows: number): string {
  const { added, removed, changed } = highlights;
  return [
    section(
      'Added',
      changes.added.length,
      added.slice(0, mostRows),
      ['model', 'downloads', 'workers'],
      (row) => [modelLink(row.id), count(row.downloads), plain(shortWorkers(row.workers))],
    ),
    section(
      'Removed',
      changes.removed.length,
      removed.slice(0, mostRows),
      ['model', 'downloads', 'why'],
      (row) => [
        modelLink(row.id),
        count(row.downloads),
        `\`${row.reasonCodes[0]}\` ${plain(row.reasons[0] ?? '')}`,
      ],
    ),
    section(
      'Changed',
      changes.changed.length,
      changed.slice(0, mostRows),
      ['model', 'downloads', 'confidence'],
      (row) => [modelLink(row.id), count(row.downloads), `${plain(row.worker)}: ${row.from} → ${row.to}`],
    ),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** The number of rows that are shown of a long list; the rest is folded. */
const OPEN_ROWS = 10;

function section<T>(
  title: string,
  all: number,
  rows: readonly T[],
  header: readonly string[],
  cells: (row: T) => string[],
): string {
  if (all === 0) return '';
  const shown =
    rows.length < all ? `, the ${rows.length} most downloaded of ${count(all)}` : `: ${count(all)}`;
  const open = table(header, 'lrl', rows.slice(0, OPEN_ROWS).map(cells));
  const rest = rows.slice(OPEN_ROWS);
  const folded =
    rest.length === 0
      ? ''
      : `\n\n<details><summary>${rest.length} more</summary>\n\n${table(header, 'lrl', rest.map(cells))}\n\n</details>`;
  return `### ${title}${shown}\n\n${open}${folded}`;
}

/** Returns `program (cpu, cuda)` for the workers of a program. */
function shortWorkers(workers: readonly string[]): string {
  return programsOf(workers)
    .map(({ program }) => {
      const own = workers.filter((worker) => worker.slice(0, worker.lastIndexOf('-')) === program);
      return `${program} (${own.map((worker) => worker.slice(program.length + 1)).join(', ')})`;
    })
    .join(', ');
}

export function refusals({ report, unlocks, last }: BuildResult): string {
  const parts = programsOf(Object.keys(unlocks)).map(({ program, first }) => {
    const before = new Map(
      last?.report.refusals
        .filter(({ worker }) => worker === first)
        .map(({ code, models }) => [code, models]),
    );
    const rows = report.refusals
      .filter(({ worker }) => worker === first)
      .slice(0, MOST_REASONS)
      .map(({ code, models, downloads }) => [
        `\`${code}\``,
        count(models),
        last === undefined ? '' : difference(models, before.get(code) ?? 0),
        count(downloads),
      ]);
    return rows.length === 0
      ? ''
      : `**${plain(program)}**\n\n${table(['first reason', 'models', '', 'downloads'], 'lrrr', rows)}`;
  });
  return folded('Why models are refused', parts);
}

export function missing({ unlocks }: BuildResult): string {
  const parts = programsOf(Object.keys(unlocks)).map(({ program, first }) => {
    const rows = (unlocks[first] ?? [])
      .slice(0, MOST_UNLOCKS)
      .map(({ capability, models, downloads, examples }) => [
        plain(capability),
        count(models),
        count(downloads),
        examples[0] === undefined ? '' : modelLink(examples[0]),
      ]);
    return rows.length === 0
      ? ''
      : `**${plain(program)}**\n\n${table(['capability', 'models', 'downloads', 'such as'], 'lrrl', rows)}`;
  });
  return folded('What each missing capability alone would add', parts);
}

function folded(title: string, parts: readonly string[]): string {
  const said = parts.filter((text) => text !== '');
  if (said.length === 0) return '';
  return `<details><summary><b>${title}</b></summary>\n\n${said.join('\n\n')}\n\n</details>`;
}

/** Returns how much of the Hub was read, what it cost, and how long each stage took. */
export function effort({ crawl, seconds, written, kept, report, last }: BuildResult): string {
  const crawled =
    crawl === undefined
      ? []
      : [
          [
            'listing',
            `${crawl.listing}, ${count(crawl.records)} records on ${count(crawl.pages)} pages${crawl.shortPages > 0 ? `, ${crawl.shortPages} of them short` : ''}`,
          ],
          ['details', describeDetails(crawl)],
          ...(crawl.details.problem === undefined ? [] : [['', plain(crawl.details.problem)]]),
          ...crawl.details.examples.map((text) => ['', plain(text)]),
          [
            'requests',
            Object.entries(crawl.requests)
              .map(([bucket, n]) => `${count(n)} ${bucket}`)
              .join(', '),
          ],
        ];
  const times = Object.entries(seconds)
    .filter(([stage]) => stage !== 'crawl' || crawl !== undefined)
    .map(([stage, n]) => `${stage} ${duration(n)}`);
  const rows = [
    ...crawled,
    ['fields', coverage(report.records, last?.report.records)],
    ['time', times.join(', ')],
    [
      'written',
      `${count(written.files)} files, ${count(written.bytes)} bytes; ${count(kept.files)} files unchanged`,
    ],
  ];
  return `### Coverage and effort\n\n${table(['', ''], 'll', rows)}`;
}

type Records = BuildResult['report']['records'];
const MOST_FIELDS = 12;

/** Returns the share of the records that have each field; against last night where it changed. */
function coverage(now: Records, before: Records | undefined): string {
  const share = (records: Records, field: string) =>
    ((records.fields[field] ?? 0) / Math.max(1, records.read)) * 100;
  return Object.keys(now.fields)
    .sort((a, b) => share(now, b) - share(now, a) || compareNames(a, b))
    .slice(0, MOST_FIELDS)
    .map((field) => {
      const moved = before === undefined ? 0 : share(now, field) - share(before, field);
      const shift = Math.abs(moved) < 0.05 ? '' : ` (${moved > 0 ? '+' : '−'}${Math.abs(moved).toFixed(1)})`;
      return `${plain(field)} ${share(now, field).toFixed(1)} %${shift}`;
    })
    .join(', ');
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
}

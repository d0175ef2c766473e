/** Writes one run's summary for the terminal. */
import type { BuildResult } from '../../build.ts';
import type { CrawlReport } from '../../crawl/index.ts';
import { compareNames } from '../../lib/compare.ts';
import { describeDetails } from './details.ts';
import { programsOf } from './programs.ts';

const MOST_REASONS = 8;

/** Returns the summary of a build that was published, or was a dry run. */
export function summarize(result: BuildResult, out: string, dryRun: boolean): string {
  return [summarizeNight(result), dryRun ? `Dry run: ${out} was left as it is.` : `Published ${out}.`].join(
    '\n',
  );
}

/** Returns what a build found and changed, whether it is published or a guard stops it. */
export function summarizeNight(result: BuildResult): string {
  const { report, changes } = result;
  const { records } = report;
  const sections = [
    ...crawlLines(result),
    line('records', `${records.read} read, ${sum(records.rejected)} rejected, ${records.doubles} duplicates`),
    ...details(records.rejected, 'rejected'),
    ...details(records.ignoredFields, 'read without a malformed field'),
    line('models', `${report.models}: ${describeCounts(report.kinds)}`),
    line('allowlist', `${report.allowed} models that a gate worker runs`),
    ...workerLines(result),
    ...reasonLines(result),
    ...unlockLines(result),
    line('changes', changes.first ? 'no earlier out/ to compare with' : describeChanges(result)),
    ...changedModels(result),
    line(
      'written',
      `${result.written.files} files, ${result.written.bytes} bytes; ${result.kept.files} files unchanged`,
    ),
    line(
      'time',
      `${result.seconds.crawl.toFixed(2)} s crawling, ${result.seconds.read.toFixed(2)} s reading and judging, ${result.seconds.write.toFixed(2)} s writing`,
    ),
  ];
  return sections.join('\n');
}

function crawlLines({ crawl }: BuildResult): string[] {
  if (crawl === undefined) return [];
  const { pages, records, shortPages, droppedFields, details: found, requests } = crawl;
  const asked = Object.entries(requests).filter(([, n]) => n > 0);
  return [
    line('listing', describeListing(crawl)),
    line(
      '',
      `  ${records} records on ${pages} pages${shortPages > 0 ? `, ${shortPages} of them short` : ''}`,
    ),
    ...(droppedFields.length > 0 ? [line('', `  the Hub no longer gives ${droppedFields.join(', ')}`)] : []),
    line('details', describeDetails(crawl)),
    ...[found.problem ?? [], found.examples].flat().map((text) => line('', `  ${text}`)),
    line('requests', asked.map(([bucket, n]) => `${n} ${bucket}`).join(', ') || 'none'),
  ];
}

function describeListing({ listing, problem, staleSince }: CrawlReport): string {
  if (listing === 'limited') return 'ends at the limit';
  if (listing === 'complete') return 'complete';
  return `PARTIAL, the rest is from ${staleSince}: ${problem}`;
}

function line(label: string, text: string): string {
  return `${label.padEnd(10)} ${text}`;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, n) => all + n, 0);
}

function byCount(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort((a, b) => b[1] - a[1] || compareNames(a[0], b[0]));
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return byCount(counts)
    .map(([name, n]) => `${n} ${name}`)
    .join(', ');
}

function details(counts: Readonly<Record<string, number>>, what: string): string[] {
  return byCount(counts).map(([name, n]) => line('', `  ${n} ${what}: ${name}`));
}

function workerLines({ report }: BuildResult): string[] {
  const header = line(
    'workers',
    `${'compatible'.padStart(24 + 12)}   high  medium     low  unknown  refused`,
  );
  const rows = Object.entries(report.workers).map(([id, { high, medium, low, unknown, incompatible }]) => {
    const cells = [high + medium + low, high, medium, low, unknown, incompatible];
    const widths = [10, 7, 8, 8, 9, 9];
    return line(
      '',
      `  ${id.padEnd(24)}${cells.map((n, at) => String(n).padStart(widths[at] ?? 8)).join('')}`,
    );
  });
  return [header, ...rows];
}

const MOST_UNLOCKS = 8;

/**
 * Returns the capabilities to build next: one worker of each gate program, by the downloads that a capability
 * would open.
 */
function unlockLines({ unlocks }: BuildResult): string[] {
  return programsOf(Object.keys(unlocks)).flatMap(({ program, first }) => [
    line('unlocks', `${program}: what each missing capability alone would add`),
    ...(unlocks[first] ?? [])
      .slice(0, MOST_UNLOCKS)
      .map(({ capability, models, downloads, examples }) =>
        line(
          '',
          `  ${String(models).padStart(8)} models ${String(downloads).padStart(12)} downloads  ${capability.padEnd(28)} ${examples[0]}`,
        ),
      ),
  ]);
}

/** Returns the reasons of the gate workers alone. report.json has the rest. */
function reasonLines({ report, unlocks }: BuildResult): string[] {
  return programsOf(Object.keys(unlocks)).flatMap(({ program, first }) => [
    line('refusals', program),
    ...report.refusals
      .filter(({ worker }) => worker === first)
      .slice(0, MOST_REASONS)
      .map(({ code, models }) => line('', `  ${String(models).padStart(8)} ${code}`)),
  ]);
}

const MOST_CHANGED = 8;

/** Returns the models that came and went, so that a correction shows its effect. */
function changedModels({ changes: { added, removed } }: BuildResult): string[] {
  const shown = [
    ...added.slice(0, MOST_CHANGED).map(({ id }) => `+ ${id}`),
    ...removed.slice(0, MOST_CHANGED).map(({ id, reasonCodes }) => `- ${id}: ${reasonCodes[0]}`),
  ];
  const more = Math.max(0, added.length - MOST_CHANGED) + Math.max(0, removed.length - MOST_CHANGED);
  return [...shown, ...(more > 0 ? [`and ${more} more: see changes.json`] : [])].map((text) =>
    line('', `  ${text}`),
  );
}

function describeChanges({ changes }: BuildResult): string {
  const { added, removed, changed } = changes;
  return `${added.length} added, ${removed.length} removed, ${changed.length} changed in confidence`;
}

/** `build`: runs a night, shows its progress, and reports how it ended, also in the summary of a job. */
import { appendFileSync } from 'node:fs';
import { type BuildResult, build } from '../build.ts';
import { GuardError } from '../nights/guards/index.ts';
import { type BuildOptions, buildOptions } from './options.ts';
import { ProgressDisplay } from './progress.ts';
import { type Outcome, summarize, summarizeInMarkdown, summarizeNight } from './report/index.ts';
import { type Command, DONE, isSystemError, PARTIAL, type Terminal, withoutToken } from './terminal.ts';

export const runBuild: Command = async (args, terminal) => {
  const options = buildOptions(args, terminal.env);
  const display = new ProgressDisplay({
    write: terminal.note,
    isTerminal: terminal.isInteractive,
    now: () => performance.now(),
  });
  const result = await build(options, () => new Date(), {
    note: (message) => display.note(withoutToken(message, terminal)),
    progress: (progress) => display.show(progress),
  })
    .finally(() => display.end())
    .catch(async (error: unknown) => {
      writeSummary(options, outcomeOf(error), terminal);
      // The changes are shown even when a guard stops the publish, so that a correction shows its effect.
      if (error instanceof GuardError) {
        const { night } = error as GuardError<BuildResult>;
        await terminal.print(withoutToken(summarizeNight(night), terminal));
      }
      throw error;
    });
  await terminal.print(withoutToken(summarize(result, options.out, options.dryRun), terminal));
  writeSummary(options, { kind: options.dryRun ? 'dry-run' : 'published', night: result }, terminal);
  return result.crawl?.listing === 'partial' ? PARTIAL : DONE;
};

/**
 * Adds to the summary of the job, where there is one, also when the night was stopped. A summary that cannot
 * be written does not change how the night ended.
 */
function writeSummary({ summary }: BuildOptions, outcome: Outcome, terminal: Terminal): void {
  if (summary.path === undefined) return;
  const text = withoutToken(summarizeInMarkdown(outcome, summary.files), terminal);
  try {
    appendFileSync(summary.path, text);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    terminal.note(`The summary was not written: ${withoutToken(error.message, terminal)}\n`);
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof GuardError) {
    const { trips, command, night } = error as GuardError<BuildResult>;
    return { kind: 'guarded', trips, command, night };
  }
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}

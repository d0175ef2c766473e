/** The command line: arguments in, text and exit codes out. Nothing else touches the process or catches everything. */
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { type BuildResult, build } from './build.ts';
import { explainJson, explainText } from './explain.ts';
import { exportMatrix } from './export.ts';
import { GuardError } from './guards/index.ts';
import { DataError, UsageError } from './lib/errors.ts';
import { printable } from './lib/printable.ts';
import { lookUpBuilt, lookUpLive } from './look-up.ts';
import { type BuildOptions, buildOptions, queryOptions, USAGE } from './options.ts';
import { ProgressDisplay } from './progress.ts';
import { openMatrix } from './read/node.ts';
import { type Outcome, summarize, summarizeInMarkdown, summarizeNight } from './report/index.ts';

const DONE = 0;
const DATA_STOPPED = 1;
const WRONG_USAGE = 2;
const OUR_BUG = 3;

async function runBuild(args: readonly string[]): Promise<number> {
  const options = buildOptions(args, process.env);
  const display = new ProgressDisplay({
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    now: () => performance.now(),
  });
  const result = await build(options, () => new Date(), {
    note: (message) => display.note(withoutToken(message)),
    progress: (progress) => display.show(progress),
  })
    .finally(() => display.end())
    .catch(async (error: unknown) => {
      tellNight(options, failureOf(error));
      // What a correction changed is told also where a guard then stops it.
      if (error instanceof GuardError)
        await print(withoutToken(summarizeNight((error as GuardError<BuildResult>).night)));
      throw error;
    });
  await print(withoutToken(summarize(result, options.out, options.dryRun)));
  tellNight(options, { kind: options.dryRun ? 'dry-run' : 'published', night: result });
  return result.crawl?.listing === 'partial' ? DATA_STOPPED : DONE;
}

/** Adds to the summary of the job, where there is one: also of a night that was stopped, most of all then. */
function tellNight({ summary }: BuildOptions, outcome: Outcome): void {
  if (summary.path === undefined) return;
  appendFileSync(summary.path, withoutToken(summarizeInMarkdown(outcome, summary.files)));
}

function failureOf(error: unknown): Outcome {
  if (error instanceof GuardError) {
    const { trips, command, night } = error as GuardError<BuildResult>;
    return { kind: 'guarded', trips, command, night };
  }
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}

/** A hostile server can send the token back in what it answers. */
function withoutToken(message: string): string {
  const token = process.env.HF_TOKEN?.trim();
  return printable(token ? message.replaceAll(token, '[token]') : message);
}

async function runExplain(args: readonly string[]): Promise<number> {
  const options = queryOptions(args, process.env);
  const { repoId } = options;
  if (repoId === undefined)
    throw new UsageError('Name a repo id, such as TinyLlama/TinyLlama-1.1B-Chat-v1.0.');
  const look = options.live ? lookUpLive : lookUpBuilt;
  const { model, extras } = await look(repoId, options);
  await print(options.json ? explainJson(model, extras) : explainText(model, extras));
  return DONE;
}

async function runExport(args: readonly string[]): Promise<number> {
  const options = queryOptions(args, process.env);
  const matrix = await openMatrix(options.out);
  for await (const line of exportMatrix(matrix, options.format === 'csv' ? 'csv' : 'jsonl'))
    await print(line);
  return DONE;
}

/** Waits while the reader is slow, so that a long export is never held in memory. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}

/** Each answers its exit code. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  build: runBuild,
  explain: runExplain,
  export: runExport,
};

async function main([command = '', ...args]: readonly string[]): Promise<number> {
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  try {
    if (run === undefined) throw new UsageError(`There is no command ${JSON.stringify(command)}.`);
    return await run(args);
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return WRONG_USAGE;
  }
  if (error instanceof DataError || isSystemError(error)) {
    process.stderr.write(`Stopped: ${withoutToken(error.message)}\n`);
    return DATA_STOPPED;
  }
  process.stderr.write(
    `A bug of ours, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return OUR_BUG;
}

/** A full disk, a folder that may not be written: the machine's, not ours. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

// A reader that has seen enough (`export | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(DONE);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

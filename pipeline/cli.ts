/** The command line: arguments in, text and exit codes out. Nothing else touches the process or catches everything. */
import { once } from 'node:events';
import { runBuild } from './commands/build.ts';
import { USAGE } from './commands/options.ts';
import { runExplain, runExport } from './commands/query.ts';
import {
  type Command,
  DATA_STOPPED,
  DONE,
  isSystemError,
  OUR_BUG,
  type Terminal,
  WRONG_USAGE,
  withoutToken,
} from './commands/terminal.ts';
import { DataError, UsageError } from './lib/errors.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  build: runBuild,
  explain: runExplain,
  export: runExport,
};

const terminal: Terminal = {
  env: process.env,
  isInteractive: process.stderr.isTTY === true,
  print: async (text) => {
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
  },
  note: (text) => process.stderr.write(text),
};

async function main([command = '', ...args]: readonly string[]): Promise<number> {
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if ([command, ...args].some((arg) => arg === '--help' || arg === '-h')) {
    await terminal.print(USAGE);
    return DONE;
  }
  try {
    if (run === undefined) throw new UsageError(`There is no command ${JSON.stringify(command)}.`);
    return await run(args, terminal);
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): number {
  if (error instanceof UsageError) {
    terminal.note(`${error.message}\n\n${USAGE}\n`);
    return WRONG_USAGE;
  }
  if (error instanceof DataError || isSystemError(error)) {
    terminal.note(`Stopped: ${withoutToken(error.message, terminal)}\n`);
    return DATA_STOPPED;
  }
  const details = error instanceof Error ? error.stack : String(error);
  terminal.note(`A bug of ours, please report it:\n${details}\n`);
  return OUR_BUG;
}

// A reader that has seen enough (`export | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(DONE);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

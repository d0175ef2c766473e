/** Runs the command line: arguments in, text and exit codes out. Nothing else uses the process or catches every error. */
import { once } from 'node:events';
import { type CommandHelp, describeCommand, describeCommands } from './commands/help.ts';
import type { Home } from './commands/home.ts';
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

/** Command name -> the command, with its text for --help. */
export type Commands = Readonly<Record<string, CommandHelp & { readonly run: Command }>>;

const terminal: Terminal = {
  env: process.env,
  isInteractive: process.stderr.isTTY === true,
  print: async (text) => {
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
  },
  note: (text) => process.stderr.write(text),
};

/** Runs the command that the arguments of the process name, and sets its exit code. */
export async function startCli(commands: Commands, home: Home): Promise<void> {
  // A reader that has seen enough (`export | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(DONE);
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), commands, home);
}

async function main(
  [name = '', ...args]: readonly string[],
  commands: Commands,
  home: Home,
): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const help =
    command === undefined ? describeCommands(commands, home) : describeCommand(name, command, home);
  const asks = [name, ...args].some((arg) => arg === '--help' || arg === '-h');
  if (asks || name === 'help') {
    await terminal.print(help);
    return DONE;
  }
  try {
    if (command === undefined)
      throw new UsageError(
        name === '' ? 'Name a command; --help lists them.' : `There is no command ${JSON.stringify(name)}.`,
      );
    return await command.run(args, terminal);
  } catch (error) {
    return fail(error, help);
  }
}

function fail(error: unknown, help: string): number {
  if (error instanceof UsageError) {
    terminal.note(`${withoutToken(error.message, terminal)}\n\n${help}\n`);
    return WRONG_USAGE;
  }
  if (error instanceof DataError || isSystemError(error)) {
    terminal.note(`Stopped: ${withoutToken(error.message, terminal)}\n`);
    return DATA_STOPPED;
  }
  const details = error instanceof Error ? error.stack : String(error);
  terminal.note(`This is a bug in this program; please report it:\n${details}\n`);
  return OUR_BUG;
}

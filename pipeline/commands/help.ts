/** The texts of --help: of the command line, and of each command. */
import { describeFlags, type Flags } from './flags.ts';
import type { Home } from './home.ts';

export interface CommandHelp {
  /** The purpose of the command, in a sentence. */
  readonly what: string;
  /** The arguments, as they are written behind the name of the command. */
  readonly usage: string;
  readonly flags: Flags;
  /** Commands that work, without the way in which the program is called. */
  readonly examples: readonly string[];
}

const ENVIRONMENT = `Environment
  HF_TOKEN                               A token of the Hub, for its quota and for what it may read.
  HF_ENDPOINT                            Another Hub than https://huggingface.co.
  HTTP_PROXY, HTTPS_PROXY, NO_PROXY      The proxy through which the Hub is asked.
  GITHUB_STEP_SUMMARY                    A file that gets a summary of a build.
Exit codes: 0 done; 1 nothing was published, or the answer is not known; 2 wrong usage; 3 a bug in this program; 4 published, but partial.`;

export function describeCommand(
  name: string,
  { what, usage, flags, examples }: CommandHelp,
  home: Home,
): string {
  const call = home.call(name);
  const lines = examples.map((example) => `  ${call} ${example}`.trimEnd());
  return `${what}\n\nUsage\n  ${call} ${usage}\n\nOptions\n${describeFlags(flags)}\n\nExamples\n${lines.join('\n')}\n\n${ENVIRONMENT}`;
}

export function describeCommands(commands: Readonly<Record<string, CommandHelp>>, home: Home): string {
  const lines = Object.entries(commands).map(
    ([name, { what, usage }]) => `  ${home.call(name)} ${usage}\n      ${what}`,
  );
  return `Usage\n${lines.join('\n')}\n\nAdd --help to a command for its options.\n\n${ENVIRONMENT}`;
}

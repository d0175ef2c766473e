/** The flags of a command of the site. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { refuseKeptByNpm } from '../../pipeline/lib/npm-flags.ts';

/** Reads them; a mistake ends the command with a message and exit code 2. */
export function flagsOrStop<const T extends NonNullable<ParseArgsConfig['options']>>(options: T) {
  try {
    refuseKeptByNpm(process.env, Object.keys(options));
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

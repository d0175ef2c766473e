#!/usr/bin/env node
/** The command line of the package: the commands that need no clone. The models of the snapshot lie beside it. */
import { fileURLToPath } from 'node:url';
import type { Home } from './commands/home.ts';
import { queryCommands } from './commands/query-commands.ts';
import { UsageError } from './lib/errors.ts';
import { startCli } from './start-cli.ts';

const HOME: Home = {
  out: fileURLToPath(new URL('./snapshot/', import.meta.url)),
  outName: 'the snapshot in this package',
  call: (command) => `npx @rbee/marketplace-matrix ${command}`,
};

await startCli(
  {
    ...queryCommands(HOME),
    build: {
      run: () => {
        throw new UsageError('build needs a clone of the project: npm run build:matrix there.');
      },
      what: 'Is a command of a clone of the project alone: it needs the worker files and the crawler.',
      usage: '',
      flags: {},
      examples: [],
    },
  },
  HOME,
);

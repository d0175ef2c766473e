/** The command line of a clone. */
import { runBuild } from './commands/build.ts';
import { CLONE } from './commands/home.ts';
import { BUILD_FLAGS } from './commands/options.ts';
import { queryCommands } from './commands/query-commands.ts';
import { startCli } from './start-cli.ts';

await startCli(
  {
    build: {
      run: runBuild,
      what: 'Reads a listing of the Hub, judges every model, and publishes the answers.',
      usage: '[options]',
      flags: BUILD_FLAGS,
      examples: [
        '',
        '--source hub --limit 5000',
        '--workers vllm,llm-worker-rbee-cpu --gate vllm-cuda --out other',
      ],
    },
    ...queryCommands(CLONE),
  },
  CLONE,
);

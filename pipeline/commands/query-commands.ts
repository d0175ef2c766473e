/** `explain` and `export` with their texts for --help. */
import type { CommandHelp } from './help.ts';
import type { Home } from './home.ts';
import { explainFrom, exportFrom } from './query.ts';
import { EXPLAIN_FLAGS, EXPORT_FLAGS } from './query-options.ts';
import type { Command } from './terminal.ts';

export const queryCommands = (home: Home) =>
  ({
    explain: {
      run: explainFrom(home),
      what: `Says whether a model runs, where, and why not; or what a worker runs. Answers from ${home.outName} unless --out or --from is given.`,
      usage: 'MODEL|WORKER [options]',
      flags: EXPLAIN_FLAGS,
      examples: [
        'Qwen/Qwen3-8B',
        'https://huggingface.co/TinyLlama/TinyLlama-1.1B-Chat-v1.0 --worker vllm,llama.cpp-cuda',
        'Qwen/Qwen3-8B --live --json',
        'llm-worker-rbee-cuda',
      ],
    },
    export: {
      run: exportFrom(home),
      what: `Writes the matrix as a table. Answers from ${home.outName} unless --out or --from is given.`,
      usage: '[options]',
      flags: EXPORT_FLAGS,
      examples: ['--format csv > pairs.csv', '--wide --allowed --worker llm-worker-rbee,vllm --format csv'],
    },
  }) satisfies Readonly<Record<string, CommandHelp & { readonly run: Command }>>;

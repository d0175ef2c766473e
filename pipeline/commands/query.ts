/** `explain` and `export`: answers from an out/, or from the Hub. */

import { openMatrix } from '../api/open.ts';
import { UsageError } from '../lib/errors.ts';
import { explainJson, explainText } from './explain.ts';
import { exportMatrix } from './export.ts';
import { lookUpBuilt, lookUpLive } from './look-up.ts';
import { queryOptions } from './options.ts';
import { type Command, DONE } from './terminal.ts';

export const runExplain: Command = async (args, terminal) => {
  const options = queryOptions(args, terminal.env);
  const { repoId } = options;
  if (repoId === undefined)
    throw new UsageError('Name a repo id, such as TinyLlama/TinyLlama-1.1B-Chat-v1.0.');
  const look = options.live ? lookUpLive : lookUpBuilt;
  const { model, extras } = await look(repoId, options);
  await terminal.print(options.json ? explainJson(model, extras) : explainText(model, extras));
  return DONE;
};

export const runExport: Command = async (args, terminal) => {
  const options = queryOptions(args, terminal.env);
  const matrix = await openMatrix(options.out);
  for await (const line of exportMatrix(matrix, options.format === 'csv' ? 'csv' : 'jsonl'))
    await terminal.print(line);
  return DONE;
};

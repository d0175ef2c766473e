/** Runs `explain` and `export`: answers from an out/, or from the Hub. */
import { openMatrix } from '../api/open.ts';
import { workersOf } from '../data/named-workers.ts';
import type { PublishedWorker } from '../format/files.ts';
import { escapeControls, printable } from '../lib/printable.ts';
import type { Matrix } from '../read/index.ts';
import { explainJson, explainText } from './explain.ts';
import { workerLines } from './explain-worker.ts';
import { exportPairs, exportWide } from './export.ts';
import type { Home } from './home.ts';
import { lookUpBuilt, lookUpLive, onlyWorkers } from './look-up.ts';
import { type ExplainOptions, explainOptions, exportOptions } from './query-options.ts';
import { type Command, DONE, type Terminal } from './terminal.ts';

export const explainFrom =
  (home: Home): Command =>
  async (args, terminal) => {
    const options = explainOptions(args, terminal.env, home);
    const matrix = options.live ? undefined : await openMatrix(options.out);
    const workers = (await matrix?.workers()) ?? [];
    const askedWorkers = workers.filter((worker) => isCalled(worker, options.asked));
    if (matrix !== undefined && askedWorkers.length > 0)
      await explainWorkers(matrix, askedWorkers, options, terminal);
    else await explainModel(matrix, options, terminal);
    return DONE;
  };

export const exportFrom =
  (home: Home): Command =>
  async (args, terminal) => {
    const options = exportOptions(args, terminal.env, home);
    const matrix = await openMatrix(options.out);
    const all = await matrix.workers();
    const chosen = idsOf(options.workers, all);
    const workers = all.filter(({ id }) => chosen === undefined || chosen.has(id));
    const lines = options.wide ? exportWide(matrix, workers, options) : exportPairs(matrix, workers, options);
    for await (const line of lines) await terminal.print(line);
    return DONE;
  };

async function explainModel(
  matrix: Matrix | undefined,
  options: ExplainOptions,
  terminal: Terminal,
): Promise<void> {
  const found = matrix === undefined ? await lookUpLive(options) : await lookUpBuilt(matrix, options);
  const ids = idsOf(options.workers, found.extras.workers);
  const { model, extras } = ids === undefined ? found : onlyWorkers(found, ids);
  const telling = ids === undefined ? (options.all ? 'all' : 'short') : 'some';
  await terminal.print(options.json ? explainJson(model, extras) : explainText(model, extras, telling));
}

async function explainWorkers(
  matrix: Matrix,
  workers: readonly PublishedWorker[],
  { json, all }: ExplainOptions,
  terminal: Terminal,
): Promise<void> {
  if (json) {
    const answers = await Promise.all(
      workers.map(async (worker) => ({ ...worker, models: await matrix.worker(worker.id) })),
    );
    await terminal.print(
      escapeControls(JSON.stringify(answers.length === 1 ? answers[0] : answers, null, 2)),
    );
    return;
  }
  const texts = await Promise.all(workers.map((worker) => workerLines(matrix, worker, all)));
  await terminal.print(texts.map((lines) => lines.map(printable).join('\n')).join('\n\n\n'));
}

/**
 * Tells whether the text names the worker. Ids of models have a slash, but for the oldest; those of workers
 * have none.
 */
function isCalled({ id, program }: PublishedWorker, asked: string): boolean {
  const name = asked.trim().toLowerCase();
  return id.toLowerCase() === name || program.toLowerCase() === name;
}

/**
 * Returns the ids of the named workers; undefined where none were named.
 *
 * @throws UsageError naming the nearest name.
 */
function idsOf(
  names: readonly string[],
  workers: readonly Pick<PublishedWorker, 'id' | 'program' | 'backend'>[],
): ReadonlySet<string> | undefined {
  return names.length === 0 ? undefined : new Set(workersOf(names, workers).map(({ id }) => id));
}

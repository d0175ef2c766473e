/** Explains a worker: the models that it runs, by an out/. */
import type { PublishedWorker } from '../format/files.ts';
import { BACKEND_WORDS, inWords, listNames } from '../lib/sentences.ts';
import type { Matrix, WorkerModels } from '../read/index.ts';

const LEVELS = ['high', 'medium', 'low'] as const;
/** The most models that are named of each level, where not all are asked for. */
const MOST_SHOWN = 10;

/** Returns lines about a worker: what it is, how many models it runs with which confidence, and the most downloaded of them. */
export async function workerLines(matrix: Matrix, worker: PublishedWorker, all: boolean): Promise<string[]> {
  const models = await matrix.worker(worker.id);
  const counts = LEVELS.map((level) => `${models[level].length} with ${level} confidence`);
  const total = LEVELS.reduce((sum, level) => sum + models[level].length, 0);
  const formats = [...new Set(worker.accepts.map(({ format }) => inWords(format)))];
  const ranked = await Promise.all(LEVELS.map((level) => byDownloads(matrix, models, level)));
  return [
    `${worker.name} on ${BACKEND_WORDS[worker.backend]} runs ${total} of ${matrix.header.models} models: ${counts.join(', ')}.`,
    '',
    `  id       ${worker.id}, version ${worker.version}${worker.gate ? ", one of the marketplace's own" : ''}`,
    `  reads    ${listNames(formats, 'and')}`,
    ...(worker.facts === undefined
      ? []
      : [
          `  facts    of ${worker.facts.date}${worker.facts.from === undefined ? '' : `, from ${worker.facts.from}`}`,
        ]),
    ...LEVELS.flatMap((level, at) => levelLines(level, ranked[at] ?? [], all)),
  ];
}

function levelLines(level: string, ids: readonly string[], all: boolean): string[] {
  if (ids.length === 0) return [];
  const shown = all ? ids : ids.slice(0, MOST_SHOWN);
  const more = ids.length - shown.length;
  return [
    '',
    `${level}:`,
    ...shown.map((id) => `  ${id}`),
    ...(more > 0 ? [`  and ${more} more; --all names them`] : []),
  ];
}

async function byDownloads(
  matrix: Matrix,
  models: WorkerModels,
  level: keyof WorkerModels,
): Promise<string[]> {
  const downloads = await matrix.downloads(models[level]);
  return [...models[level]].sort((a, b) => (downloads.get(b) ?? -1) - (downloads.get(a) ?? -1));
}

/** Lists the models that workers run: for all workers at once, or for one. */
import type { Confidence } from '../evaluate/verdict.ts';
import { DataError, UsageError } from '../lib/errors.ts';
import { isObject, parseJson } from '../lib/json.ts';
import { asTexts, type OpenedOut } from './opened.ts';
import * as say from './sentences.ts';

/** Repo ids by confidence, sorted. */
export type WorkerModels = Record<'high' | 'medium' | 'low', string[]>;

/** Models on which every worker has the same verdict. */
export interface RunningRow {
  /** The confidence of each worker that runs them. */
  readonly confidences: ReadonlyMap<string, Confidence>;
  readonly ids: readonly string[];
}

export class WorkerLists {
  readonly #out: OpenedOut;

  constructor(out: OpenedOut) {
    this.#out = out;
  }

  async *running(): AsyncGenerator<RunningRow> {
    const { files, rows, table } = this.#out;
    const { workers } = await table();
    const text = await files.read('running.jsonl');
    for (let start = 0, end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const [key = '', ...ids] = asTexts(parseJson(text.slice(start, end)), 'running.jsonl');
      start = end + 1;
      const { verdicts } = await rows.row(key);
      const runs = workers.flatMap((worker, at): [string, Confidence][] => {
        const confidence = verdicts[at]?.confidence ?? 'none';
        return confidence === 'none' ? [] : [[worker, confidence]];
      });
      yield { confidences: new Map(runs), ids };
    }
  }

  /**
   * Returns the models that a worker runs.
   *
   * @throws UsageError when there is no such worker.
   */
  async worker(id: string): Promise<WorkerModels> {
    const { source, files, table } = this.#out;
    if (!(await table()).workers.includes(id)) throw new UsageError(say.noSuchWorker(source.name, id));
    const text = await files.readOptional(`workers/${id}.json`);
    if (text === undefined) return this.#gatherFor(id);
    const lists = parseJson(text);
    if (!isObject(lists)) throw new DataError(say.fileDamaged(source.name, `workers/${id}.json`));
    const list = (name: string) => asTexts(lists[name], `workers/${id}.json`);
    return { high: list('high'), medium: list('medium'), low: list('low') };
  }

  /** Returns the models of a worker without its own list, from the rows that it runs. */
  async #gatherFor(id: string): Promise<WorkerModels> {
    const lists: WorkerModels = { high: [], medium: [], low: [] };
    for await (const { confidences, ids } of this.running()) {
      const confidence = confidences.get(id) ?? 'none';
      if (confidence !== 'none') lists[confidence] = lists[confidence].concat(ids);
    }
    for (const list of Object.values(lists)) list.sort();
    return lists;
  }
}

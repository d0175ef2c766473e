/** The reasons why models have no page: per data shard, what the page "not found" says of each model that no gate worker runs. */
import type { MatrixModel } from '../../pipeline/format/decode.ts';
import { gateWorkers, hasPage, matrix } from './matrix.ts';

export interface Why {
  /** Each distinct answer once: sentences by name of the worker program. */
  readonly answers: readonly (readonly (readonly [program: string, sentence: string])[])[];
  /** Repo id -> the number of its answer, then models with the same weights that do run. */
  readonly models: Readonly<Record<string, readonly [answer: number, ...copies: string[]]>>;
}

/** Returns the reasons of a shard, also of one that holds no model: a host's answer for a file that is not there says nothing. */
export async function explainShard(shard: string): Promise<Why> {
  if (!(await matrix.shards()).includes(shard)) return { answers: [], models: {} };
  const answers = new Map<string, number>();
  const models: [string, readonly [number, ...string[]]][] = [];
  for await (const model of matrix.models(shard)) {
    if (hasPage(model.id)) continue;
    const key = JSON.stringify(answerFor(model));
    const number = answers.get(key) ?? answers.size;
    answers.set(key, number);
    models.push([model.id, [number, ...(await matrix.copiesOf(model)).slice(0, MOST_COPIES)]]);
  }
  return {
    answers: [...answers.keys()].map((key) => JSON.parse(key) as Why['answers'][number]),
    // Keys of strangers: fromEntries makes them its own, whatever they are called.
    models: Object.fromEntries(models),
  };
}

const MOST_COPIES = 5;

/** The deciding reason of each program. */
function answerFor({ verdicts }: MatrixModel): [string, string][] {
  const answers = new Map<string, string>();
  for (const { id, name } of gateWorkers) {
    const [reason] = verdicts.get(id)?.reasons ?? [];
    if (reason !== undefined && !answers.has(name)) answers.set(name, reason);
  }
  return [...answers];
}

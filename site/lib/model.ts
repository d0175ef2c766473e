/** One model with all that its page tells, and the same for machines. */

import type { Verdict } from '../../pipeline/evaluate/verdict.ts';
import type { MatrixModel } from '../../pipeline/format/decode.ts';
import { groupBy } from '../../pipeline/lib/group.ts';
import { type Advice, adviseMemory } from '../../pipeline/read/advice.ts';
import { readCopies } from '../../pipeline/read/best-file.ts';
import { type CopyFile, copyFiles } from '../../pipeline/read/copy-files.ts';
import { groupVerdicts, type VerdictGroup } from '../../pipeline/read/groups.ts';
import { nearestCopies } from '../../pipeline/read/nearest-copies.ts';
import { type Fitting, fitJson, stepsOf } from './fit.ts';
import { defectOf } from './marks.ts';
import { gateWorkers, matrix, workers } from './matrix.ts';

export interface ModelPageData {
  readonly model: MatrixModel;
  readonly copies: readonly string[];
  /** The files of the model, and those of its copies that the marketplace runs. */
  readonly files: readonly CopyFile[];
  /** Worker id -> a sentence about the copy that it runs, where it refuses the model. */
  readonly nearest: ReadonlyMap<string, string>;
  readonly groups: readonly VerdictGroup[];
  /** The choice that the page recommends; undefined where no gate worker runs it. */
  readonly best: BestRunner | undefined;
  /** The best files by device, of workers that run it or a copy. */
  readonly fit: readonly Fitting[];
}

/** The gate worker whose choice the page recommends. */
interface BestRunner {
  readonly worker: (typeof gateWorkers)[number];
  readonly verdict: Verdict;
  /** The advice for the recommended variant: what it takes. */
  readonly advice: Advice | undefined;
}

/** The devices in GB that have a column in the table of files. */
export const COLUMN_GB = [8, 12, 16, 24] as const;

const bitsPerWeight = matrix.bitsPerWeight();

/** A page and its JSON are mostly asked for one after the other. */
const recent = new Map<string, Promise<ModelPageData>>();
const MOST_RECENT = 32;

/**
 * Returns the data of a model's page. @throws Error when the matrix lacks it: the allowlist and the data shards are of
 * one build.
 */
export function readModel(id: string): Promise<ModelPageData> {
  const known = recent.get(id);
  if (known !== undefined) return known;
  const reading = gatherModel(id);
  recent.set(id, reading);
  const [oldest] = recent.keys();
  if (recent.size > MOST_RECENT && oldest !== undefined) recent.delete(oldest);
  return reading;
}

async function gatherModel(id: string): Promise<ModelPageData> {
  const model = await matrix.model(id);
  if (model === undefined) throw new Error(`${id} is on the allowlist and in no data shard.`);
  const groups = groupVerdicts(model.verdicts, workers);
  const copies = await matrix.copiesOf(model);
  const all = await readCopies(matrix, model);
  return {
    model,
    copies,
    files: copyFiles(all, { workers: gateWorkers, devices: COLUMN_GB }),
    nearest: await nearestCopies(matrix, model, workers),
    groups,
    best: await bestRunner(model, groups),
    fit: stepsOf(all, workers),
  };
}

/** The surest, then the first. */
async function bestRunner(
  model: MatrixModel,
  groups: readonly VerdictGroup[],
): Promise<BestRunner | undefined> {
  const order = ['high', 'medium', 'low'];
  const [best] = groups
    .filter(({ gate, verdict }) => gate && verdict.compatible)
    .sort((a, b) => order.indexOf(a.verdict.confidence) - order.indexOf(b.verdict.confidence));
  if (best === undefined) return undefined;
  const worker = gateWorkers.find(({ id }) => best.workers.includes(id));
  if (worker === undefined) return undefined;
  const advice = adviseMemory(model, [worker], await bitsPerWeight);
  return { worker, verdict: best.verdict, advice: advice.get(worker.id) };
}

/**
 * Returns what lies beside the page for machines: the facts with their sources, the verdicts of the marketplace's workers in full,
 * those of other engines by their codes, and the variant to take with its memory. `runs` is the number of a set of
 * variants in `sets`. What is empty is left out: a page and its JSON should take less than 25 kB of a disk.
 */
export function modelJson({ model, copies, groups, best, fit }: ModelPageData) {
  const sets: string[][] = [];
  const setOf = (variants: readonly string[]) => {
    const known = sets.findIndex((set) => set.join() === variants.join());
    return known >= 0 ? known : sets.push([...variants]) - 1;
  };
  const short = ({ status, confidence, reasonCodes, warnings, variants }: Verdict) => ({
    ...{ status, confidence, reasonCodes },
    ...shownDefect({ reasonCodes, warnings }),
    ...(variants.length === 0 ? {} : { runs: setOf(variants) }),
  });
  const verdicts = groups
    .filter(({ gate: own }) => own)
    .map(({ workers, verdict }) => {
      const { reasons, warnings, recommendations } = verdict;
      return { workers, ...short(verdict), ...filled({ reasons, warnings, recommendations }) };
    });
  const others = groups.filter(({ gate: own }) => !own);
  const engines = [...groupBy(others, ({ verdict }) => JSON.stringify(short(verdict)))].map(
    ([key, alike]) => ({
      ...(JSON.parse(key) as ReturnType<typeof short>),
      workers: alike.flatMap(({ workers }) => workers),
    }),
  );
  return {
    id: model.id,
    facts: model.facts,
    take: takeJson(best),
    fit: fitJson(fit),
    copies,
    sets,
    verdicts,
    engines,
  };
}

function shownDefect(verdict: Pick<Verdict, 'reasonCodes' | 'warnings'>): { readonly defect?: string } {
  const defect = defectOf(verdict);
  return defect === undefined ? {} : { defect };
}

const filled = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([, sentences]) => sentences.length > 0));

function takeJson(best: ModelPageData['best']) {
  if (best === undefined) return null;
  const { recommendedVariant: variant } = best.verdict;
  return { variant, memory: best.advice?.memory };
}

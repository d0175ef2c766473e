/** One model with all that its page tells, and the same for machines. */
import { type Advice, adviseMemory } from '../../pipeline/advice.ts';
import type { Verdict } from '../../pipeline/evaluate/verdict.ts';
import { groupBy } from '../../pipeline/lib/group.ts';
import type { MatrixModel } from '../../pipeline/read/decode.ts';
import { groupVerdicts, type VerdictGroup } from '../../pipeline/read/groups.ts';
import { gateWorkers, matrix, workers } from './matrix.ts';

export interface ModelPageData {
  readonly model: MatrixModel;
  readonly copies: readonly string[];
  /** Gate worker id -> what its recommended variant takes. */
  readonly advice: ReadonlyMap<string, Advice>;
  readonly groups: readonly VerdictGroup[];
}

const bitsPerWeight = matrix.bitsPerWeight();

/** A page and its JSON are mostly asked for one after the other. */
const recent = new Map<string, Promise<ModelPageData>>();
const MOST_RECENT = 32;

/** @throws Error when the matrix lacks it: the allowlist and the data shards are of one build. */
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
  const attention = await matrix.attentionOf(model);
  return {
    model,
    copies: await matrix.copiesOf(model),
    advice: adviseMemory(model, attention, gateWorkers, await bitsPerWeight),
    groups: groupVerdicts(model.verdicts, workers),
  };
}

/** The gate worker whose choice the page recommends: the surest, then the first. */
export function bestRunner({
  groups,
  advice,
}: ModelPageData): { verdict: Verdict; advice?: Advice } | undefined {
  const order = ['high', 'medium', 'low'];
  const running = groups.filter(({ gate: own, verdict }) => own && verdict.compatible);
  running.sort((a, b) => order.indexOf(a.verdict.confidence) - order.indexOf(b.verdict.confidence));
  const [best] = running;
  if (best === undefined) return undefined;
  const found = advice.get(best.workers[0] ?? '');
  return { verdict: best.verdict, ...(found === undefined ? {} : { advice: found }) };
}

/**
 * What stands beside the page for machines: the facts with their sources, the verdicts of the marketplace's workers in full,
 * those of other engines by their codes, and the variant to take with its memory. `runs` is the number of a set of
 * variants in `sets`. What is empty is left out: a page and its JSON should take less than 25 kB of a disk.
 */
export function modelJson(data: ModelPageData) {
  const { model, copies, groups } = data;
  const sets: string[][] = [];
  const setOf = (variants: readonly string[]) => {
    const known = sets.findIndex((set) => set.join() === variants.join());
    return known >= 0 ? known : sets.push([...variants]) - 1;
  };
  const short = ({ status, confidence, reasonCodes, variants }: Verdict) => ({
    ...{ status, confidence, reasonCodes },
    ...(variants.length === 0 ? {} : { runs: setOf(variants) }),
  });
  const verdicts = groups
    .filter(({ gate: own }) => own)
    .map(({ workers, verdict }) => {
      const { reasons, warnings, recommendations } = verdict;
      return { workers, ...short(verdict), ...told({ reasons, warnings, recommendations }) };
    });
  const others = groups.filter(({ gate: own }) => !own);
  const engines = [...groupBy(others, ({ verdict }) => JSON.stringify(short(verdict)))].map(
    ([key, alike]) => ({
      ...(JSON.parse(key) as ReturnType<typeof short>),
      workers: alike.flatMap(({ workers }) => workers),
    }),
  );
  return { id: model.id, facts: model.facts, take: takeJson(data), copies, sets, verdicts, engines };
}

const told = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([, sentences]) => sentences.length > 0));

function takeJson(data: ModelPageData) {
  const best = bestRunner(data);
  const memory = best?.advice?.memory;
  if (best === undefined) return null;
  const { recommendedVariant: variant } = best.verdict;
  if (memory === undefined || 'unknown' in memory) return { variant };
  return { variant, memory: { ...memory, cacheBytes: Object.fromEntries(memory.cacheBytes) } };
}

/**
 * Finds a model by what a person typed: in any case, as a link of the Hub, by its name alone, or with small
 * mistakes.
 */
import type { MatrixModel } from '../format/decode.ts';
import { DataError } from '../lib/errors.ts';
import { readAskedId } from '../lib/hub.ts';
import { countEdits } from '../lib/nearest.ts';
import { isRepoId } from '../lib/repo-id.ts';
import { listNames } from '../lib/sentences.ts';
import type { Matrix } from '../read/index.ts';
import type { AskedOut } from './query-options.ts';

/**
 * Returns the model that is meant. Another spelling of its id will do, or its name without the owner where one model alone
 * has it.
 *
 * @throws DataError with the nearest ids, where none is meant.
 */
export async function findModel(
  matrix: Matrix,
  asked: string,
  { outName, advice }: Pick<AskedOut, 'outName'> & { readonly advice: string },
): Promise<MatrixModel> {
  const id = readAskedId(asked);
  const exact = isRepoId(id) ? await matrix.model(id) : undefined;
  if (exact !== undefined) return exact;
  const known: string[] = [];
  for await (const one of knownIds(matrix)) known.push(one);
  const meant = spelledOtherwise(id, known);
  const found = meant === undefined ? undefined : await matrix.model(meant);
  if (found !== undefined) return found;
  const near = nearIds(id, known);
  const nearest = near.length === 0 ? '' : ` Near: ${listNames(near, 'and')}.`;
  throw new DataError(`${outName} has no model ${id}.${nearest} ${advice}`);
}

/**
 * The most data shards that are read for near ids. An out/ of the whole Hub has tens of thousands: there only
 * models that some worker runs are searched.
 */
const MOST_SHARDS_READ = 512;

async function* knownIds(matrix: Matrix): AsyncGenerator<string> {
  if ((await matrix.shards()).length <= MOST_SHARDS_READ) yield* matrix.ids();
  else for await (const { ids } of matrix.running()) yield* ids;
}

function spelledOtherwise(asked: string, known: readonly string[]): string | undefined {
  const wanted = asked.toLowerCase();
  const same = known.find((id) => id.toLowerCase() === wanted);
  if (same !== undefined || wanted.includes('/')) return same;
  const named = known.filter((id) => nameOf(id) === wanted);
  return named.length === 1 ? named[0] : undefined;
}

const MOST_NEAR = 5;
/** The most letters that may be wrong in an id. */
const MOST_EDITS = 3;
/** The fewest letters of a name that is searched for in others: a shorter one is part of too many. */
const LEAST_LETTERS = 4;

/** Returns the ids that may be meant: the same name of another owner, a name that holds it, or one with few other letters. */
function nearIds(asked: string, known: readonly string[]): string[] {
  const wanted = asked.toLowerCase();
  const name = nameOf(asked);
  const rank = (id: string): number => {
    const other = id.toLowerCase();
    if (nameOf(id) === name) return 0;
    const edits =
      Math.abs(other.length - wanted.length) <= MOST_EDITS
        ? countEdits(wanted, other, MOST_EDITS + 1)
        : MOST_EDITS + 1;
    if (edits <= MOST_EDITS) return edits;
    return name.length >= LEAST_LETTERS && other.includes(name) ? MOST_EDITS + 1 : Number.POSITIVE_INFINITY;
  };
  return known
    .map((id) => ({ id, rank: rank(id) }))
    .filter((one) => Number.isFinite(one.rank))
    .sort((a, b) => a.rank - b.rank || a.id.length - b.id.length)
    .slice(0, MOST_NEAR)
    .map(({ id }) => id);
}

function nameOf(id: string): string {
  return (id.split('/').at(-1) ?? '').toLowerCase();
}

/** Lists in Markdown which verdicts moved between two builds: `npm run compare -- BEFORE_OUT AFTER_OUT`. */
import { compareNames } from '../pipeline/lib/compare.ts';
import { UsageError } from '../pipeline/lib/errors.ts';
import type { Matrix } from '../pipeline/read/index.ts';
import { openMatrix } from '../pipeline/read/node.ts';
import { orClearExit } from './clear-exit.ts';
import { code, within } from './compare/markdown.ts';
import { groupRunning, type Moved, type Moves, movesOf } from './compare/moves.ts';

/** The most bytes of the output. A job summary takes 1 MiB of all steps; people read 60 kB at the most. */
const MOST_BYTES = 60_000;
/** The most models named per worker and kind of move. */
const MOST_NAMED = 25;

/**
 * Returns Markdown of at most 60 kB: a table of every worker, then the models that moved for each gate worker, with
 * reasons.
 *
 * @throws UsageError when a folder holds no out/; DataError naming the file that is missing or damaged.
 */
export async function compareOuts(beforeOut: string, afterOut: string): Promise<string> {
  const [before, after] = [await openMatrix(beforeOut), await openMatrix(afterOut)];
  const workers = new Map<string, boolean>();
  for (const matrix of [before, after])
    for (const { id, gate } of await matrix.workers()) workers.set(id, gate || workers.get(id) === true);
  const groups = await groupRunning(before, after);
  const rows: string[] = [];
  const named: string[] = [];
  for (const [id, gate] of [...workers].sort(([a], [b]) => compareNames(a, b))) {
    const moves = movesOf(id, groups);
    rows.push(rowOf(moves));
    if (gate) named.push(...(await nameMoves(moves, before, after)));
  }
  return within([...head(before, after), ...rows, ...named], MOST_BYTES);
}

function head(before: Matrix, after: Matrix): string[] {
  const [was, is] = [before.header, after.header];
  return [
    `## Verdicts moved, over ${code(is.source)}`,
    '',
    `${is.models} models (${was.models} before), ${is.allowed} on the allowlist (${was.allowed} before).`,
    '',
    '| worker | runs before | runs now | added | removed | confidence changed |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
  ];
}

function rowOf({ worker, before, after, added, removed, moved }: Moves): string {
  return `| ${code(worker)} | ${before} | ${after} | ${added.models} | ${removed.models} | ${moved.models} |`;
}

/** Lists the models that moved for a worker; nothing where none moved. */
async function nameMoves(moves: Moves, before: Matrix, after: Matrix): Promise<string[]> {
  const sections = [
    ...(await nameSome('added', moves.added, moves.worker, after)),
    ...(await nameSome('removed', moves.removed, moves.worker, after)),
    ...(await nameSome('confidence changed', moves.moved, moves.worker, after)),
  ];
  const gone = (await after.workers()).every(({ id }) => id !== moves.worker);
  const fresh = (await before.workers()).every(({ id }) => id !== moves.worker);
  const note = gone ? ' (is gone)' : fresh ? ' (is new)' : '';
  return sections.length === 0 ? [] : ['', `### ${code(moves.worker)}${note}`, ...sections];
}

async function nameSome(
  title: string,
  { models, first }: Moved,
  worker: string,
  after: Matrix,
): Promise<string[]> {
  if (models === 0) return [];
  const lines = ['', `${models} ${title}`, ''];
  for (const { id, from, to } of first(MOST_NAMED))
    lines.push(`- ${code(id)} ${from} → ${to}: ${await reasonOf(after, id, worker)}`);
  if (models > MOST_NAMED) lines.push(`- and ${models - MOST_NAMED} more`);
  return lines;
}

/** Returns the deciding reason from the later build. */
async function reasonOf(after: Matrix, id: string, worker: string): Promise<string> {
  const model = await after.model(id);
  if (model === undefined) return 'no longer listed';
  const reason = model.verdicts.get(worker)?.reasons[0];
  return reason === undefined ? 'no longer judged' : code(reason);
}

if (process.argv[1] === import.meta.filename) {
  await orClearExit(async () => {
    const [before, after, stray] = process.argv.slice(2);
    if (before === undefined || after === undefined || stray !== undefined)
      throw new UsageError('Usage: npm run compare -- BEFORE_OUT AFTER_OUT');
    process.stdout.write(await compareOuts(before, after));
  });
}

/** The day of the night that changes.json tells of: it stays as it is until something changes again. */
import type { Changes, History, Removed } from '../../pipeline/format/files.ts';

/** Returns the day as YYYY-MM-DD; undefined where neither what left nor the counts of the nights tell it. */
export function changeDay(changes: Changes, removed: Removed, history: History): string | undefined {
  const went = new Set(changes.removed.map(({ id }) => id));
  return removed.find(({ id }) => went.has(id))?.on ?? growthDay(changes, history);
}

/** The night since which as many are allowed as now, if it counts just as many more as came. */
function growthDay({ added, removed }: Changes, history: History): string | undefined {
  const now = history.at(-1)?.allowed;
  const at = history.findLastIndex(({ allowed }) => allowed !== now) + 1;
  const [before, night] = [history[at - 1], history[at]];
  if (before === undefined || night === undefined) return undefined;
  return night.allowed - before.allowed === added.length - removed.length ? night.date : undefined;
}

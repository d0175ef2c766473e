/** The nights of history.json and removed.json as a timeline: what each brought, the last first. */
import type { History, Removed } from '../../pipeline/format/files.ts';

export interface NightOfChanges {
  /** YYYY-MM-DD */
  readonly date: string;
  /** Models with a page after it; undefined where only removals of that day are known. */
  readonly allowed: number | undefined;
  /** Models with a page more than before, or fewer; undefined of the first night that is known. */
  readonly difference: number | undefined;
  /** Models that left that day and are not back. */
  readonly removed: Removed;
}

/** Returns a night for each day on which counts changed or a model left. */
export function timeline(history: History, removed: Removed): NightOfChanges[] {
  const counted = new Map(
    history.map(({ date, allowed }, at) => [date, { allowed, before: history[at - 1]?.allowed }]),
  );
  const days = [...new Set([...counted.keys(), ...removed.map(({ on }) => on)])].sort().reverse();
  return days.map((date) => {
    const night = counted.get(date);
    return {
      date,
      allowed: night?.allowed,
      difference: night?.before === undefined ? undefined : night.allowed - night.before,
      removed: removed.filter(({ on }) => on === date),
    };
  });
}

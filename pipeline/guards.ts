/** What stops a publish: a night whose input is much poorer than the last, by the limits of data/limits.json. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { DataError } from './lib/errors.ts';
import { DATA_DIR } from './lib/paths.ts';

const limitsFile = z.strictObject({
  fieldCoverage: z.strictObject({
    maxDropPoints: z.number().positive().max(100),
    maxDropShare: z.number().positive().max(1),
    why: z.string().min(1),
  }),
});
export type Limits = z.infer<typeof limitsFile>;

/** The guards by the names that `--accept-shrink` takes. */
export const GUARDS = ['field-coverage'] as const;
export type Guard = (typeof GUARDS)[number];

/** @throws DataError naming the field that is wrong. */
export function loadLimits(): Limits {
  const path = new URL('limits.json', DATA_DIR);
  const parsed = limitsFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new DataError(`data/limits.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Records, and how many of them have each field. */
export interface Coverage {
  readonly read: number;
  readonly fields: Readonly<Record<string, number>>;
}

/**
 * @throws DataError when fewer records than last time have a field, by more than the limit.
 */
export function guardCoverage(before: Coverage, now: Coverage, { fieldCoverage }: Limits): void {
  const { maxDropPoints, maxDropShare } = fieldCoverage;
  for (const [field, count] of Object.entries(before.fields)) {
    const [old, fresh] = [percent(count, before.read), percent(now.fields[field] ?? 0, now.read)];
    const drop = old - fresh;
    if (drop <= maxDropPoints && drop <= old * maxDropShare) continue;
    const limit = drop > maxDropPoints ? `${maxDropPoints} points` : `${maxDropShare * 100} % of itself`;
    throw new DataError(
      `Only ${fresh.toFixed(1)} % of the records have the field ${field}, ${old.toFixed(1)} % had it last time: a drop of more than ${limit} (data/limits.json). Nothing is published. If it is right, add --accept-shrink field-coverage.`,
    );
  }
}

function percent(count: number, all: number): number {
  return all === 0 ? 0 : (count / all) * 100;
}

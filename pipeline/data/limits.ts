/** What the guards are given: data/limits.json, the number of each and why it is that; data/controls.json, the repositories. */
import * as z from 'zod';
import { isRepoId } from '../lib/repo-id.ts';
import { loadDataFile } from './load.ts';

const why = z.string().min(1);
const share = z.number().positive().max(1);
const floor = z.number().int().nonnegative();

const limitsFile = z.strictObject({
  allowlistShrink: z.strictObject({ maxShare: share, floorModels: floor, why }),
  allowlistGrowth: z.strictObject({ maxShare: share, floorModels: floor, why }),
  architectureLost: z.strictObject({ floorModels: floor, why }),
  fieldCoverage: z.strictObject({ maxDropPoints: z.number().positive().max(100), maxDropShare: share, why }),
  shardSize: z.strictObject({ maxBytes: floor, maxLineBytes: floor, why }),
  totalGrowth: z.strictObject({ maxShare: share, floorBytes: floor, why }),
});
export type Limits = z.infer<typeof limitsFile>;

/** @throws DataError naming the field that is wrong. */
export function loadLimits(): Limits {
  return loadDataFile('limits.json', limitsFile);
}

const controlsFile = z.strictObject({
  controls: z.array(
    z.strictObject({
      repo: z.string().refine(isRepoId, 'is no repo id'),
      expect: z.enum(['in', 'out']),
      why: z.string().min(1),
    }),
  ),
});
export type Control = z.infer<typeof controlsFile>['controls'][number];

/** @throws DataError naming the field that is wrong. */
export function loadControls(): readonly Control[] {
  return loadDataFile('controls.json', controlsFile).controls;
}

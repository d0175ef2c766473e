/**
 * Loads the inputs of the guards: the number of each and its reason from data/limits.json, and the control
 * repositories from data/controls.json.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { DATA_DIR } from '../lib/paths.ts';
import { isRepoId } from '../lib/repo-id.ts';
import { loadDataFile, parseDataText } from './load.ts';

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

/** Loads data/limits.json. @throws DataError naming the field that is wrong. */
export function loadLimits(): Limits {
  return loadDataFile('limits.json', limitsFile);
}

const controlsFile = z.strictObject({
  controls: z.array(
    z.strictObject({
      repo: z.string().refine(isRepoId, 'is not a repo id; write owner/name'),
      expect: z.enum(['in', 'out']),
      why: z.string().min(1),
    }),
  ),
});
export interface Control extends Readonly<z.infer<typeof controlsFile>['controls'][number]> {
  /** File and line of the control, for messages. */
  readonly place: string;
}

/** Loads data/controls.json. @throws DataError naming the field that is wrong. */
export function loadControls(): readonly Control[] {
  const text = readFileSync(new URL('controls.json', DATA_DIR), 'utf8');
  const lines = text.split('\n');
  return parseDataText('data/controls.json', text, controlsFile).controls.map((control) => {
    const at = lines.findIndex((line) => line.includes(JSON.stringify(control.repo)));
    return { ...control, place: `data/controls.json:${at + 1}` };
  });
}

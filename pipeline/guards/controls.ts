/** Repositories that must be on the allowlist, or must not: data/controls.json. */
import * as z from 'zod';
import { isRepoId } from '../lib/record-limits.ts';
import { loadData } from './limits.ts';
import type { Finding, NightToJudge } from './night.ts';

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
  return loadData('controls.json', controlsFile).controls;
}

/** A listing that is only a part of the Hub may lack a control; the whole may not lack one that must be in. */
export function guardControls({ controls, lookUp, holdsAll }: NightToJudge): Finding | undefined {
  const details = controls.flatMap(({ repo, expect, why }) => {
    const found = lookUp(repo);
    if (found === undefined)
      return expect === 'in' && holdsAll ? [`${repo} must be in, and is not listed. ${why}`] : [];
    if (found.allowed === (expect === 'in')) return [];
    return [
      expect === 'in'
        ? `${repo} must be in, and is refused: ${found.reasonCodes.join(', ')}. ${why}`
        : `${repo} must be out, and is in. ${why}`,
    ];
  });
  if (details.length === 0) return undefined;
  return {
    problem: `${details.length} of ${controls.length} controls do not hold (data/controls.json); none may fail.`,
    details,
  };
}

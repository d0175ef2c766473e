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

/**
 * What must be out is out wherever it is listed. What must be in is asked only of the whole Hub or the snapshot: a mirror
 * or a part may lack a repository, or the fact that lets it in.
 */
export function guardControls({ controls, lookUp, holdsAll }: NightToJudge): Finding | undefined {
  const details = controls.flatMap(({ repo, expect, why }) => {
    const found = lookUp(repo);
    if (expect === 'out') return found?.allowed === true ? [`${repo} must be out, and is in. ${why}`] : [];
    if (!holdsAll || found?.allowed === true) return [];
    const fate = found === undefined ? 'is not listed' : `is refused: ${found.reasonCodes.join(', ')}`;
    return [`${repo} must be in, and ${fate}. ${why}`];
  });
  if (details.length === 0) return undefined;
  return {
    problem: `${details.length} of ${controls.length} controls do not hold (data/controls.json); none may fail.`,
    details,
  };
}

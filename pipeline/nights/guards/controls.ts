/** The guard of repositories that must be on the allowlist, and of those that must not. */
import type { Finding, GuardedNight } from './night.ts';
import * as say from './sentences.ts';

/**
 * Checks the controls. A repository that must be out is checked in every listing. One that must be in is checked only in
 * the whole Hub or the snapshot: a mirror or a part may lack it, or the fact that lets it in.
 */
export function guardControls({ controls, found: models, holdsAll }: GuardedNight): Finding | undefined {
  const details = controls.flatMap(({ repo, expect, why, place }) => {
    const found = models.get(repo);
    if (expect === 'out') return found?.allowed === true ? [say.mustBeOut(place, repo, why)] : [];
    if (!holdsAll || found?.allowed === true) return [];
    return [say.mustBeIn(place, repo, why, found?.reasonCodes)];
  });
  if (details.length === 0) return undefined;
  return {
    problem: say.controlsFail(details.length, controls.length),
    details,
  };
}

/** The guard of repositories that must be on the allowlist, and of those that must not. */
import type { Finding, GuardedNight } from './night.ts';

/**
 * Checks the controls. A repository that must be out is checked in every listing. One that must be in is checked only in
 * the whole Hub or the snapshot: a mirror or a part may lack it, or the fact that lets it in.
 */
export function guardControls({ controls, found: models, holdsAll }: GuardedNight): Finding | undefined {
  const details = controls.flatMap(({ repo, expect, why, place }) => {
    const found = models.get(repo);
    if (expect === 'out')
      return found?.allowed === true
        ? [`${place}: ${repo} must not be on the allowlist, but it is. ${why}`]
        : [];
    if (!holdsAll || found?.allowed === true) return [];
    const fate =
      found === undefined ? 'the Hub does not list it' : `it is refused: ${found.reasonCodes.join(', ')}`;
    return [`${place}: ${repo} must be on the allowlist, but ${fate}. ${why}`];
  });
  if (details.length === 0) return undefined;
  return {
    problem: `${details.length} of ${controls.length} controls in data/controls.json fail. If the data is right, change the control on the line that is named.`,
    details,
  };
}

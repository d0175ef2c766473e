/** Guards of the allowlist: how much may leave it, how much may come, and that no family vanishes. */
import type { Families } from '../write/schema.ts';
import { type Finding, type NightToJudge, percent } from './night.ts';

const MOST_SHOWN = 10;

/** Counts what left, not the difference: as many others that came would not make up for it. */
export function guardShrink({
  last,
  changes,
  limits,
  highlights,
  report,
}: NightToJudge): Finding | undefined {
  if (last === undefined) return undefined;
  const { maxShare, floorModels } = limits.allowlistShrink;
  const left = changes.removed.length;
  const emptied = last.allowed > 0 && report.allowed === 0;
  if (!emptied && (left < floorModels || left <= last.allowed * maxShare)) return undefined;
  return {
    problem: `${left} of ${last.allowed} models leave the allowlist (${percent(left, last.allowed).toFixed(1)} %); at most ${maxShare * 100} % may. ${report.allowed} would be left.`,
    details: highlights.removed
      .slice(0, MOST_SHOWN)
      .map(
        ({ id, downloads, reasonCodes, reasons }) =>
          `${id} (${downloads} downloads): ${reasonCodes[0]}: ${reasons[0]}`,
      ),
  };
}

export function guardGrowth({ last, changes, limits, highlights }: NightToJudge): Finding | undefined {
  if (last === undefined) return undefined;
  const { maxShare, floorModels } = limits.allowlistGrowth;
  const came = changes.added.length;
  if (came < floorModels || came <= last.allowed * maxShare) return undefined;
  return {
    problem: `${came} models come to an allowlist of ${last.allowed} (+${percent(came, last.allowed).toFixed(1)} %); at most ${maxShare * 100} % may.`,
    details: highlights.added
      .slice(0, MOST_SHOWN)
      .map(({ id, downloads, workers }) => `${id} (${downloads} downloads): ${workers.join(', ')}`),
  };
}

/** A family that a gate worker ran last night, and runs none of tonight. */
export function guardArchitectures({ last, families, limits, report }: NightToJudge): Finding | undefined {
  if (last === undefined) return undefined;
  const now = new Map(runsOf(families));
  const details = runsOf(last.families)
    .filter(([name, runs]) => runs >= limits.architectureLost.floorModels && now.get(name) === 0)
    .map(([name, runs]) => `${name}: ${runs} models last night, none now`);
  if (details.length === 0) return undefined;
  return {
    problem: `${details.length} families of which gate workers ran at least ${limits.architectureLost.floorModels} models fall to none; none may. ${report.allowed} models are on the allowlist.`,
    details,
  };
}

/** `family on worker` -> models that it runs; of the families that the file names. */
function runsOf({ workers, families }: Families): [string, number][] {
  return families.flatMap(({ family, runs }) =>
    workers.map((worker, at): [string, number] => [`${family} on ${worker}`, runs[at] ?? 0]),
  );
}

/**
 * Guards of the allowlist: limits on how much may leave it and how much may come, and a check that no family vanishes.
 */
import type { Families } from '../../format/files.ts';
import { type Finding, type NightToJudge, percent } from './night.ts';

const MOST_SHOWN = 10;

/**
 * Limits the number of models that leave. The difference in size is not used: new models would hide the loss of as many
 * others.
 */
export function guardShrink({
  last,
  gate,
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
    problem: `${left} of ${last.allowed} models would leave the allowlist (${percent(left, last.allowed).toFixed(1)} %), and the limit is ${maxShare * 100} %. ${report.allowed} would be left.`,
    details: [
      ...missingFrom(gate, last.gate).map((id) => `${id} is not a gate worker any more`),
      ...highlights.removed
        .slice(0, MOST_SHOWN)
        .map(
          ({ id, downloads, reasonCodes, reasons }) =>
            `${id} (${downloads} downloads): ${reasonCodes[0]}: ${reasons[0]}`,
        ),
    ],
  };
}

export function guardGrowth({ last, gate, changes, limits, highlights }: NightToJudge): Finding | undefined {
  if (last === undefined) return undefined;
  const { maxShare, floorModels } = limits.allowlistGrowth;
  const came = changes.added.length;
  if (came < floorModels || came <= last.allowed * maxShare) return undefined;
  return {
    problem: `${came} models would join an allowlist of ${last.allowed} (+${percent(came, last.allowed).toFixed(1)} %), and the limit is ${maxShare * 100} %.`,
    details: [
      ...missingFrom(new Set(last.gate), [...gate]).map((id) => `${id} was not a gate worker last night`),
      ...highlights.added
        .slice(0, MOST_SHOWN)
        .map(({ id, downloads, workers }) => `${id} (${downloads} downloads): ${workers.join(', ')}`),
    ],
  };
}

/**
 * Finds families of which a gate worker ran models last night and runs none tonight, or whose worker is no gate worker
 * any more.
 */
export function guardArchitectures({
  last,
  gate,
  families,
  limits,
  report,
}: NightToJudge): Finding | undefined {
  if (last === undefined) return undefined;
  const now = new Map(runsOf(families, gate));
  const lost = runsOf(last.families, new Set(last.gate)).filter(
    ([name, runs]) => runs >= limits.architectureLost.floorModels && (now.get(name) ?? 0) === 0,
  );
  if (lost.length === 0) return undefined;
  return {
    problem: `${lost.length} families with at least ${limits.architectureLost.floorModels} models that gate workers ran last night have none tonight, and the limit is 0 families. ${report.allowed} models are on the allowlist.`,
    details: lost.map(([name, runs]) => `${name}: ${runs} models last night, none now`),
  };
}

/** Returns `family on worker` -> models that it runs. The file names every family that the gate runs. */
function runsOf({ workers, families }: Families, gate: ReadonlySet<string>): [string, number][] {
  return families.flatMap(({ family, runs }) =>
    workers.flatMap((worker, at): [string, number][] =>
      gate.has(worker) ? [[`${family} on ${worker}`, runs[at] ?? 0]] : [],
    ),
  );
}

function missingFrom(gate: ReadonlySet<string>, ids: readonly string[]): string[] {
  return ids.filter((id) => !gate.has(id));
}

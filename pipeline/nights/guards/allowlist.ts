/**
 * Guards of the allowlist: limits on how much may leave it and how much may come, and a check that no family vanishes.
 */
import type { Families } from '../../format/files.ts';
import type { Finding, NightToJudge } from './night.ts';
import * as say from './sentences.ts';

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
    problem: say.leaving(left, last.allowed, report.allowed, maxShare),
    details: [
      ...missingFrom(gate, last.gate).map(say.noGateWorkerAnyMore),
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
    problem: say.joining(came, last.allowed, maxShare),
    details: [
      ...missingFrom(new Set(last.gate), [...gate]).map(say.newGateWorker),
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
    problem: say.familiesLost(lost.length, limits.architectureLost.floorModels, report.allowed),
    details: lost.map(([name, runs]) => say.familyLost(name, runs)),
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

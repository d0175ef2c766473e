/** Guards of tonight's input: the fields of the listing, and last night's out/. */
import type { Report } from '../../format/files.ts';
import { type Finding, type NightToJudge, percent } from './night.ts';
import * as say from './sentences.ts';

/** Finds fields that fewer records have than last night, by more than the limit. */
export function guardCoverage({ last, report, limits }: NightToJudge): Finding | undefined {
  if (last === undefined) return undefined;
  const { maxDropPoints, maxDropShare } = limits.fieldCoverage;
  const [before, now] = [last.report.records, report.records];
  const details = Object.entries(before.fields).flatMap(([field, count]) => {
    const waiting = field === 'configJson' ? moreDetailsLeft(last.report, report) : 0;
    const [old, fresh] = [percent(count, before.read), percent((now.fields[field] ?? 0) + waiting, now.read)];
    const drop = old - fresh;
    if (drop <= maxDropPoints && drop <= old * maxDropShare) return [];
    const limit = drop > maxDropPoints ? `${maxDropPoints} points` : `${maxDropShare * 100} % of itself`;
    return [say.fieldDropped(field, fresh, old, limit)];
  });
  return details.length === 0
    ? undefined
    : {
        problem: say.fieldsDropped(details.length),
        details,
      };
}

/**
 * Returns the number of repositories whose details are left for later nights, beyond those of last night. A crawl without
 * its cache lost no field.
 */
function moreDetailsLeft(before: Report, now: Report): number {
  return Math.max(0, (now.crawl?.detailsLeft ?? 0) - (before.crawl?.detailsLeft ?? 0));
}

/**
 * Finds files of last night's out/ that are damaged. A damaged out/ allows no comparison, and would switch all other
 * guards off.
 */
export function guardLastOut({ damaged }: NightToJudge): Finding | undefined {
  if (damaged.length === 0) return undefined;
  return {
    problem: say.outDamaged(damaged.length),
    details: damaged.map(say.fileDamaged),
  };
}
